#include "manifest/hls_names.hpp"

#include <cstddef>
#include <set>
#include <tuple>
#include <utility>

#include "manifest/clean_text.hpp"

namespace streamforge::manifest {
namespace {

std::string name_of(const std::string& label, const std::string& language, std::string_view fallback) {
    std::string name = clean_quoted_string(label);
    if (!name.empty()) return name;
    return language == "und" ? std::string(fallback) : language;
}

// RFC 8216 §4.3.4.1.1: names are unique in a group, and so is what autoselection can tell apart; one member is the default.
void settle_groups(std::vector<HlsMediaEntry>& entries) {
    std::set<std::pair<std::string, std::string>> names;
    std::set<std::tuple<std::string, std::string, std::string, bool>> selectable;
    std::set<std::string> with_default;
    for (auto& entry : entries) {
        const std::string base = entry.name;
        for (std::size_t number = 2; !names.emplace(entry.group, entry.name).second; ++number) {
            entry.name = base + " (" + std::to_string(number) + ")";
        }
        if (entry.is_default) entry.is_default = with_default.insert(entry.group).second;
        if (entry.is_default) entry.autoselect = true;
    }
    for (const bool defaults : {true, false}) {
        for (auto& entry : entries) {
            if (entry.is_default != defaults || !entry.autoselect) continue;
            const auto [place, is_new] =
                selectable.emplace(entry.group, entry.language, entry.characteristics, entry.forced);
            if (!is_new) entry.autoselect = false;
        }
    }
}

}  // namespace

std::vector<HlsMediaEntry> audio_entries(const std::vector<AudioRendition>& renditions) {
    std::vector<HlsMediaEntry> entries;
    std::set<std::string> flagged;
    for (const auto& rendition : renditions) {
        if (rendition.is_default) flagged.insert(rendition.group);
    }
    for (const auto& rendition : renditions) {
        HlsMediaEntry entry;
        entry.group = rendition.group;
        entry.language = clean_language(rendition.track.language);
        entry.name = name_of(rendition.label, entry.language, "Audio");
        if (rendition.purpose == AudioPurpose::described_video) entry.characteristics = "public.accessibility.describes-video";
        entry.is_default = rendition.is_default || flagged.insert(rendition.group).second;
        entry.autoselect = rendition.autoselect && rendition.purpose != AudioPurpose::commentary;
        entries.push_back(std::move(entry));
    }
    settle_groups(entries);
    return entries;
}

std::vector<HlsMediaEntry> text_entries(const std::vector<TextRendition>& renditions) {
    std::vector<HlsMediaEntry> entries;
    for (const auto& rendition : renditions) {
        HlsMediaEntry entry;
        entry.group = "text";
        entry.language = clean_language(rendition.track.language);
        entry.name = name_of(rendition.label, entry.language, "Subtitles");
        if (rendition.hearing_impaired) {
            entry.characteristics =
                "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";
        }
        entry.is_default = rendition.is_default;
        entry.autoselect = rendition.autoselect || rendition.is_forced;
        entry.forced = rendition.is_forced;
        entries.push_back(std::move(entry));
    }
    settle_groups(entries);
    return entries;
}

}  // namespace streamforge::manifest
