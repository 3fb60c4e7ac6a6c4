#include "media/ladder_tracks.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "media/language.hpp"

namespace streamforge::media {
namespace {

constexpr std::uint32_t stereo = 2;
constexpr std::uint32_t surround_channels = 6;
constexpr std::uint64_t surround_bps = 384000;

/// A title that can stand in a menu and in a quoted attribute of a playlist.
bool is_presentable(const std::string& title) {
    constexpr std::size_t longest = 64;
    if (title.empty() || title.size() > longest) return false;
    return std::ranges::all_of(title, [](char each) {
        const auto byte = static_cast<unsigned char>(each);
        return byte >= 0x20 && byte < 0x7F && each != '"' && each != '<' && each != '>' && each != '&';
    });
}

std::string label_of(const StreamInfo& stream, const char* without_language) {
    if (is_presentable(stream.title)) return stream.title;
    std::string label = language_name(stream.language);
    if (label.empty()) label = without_language;
    if (stream.commentary) label += " (commentary)";
    if (stream.visual_impaired) label += " (audio description)";
    if (stream.kind == StreamInfo::Kind::subtitle) {
        if (stream.is_forced) label += " (forced)";
        if (stream.hearing_impaired) label += " (SDH)";
    }
    return label;
}

/// Gives each name once: "English", "English 2", …
class UniqueNames {
public:
    explicit UniqueNames(std::string separator) : separator_(std::move(separator)) {}

    std::string take(const std::string& name) {
        std::string candidate = name;
        for (int number = 2; taken_.contains(candidate); ++number) candidate = name + separator_ + std::to_string(number);
        taken_[candidate] = true;
        return candidate;
    }

private:
    std::string separator_;
    std::map<std::string, bool> taken_;
};

std::uint64_t ceiling_for(std::uint32_t sample_rate_hz) noexcept {
    constexpr std::uint32_t narrow_hz = 12000;
    constexpr std::uint32_t medium_hz = 24000;
    if (sample_rate_hz <= narrow_hz) return 64000;
    if (sample_rate_hz <= medium_hz) return 96000;
    return 512000;
}

/// The stream that plays when nobody chooses: flagged as default, no commentary, first.
const StreamInfo* default_audio(const std::vector<const StreamInfo*>& streams) {
    const auto rank = [](const StreamInfo& each) { return (each.commentary || each.visual_impaired ? 0 : 2) + (each.is_default ? 1 : 0); };
    const StreamInfo* best = nullptr;
    for (const auto* each : streams) {
        if (best == nullptr || rank(*each) > rank(*best)) best = each;
    }
    return best;
}

}  // namespace

std::uint32_t output_sample_rate(std::uint32_t source_hz) noexcept {
    constexpr std::uint32_t cd_hz = 44100;
    constexpr std::uint32_t film_hz = 48000;
    constexpr std::uint32_t cd_family_hz = 11025;
    return source_hz > 0 && source_hz % cd_family_hz == 0 ? cd_hz : film_hz;
}

std::uint64_t stereo_ceiling_bps(const std::vector<const StreamInfo*>& streams) noexcept {
    std::uint64_t ceiling = 0;
    for (const auto* each : streams) ceiling = std::max(ceiling, ceiling_for(each->audio->sample_rate_hz));
    return ceiling;
}

std::vector<std::uint64_t> stereo_bitrates(const std::vector<const StreamInfo*>& streams, const std::vector<std::uint64_t>& asked_bps) {
    const std::uint64_t ceiling = stereo_ceiling_bps(streams);
    std::vector<std::uint64_t> bitrates;
    for (const auto asked : asked_bps) bitrates.push_back(std::min(asked, ceiling));
    std::ranges::sort(bitrates, std::greater{});
    bitrates.erase(std::unique(bitrates.begin(), bitrates.end()), bitrates.end());
    return bitrates;
}

std::vector<AudioRendition> plan_audio_renditions(const std::vector<const StreamInfo*>& streams,
                                                  const std::vector<std::uint64_t>& bitrates_bps, bool surround) {
    std::vector<AudioRendition> renditions;
    UniqueNames ids("-");
    UniqueNames labels(" ");
    const StreamInfo* chosen = default_audio(streams);
    for (const auto* stream : streams) {
        AudioRendition rendition;
        rendition.source_stream = stream->index;
        rendition.sample_rate_hz = output_sample_rate(stream->audio->sample_rate_hz);
        rendition.language = stream->language;
        rendition.label = labels.take(label_of(*stream, "Audio"));
        rendition.is_default = stream == chosen;
        const auto add = [&](std::uint32_t channels, std::uint64_t bitrate_bps) {
            rendition.channels = channels;
            rendition.bitrate_bps = bitrate_bps;
            rendition.id = ids.take(stream->language + "-" + std::to_string(channels) + "ch-" + std::to_string(bitrate_bps / 1000) + "k");
            renditions.push_back(rendition);
        };
        for (const auto bitrate_bps : bitrates_bps) add(stereo, bitrate_bps);
        if (surround && stream->audio->channels >= surround_channels) add(surround_channels, surround_bps);
    }
    return renditions;
}

std::vector<TextRendition> plan_text_renditions(const MediaInfo& info, std::vector<std::string>& notes) {
    std::vector<TextRendition> renditions;
    UniqueNames ids("-");
    UniqueNames labels(" ");
    for (const auto& stream : info.streams) {
        if (stream.kind != StreamInfo::Kind::subtitle) continue;
        if (!stream.text_subtitle || !stream.decodable) {
            notes.push_back(
                "Subtitles in stream " + std::to_string(stream.index) + " (" + stream.codec +
                (stream.text_subtitle ? ") cannot be decoded and are left out." : ") are pictures, not text, and are left out."));
            continue;
        }
        TextRendition rendition;
        rendition.id = ids.take(stream.language);
        rendition.source_stream = stream.index;
        rendition.language = stream.language;
        rendition.label = labels.take(label_of(stream, "Subtitles"));
        rendition.is_forced = stream.is_forced;
        rendition.hearing_impaired = stream.hearing_impaired;
        renditions.push_back(std::move(rendition));
    }
    // Containers flag subtitles as default by habit; only forced ones are meant to show unasked.
    const auto forced = std::ranges::find_if(renditions, &TextRendition::is_forced);
    if (forced != renditions.end()) forced->is_default = true;
    return renditions;
}

}  // namespace streamforge::media
