#include "packaging/track_reader.hpp"

#include <algorithm>
#include <limits>

#include "core/try.hpp"
#include "packaging/language.hpp"
#include "packaging/sample_entry_reader.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::string_view trak_path = "moov/trak";
constexpr std::string_view mdia_path = "moov/trak/mdia";
constexpr std::size_t max_small_box = 4096;

Result<Box> required_child(WindowReader& reader, const Box& parent, std::string_view type, std::string_view path) {
    SF_ASSIGN(const auto box, find_child(reader, parent, fourcc(type), path));
    if (box) return *box;
    return malformed_box(path, "a required box is missing").with("type", std::string(type));
}

/// Clockwise turn of a matrix that turns by right angles; 0 for any other.
int turn_of(ByteView matrix) {
    const auto sign = [&](std::size_t index) {
        const auto value = static_cast<std::int32_t>(read_u32(matrix.subspan(4 * index)));
        return value > 0 ? 1 : value < 0 ? -1 : 0;
    };
    const int a = sign(0);
    const int b = sign(1);
    const int c = sign(3);
    const int d = sign(4);
    if (a == 0 && d == 0 && b == 1 && c == -1) return 90;
    if (b == 0 && c == 0 && a == -1 && d == -1) return 180;
    if (a == 0 && d == 0 && b == -1 && c == 1) return 270;
    return 0;
}

Result<void> read_tkhd(WindowReader& reader, const Box& trak, Mp4Track& track) {
    constexpr std::string_view path = "moov/trak/tkhd";
    SF_ASSIGN(const Box box, required_child(reader, trak, "tkhd", trak_path));
    SF_ASSIGN(const Bytes body, read_body(reader, box, path, 24, max_small_box));
    const ByteView view = body;
    const bool long_times = body[0] == 1;
    track.enabled = (body[3] & 1U) != 0;
    track.track_id = read_u32(view.subspan(long_times ? 20 : 12));
    const std::size_t matrix_at = long_times ? 52 : 40;
    constexpr std::size_t matrix_bytes = 36;
    if (body.size() >= matrix_at + matrix_bytes) track.clockwise_degrees = turn_of(view.subspan(matrix_at, matrix_bytes));
    if (track.track_id == 0) return malformed_box(path, "the track number is 0");
    return {};
}

Result<void> read_mdhd(WindowReader& reader, const Box& mdia, TrackFormat& format) {
    constexpr std::string_view path = "moov/trak/mdia/mdhd";
    SF_ASSIGN(const Box box, required_child(reader, mdia, "mdhd", mdia_path));
    SF_ASSIGN(const Bytes body, read_body(reader, box, path, 22, max_small_box));
    const bool long_times = body[0] == 1;
    if (long_times && body.size() < 34) return malformed_box(path, "the box is cut off");
    const ByteView view = body;
    format.timescale = read_u32(view.subspan(long_times ? 20 : 12));
    if (format.timescale == 0) return malformed_box(path, "the timescale is 0");
    format.language = unpack_language(read_u16(view.subspan(long_times ? 32 : 20)));
    SF_ASSIGN(const auto extended, find_child(reader, mdia, fourcc("elng"), mdia_path));
    if (!extended) return {};
    SF_ASSIGN(const Bytes tag, read_body(reader, *extended, "moov/trak/mdia/elng", 4, max_small_box));
    std::string text;
    for (const std::uint8_t letter : ByteView(tag).subspan(4)) {
        const bool allowed =
            (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '-';
        if (!allowed) break;
        text += static_cast<char>(letter);
    }
    constexpr std::size_t longest_tag = 35;
    if (text.size() >= 2 && text.size() <= longest_tag) format.language = text;
    return {};
}

/// The edit list as this library understands it: wait, then play from `media_start` on.
/// *Source*: ISO/IEC 14496-12 §8.6.6.
Result<void> read_edits(WindowReader& reader, const Box& trak, std::uint32_t movie_timescale, Mp4Track& track,
                        std::vector<std::string>& warnings) {
    constexpr std::string_view path = "moov/trak/edts/elst";
    SF_ASSIGN(const auto edts, find_child(reader, trak, fourcc("edts"), trak_path));
    if (!edts) return {};
    SF_ASSIGN(const auto elst, find_child(reader, *edts, fourcc("elst"), "moov/trak/edts"));
    if (!elst) return {};
    constexpr std::size_t head_bytes = 8;
    if (elst->body_bytes() < head_bytes) return malformed_box(path, "the box is cut off");
    SF_ASSIGN(const ByteView head, reader.view(elst->body, head_bytes));
    const bool long_times = head[0] == 1;
    const std::size_t entry_bytes = long_times ? 20 : 12;
    const std::uint64_t count = read_u32(head.subspan(4));
    if (count > (elst->body_bytes() - head_bytes) / entry_bytes) return malformed_box(path, "the list promises more than it holds");
    std::uint64_t waited = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        SF_ASSIGN(const ByteView entry, reader.view(elst->body + head_bytes + i * entry_bytes, entry_bytes));
        const std::uint64_t length = long_times ? read_u64(entry) : read_u32(entry);
        const std::int64_t media =
            long_times ? static_cast<std::int64_t>(read_u64(entry.subspan(8))) : static_cast<std::int32_t>(read_u32(entry.subspan(4)));
        constexpr auto max_time = static_cast<std::uint64_t>(max_media_ticks);
        if (length > max_time || media > max_media_ticks) return malformed_box(path, "a time is out of range");
        if (media < 0) {
            waited = std::min(waited + length, max_time);
            continue;
        }
        track.media_start = media;
        track.presentation_start = {static_cast<std::int64_t>(waited), movie_timescale};
        if (length > 0) track.duration = MediaTime{static_cast<std::int64_t>(length), movie_timescale};
        if (i + 1 < count) {
            warnings.push_back("track " + std::to_string(track.track_id) + ": only the first edit of the edit list is followed");
        }
        return {};
    }
    return {};
}

}  // namespace

