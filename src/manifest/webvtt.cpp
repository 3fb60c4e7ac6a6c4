#include <streamforge/manifest/webvtt.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/try.hpp"
#include "manifest/clean_text.hpp"
#include "manifest/uri.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t milliseconds = 1000;

std::string digits(std::int64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    if (text.size() < width) text.insert(0, width - text.size(), '0');
    return text;
}

std::string timestamp(std::int64_t ms) {
    const std::int64_t seconds = ms / milliseconds;
    return digits(seconds / 3600, 2) + ':' + digits(seconds / 60 % 60, 2) + ':' + digits(seconds % 60, 2) + '.' +
           digits(ms % milliseconds, 3);
}

// Lines without blank ones, control characters and arrows, all of which would break out of the cue.
std::string clean_cue_text(std::string_view text) {
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        std::uint32_t point = next_code_point(text, at);
        if (point == '\r') point = '\n';
        if (point == '\n' && (clean.empty() || clean.back() == '\n')) continue;
        if (point != '\n' && point != '\t' && (point < 0x20 || point == 0x7F)) continue;
        append_utf8(clean, point);
    }
    while (!clean.empty() && clean.back() == '\n') clean.pop_back();
    for (std::size_t arrow = clean.find("-->"); arrow != std::string::npos; arrow = clean.find("-->", arrow)) {
        clean.replace(arrow, 3, "--&gt;");
    }
    return clean;
}

// A cue as it will be written, so that it is cleaned once however many segments repeat it.
struct ReadyCue {
    MediaTime start;
    MediaTime end;
    std::string block;
};

std::vector<ReadyCue> prepare(std::span<const WebVttCue> cues) {
    std::vector<ReadyCue> ready;
    ready.reserve(cues.size());
    for (const auto& cue : cues) {
        const std::int64_t begin = std::max<std::int64_t>(0, cue.start.rescaled(milliseconds, Rounding::nearest).ticks);
        const std::int64_t end = cue.end.rescaled(milliseconds, Rounding::nearest).ticks;
        const std::string text = clean_cue_text(cue.text);
        if (end <= begin || text.empty()) continue;
        std::string block = timestamp(begin) + " --> " + timestamp(end);
        const std::string settings = clean_label(cue.settings);
        if (!settings.empty() && settings.find("-->") == std::string::npos) block += ' ' + settings;
        block += '\n' + text + '\n';
        ready.push_back({cue.start, cue.end, std::move(block)});
    }
    std::stable_sort(ready.begin(), ready.end(), [](const ReadyCue& a, const ReadyCue& b) { return a.start < b.start; });
    return ready;
}

}  // namespace

std::string escape_cue_text(std::string_view plain) {
    std::string escaped;
    for (const char c : plain) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

std::string write_webvtt(std::span<const WebVttCue> cues) {
    std::string text = "WEBVTT\n";
    for (const auto& cue : prepare(cues)) text += '\n' + cue.block;
    return text;
}

Result<std::vector<std::string>> segment_webvtt(std::span<const WebVttCue> cues, std::span<const MediaTime> boundaries) {
    const bool grows = std::adjacent_find(boundaries.begin(), boundaries.end(),
                                          [](const MediaTime& a, const MediaTime& b) { return a >= b; }) == boundaries.end();
    if (boundaries.size() < 2 || !grows) {
        return make_error(Errc::invalid_argument, "manifest.webvtt", "boundaries must be at least two and grow");
    }
    std::vector<std::string> segments(boundaries.size() - 1, "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
    for (const auto& cue : prepare(cues)) {
        const auto after = std::upper_bound(boundaries.begin(), boundaries.end(), cue.start);
        auto index = static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, after - boundaries.begin()) - 1);
        for (; index < segments.size() && boundaries[index] < cue.end; ++index) segments[index] += '\n' + cue.block;
    }
    return segments;
}

Result<std::string> write_thumbnails_webvtt(const Thumbnails& thumbnails, const MediaTime& duration) {
    std::string text = "WEBVTT\n";
    std::int64_t tile = 0;
    for (std::size_t sheet = 0; sheet < thumbnails.sheets.size(); ++sheet) {
        SF_ASSIGN(const std::string path, sheet_path(thumbnails, sheet));
        const std::string uri = percent_encode_path(relative_path(thumbnails.webvtt, path));
        for (std::uint32_t i = 0; i < thumbnails.sheets[sheet].tiles; ++i, ++tile) {
            const MediaTime start = thumbnails.interval * tile;
            const MediaTime end = std::min(thumbnails.interval * (tile + 1), duration);
            if (start >= end) return text;
            const std::uint32_t x = i % thumbnails.columns * thumbnails.tile_width_px;
            const std::uint32_t y = i / thumbnails.columns * thumbnails.tile_height_px;
            text += '\n' + timestamp(start.rescaled(milliseconds, Rounding::nearest).ticks) + " --> " +
                    timestamp(end.rescaled(milliseconds, Rounding::nearest).ticks) + '\n';
            text += uri + "#xywh=" + std::to_string(x) + ',' + std::to_string(y) + ',' + std::to_string(thumbnails.tile_width_px) + ',' +
                    std::to_string(thumbnails.tile_height_px) + '\n';
        }
    }
    return text;
}

}  // namespace streamforge::manifest
