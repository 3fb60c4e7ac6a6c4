#include "manifest/hls_names.hpp"

#include <algorithm>
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

// Gives the second bearer of a name its distinction ("English (SDH)"), and what is still alike a number.
class UniqueNames {
public:
    std::string take(std::string base, std::string_view distinction = {}) {
        if (taken_.count(base) != 0) base += distinction;
        std::string name = base;
        for (std::size_t number = 2; !taken_.insert(name).second; ++number) {
            name = base;
            name += " (" + std::to_string(number) + ')';
        }
        return name;
    }

private:
    std::set<std::string> taken_;
};

// A player selects by these alone, so of several alike only one may be selected.
class Selectable {
public:
    bool take(const HlsMediaEntry& entry) { return taken_.emplace(entry.language, entry.characteristics, entry.forced).second; }

private:
    std::set<std::tuple<std::string, std::string, bool>> taken_;
};

void settle_autoselect(std::vector<HlsMediaEntry>& members) {
    Selectable selectable;
    for (const bool defaults : {true, false}) {
        for (auto& member : members) {
            if (member.is_default == defaults) member.autoselect = member.autoselect && selectable.take(member);
        }
    }
}

// A member of the programme's audio, in whichever groups it exists.
struct Member {
    HlsMediaEntry entry;
    std::vector<std::pair<std::string, std::size_t>> renditions;  // group and index

    [[nodiscard]] std::size_t rendition_for(const std::string& group) const {
        for (const auto& [name, index] : renditions) {
            if (name == group) return index;
        }
        return renditions.front().second;
    }
};

HlsMediaEntry audio_entry(const AudioRendition& rendition) {
    HlsMediaEntry entry;
    entry.language = clean_language(rendition.track.language);
    entry.name = name_of(rendition.label, entry.language, "Audio");
    if (rendition.purpose == AudioPurpose::described_video) entry.characteristics = "public.accessibility.describes-video";
    entry.autoselect = rendition.autoselect && rendition.purpose != AudioPurpose::commentary;
    return entry;
}

// The member that this rendition is in another group: the same language and purpose, by preference of the same name.
Member* counterpart(std::vector<Member>& members, const HlsMediaEntry& entry, const AudioRendition& rendition,
                    const std::vector<AudioRendition>& renditions) {
    Member* found = nullptr;
    for (auto& member : members) {
        const bool in_group = std::any_of(member.renditions.begin(), member.renditions.end(),
                                          [&](const auto& place) { return place.first == rendition.group; });
        const AudioRendition& known = renditions[member.renditions.front().second];
        if (in_group || member.entry.language != entry.language || known.purpose != rendition.purpose) continue;
        if (member.entry.name == entry.name) return &member;
        if (found == nullptr) found = &member;
    }
    return found;
}

std::vector<Member> audio_members(const std::vector<AudioRendition>& renditions) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < renditions.size(); ++i) {
        HlsMediaEntry entry = audio_entry(renditions[i]);
        Member* member = counterpart(members, entry, renditions[i], renditions);
        if (member == nullptr) {
            members.push_back({std::move(entry), {}});
            member = &members.back();
        }
        member->renditions.emplace_back(renditions[i].group, i);
    }
    return members;
}

std::string_view text_distinction(const TextRendition& rendition) noexcept {
    if (rendition.is_forced) return " (forced)";
    return rendition.hearing_impaired ? " (SDH)" : "";
}

// The first flagged rendition's member, or the first of all.
std::size_t default_member(const std::vector<Member>& members, const std::vector<AudioRendition>& renditions) {
    for (std::size_t i = 0; i < renditions.size(); ++i) {
        if (!renditions[i].is_default) continue;
        for (std::size_t m = 0; m < members.size(); ++m) {
            const auto& in = members[m].renditions;
            if (std::any_of(in.begin(), in.end(), [&](const auto& place) { return place.second == i; })) return m;
        }
    }
    return 0;
}

}  // namespace

std::vector<HlsMediaEntry> audio_entries(const Presentation& presentation) {
    std::vector<Member> members = audio_members(presentation.audio);
    if (members.empty()) return {};
    HlsMediaEntry& first = members[default_member(members, presentation.audio)].entry;
    first.is_default = true;
    first.autoselect = true;
    UniqueNames names;
    std::vector<HlsMediaEntry> settled;
    for (auto& member : members) {
        member.entry.name = names.take(member.entry.name);
        settled.push_back(member.entry);
    }
    settle_autoselect(settled);
    std::vector<HlsMediaEntry> entries;
    for (const auto& group : presentation.audio_groups()) {
        for (std::size_t m = 0; m < members.size(); ++m) {
            HlsMediaEntry entry = settled[m];
            entry.group = group;
            entry.rendition = members[m].rendition_for(group);
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

std::vector<HlsMediaEntry> text_entries(const Presentation& presentation) {
    std::vector<HlsMediaEntry> entries;
    UniqueNames names;
    bool has_default = false;
    for (std::size_t i = 0; i < presentation.text.size(); ++i) {
        const TextRendition& rendition = presentation.text[i];
        HlsMediaEntry entry;
        entry.rendition = i;
        entry.group = "text";
        entry.language = clean_language(rendition.track.language);
        entry.name = names.take(name_of(rendition.label, entry.language, "Subtitles"), text_distinction(rendition));
        if (rendition.hearing_impaired) {
            entry.characteristics = "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";
        }
        entry.is_default = rendition.is_default && !std::exchange(has_default, has_default || rendition.is_default);
        entry.autoselect = rendition.autoselect || rendition.is_forced || entry.is_default;
        entry.forced = rendition.is_forced;
        entries.push_back(std::move(entry));
    }
    settle_autoselect(entries);
    return entries;
}

}  // namespace streamforge::manifest