TrackIdentity identify_track(WindowReader& reader, const Box& trak) {
    TrackIdentity identity;
    Mp4Track track;
    if (read_tkhd(reader, trak, track)) identity.track_id = track.track_id;
    const auto mdia = find_child(reader, trak, fourcc("mdia"), trak_path);
    if (!mdia || !*mdia) return identity;
    const auto hdlr = find_child(reader, **mdia, fourcc("hdlr"), mdia_path);
    if (!hdlr || !*hdlr || (*hdlr)->body_bytes() < 12) return identity;
    if (const auto view = reader.view((*hdlr)->body, 12)) identity.handler = fourcc_text(read_u32(view->subspan(8)));
    return identity;
}

Result<TrackHead> read_track_head(WindowReader& reader, const Box& trak, std::uint32_t movie_timescale, const Mp4Limits& limits,
                                  std::vector<std::string>& warnings) {
    TrackHead head;
    Mp4Track& track = head.track;
    SF_TRY(read_tkhd(reader, trak, track));
    SF_ASSIGN(const Box mdia, required_child(reader, trak, "mdia", trak_path));
    SF_ASSIGN(const Box hdlr, required_child(reader, mdia, "hdlr", mdia_path));
    SF_ASSIGN(const Bytes handler, read_body(reader, hdlr, "moov/trak/mdia/hdlr", 12, max_small_box * 16));
    const std::uint32_t type = read_u32(ByteView(handler).subspan(8));
    if (type != fourcc("vide") && type != fourcc("soun")) {
        return make_error(Errc::unsupported_codec, "packaging.read_mp4", "the track is neither video nor audio")
            .with("handler", fourcc_text(type));
    }
    SF_ASSIGN(const Box minf, required_child(reader, mdia, "minf", mdia_path));
    SF_ASSIGN(head.stbl, required_child(reader, minf, "stbl", "moov/trak/mdia/minf"));
    SF_ASSIGN(const Box stsd, required_child(reader, head.stbl, "stsd", "moov/trak/mdia/minf/stbl"));
    SF_ASSIGN(const Bytes entries, read_body(reader, stsd, "moov/trak/mdia/minf/stbl/stsd", 8, limits.max_config_bytes));
    SF_ASSIGN(SampleEntry entry, read_sample_entry(entries, type == fourcc("vide") ? TrackKind::video : TrackKind::audio));
    track.format = std::move(entry.format);
    track.nal_length_bytes = entry.nal_length_bytes;
    SF_TRY(read_mdhd(reader, mdia, track.format));
    SF_TRY(read_edits(reader, trak, movie_timescale, track, warnings));
    return head;
}

}  // namespace streamforge::packaging
