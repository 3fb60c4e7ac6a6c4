#include "media/mp4_facts.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace streamforge::media {
namespace {

constexpr std::uint32_t four_cc(const char (&name)[5]) noexcept {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(name[i]);
    return value;
}

/// Where a box's content lies.
struct Box {
    std::uint32_t type = 0;
    std::uint64_t begin = 0;  ///< First byte after the header.
    std::uint64_t end = 0;
};

class BoxReader {
public:
    explicit BoxReader(const ByteSource& source) : source_(source) {}

    /// The box that starts at `at` inside [at, limit); nothing when none fits, or when too many were looked at.
    std::optional<Box> box_at(std::uint64_t at, std::uint64_t limit) {
        if (--boxes_left_ < 0 || at >= limit || limit - at < 8) return std::nullopt;
        std::array<std::uint8_t, 16> header{};
        const auto size = std::min<std::uint64_t>(header.size(), limit - at);
        if (!read(at, std::span(header).first(static_cast<std::size_t>(size)))) return std::nullopt;
        std::uint64_t length = word(header, 0);
        std::uint64_t header_bytes = 8;
        if (length == 1) {
            if (size < 16) return std::nullopt;
            length = std::uint64_t{word(header, 8)} << 32 | word(header, 12);
            header_bytes = 16;
        } else if (length == 0) {
            length = limit - at;  // to the end of what holds it
        }
        if (length < header_bytes) return std::nullopt;
        return Box{word(header, 4), at + header_bytes, at + std::min(length, limit - at)};
    }

    /// Calls `visit(Box)` for each box in [begin, end).
    template <class Visit>
    void each(std::uint64_t begin, std::uint64_t end, Visit visit) {
        while (auto box = box_at(begin, end)) {
            visit(*box);
            begin = box->end;
        }
    }

    template <std::size_t count>
    std::optional<std::array<std::uint8_t, count>> bytes(std::uint64_t at, std::uint64_t limit) {
        std::array<std::uint8_t, count> data{};
        if (at > limit || limit - at < count || !read(at, data)) return std::nullopt;
        return data;
    }

    static std::uint32_t word(std::span<const std::uint8_t> data, std::size_t at) noexcept {
        return std::uint32_t{data[at]} << 24 | std::uint32_t{data[at + 1]} << 16 | std::uint32_t{data[at + 2]} << 8 | data[at + 3];
    }

private:
    bool read(std::uint64_t at, std::span<std::uint8_t> into) {
        const auto count = source_.read_at(at, into);
        return count && *count == into.size();
    }

    const ByteSource& source_;
    int boxes_left_ = 20000;
};

/// One entry that starts at media time 0 and plays at speed 1 shows everything as it is.
bool edit_list_matters(BoxReader& reader, const Box& elst) {
    const auto head = reader.bytes<8>(elst.begin, elst.end);
    if (!head) return false;
    const std::uint32_t entries = BoxReader::word(*head, 4);
    if (entries != 1) return entries > 1;
    if ((*head)[0] == 1) {
        const auto entry = reader.bytes<16>(elst.begin + 8, elst.end);
        return entry && (BoxReader::word(*entry, 8) != 0 || BoxReader::word(*entry, 12) != 0);
    }
    const auto entry = reader.bytes<8>(elst.begin + 8, elst.end);
    return entry && BoxReader::word(*entry, 4) != 0;
}

bool has_protected_entry(BoxReader& reader, const Box& stsd) {
    bool found = false;
    constexpr std::uint64_t version_flags_and_count = 8;
    if (stsd.end - stsd.begin < version_flags_and_count) return false;
    reader.each(stsd.begin + version_flags_and_count, stsd.end, [&](const Box& entry) {
        for (const auto type : {four_cc("encv"), four_cc("enca"), four_cc("enct"), four_cc("encs")}) {
            found = found || entry.type == type;
        }
    });
    return found;
}

/// Goes down a path of boxes; `visit` gets each box of the last type.
template <class Visit>
void descend(BoxReader& reader, const Box& parent, std::span<const std::uint32_t> path, Visit visit) {
    reader.each(parent.begin, parent.end, [&](const Box& child) {
        if (child.type != path.front()) return;
        if (path.size() == 1) {
            visit(child);
        } else {
            descend(reader, child, path.subspan(1), visit);
        }
    });
}

std::uint32_t track_id(BoxReader& reader, const Box& trak) {
    std::uint32_t id = 0;
    constexpr std::array path{four_cc("tkhd")};
    descend(reader, trak, path, [&](const Box& tkhd) {
        const auto version = reader.bytes<1>(tkhd.begin, tkhd.end);
        if (!version) return;
        const std::uint64_t offset = (*version)[0] == 1 ? 20 : 12;
        if (const auto field = reader.bytes<4>(tkhd.begin + offset, tkhd.end)) id = BoxReader::word(*field, 0);
    });
    return id;
}

void read_trak(BoxReader& reader, const Box& trak, Mp4Facts& facts) {
    ++facts.tracks;
    constexpr std::array edits{four_cc("edts"), four_cc("elst")};
    descend(reader, trak, edits, [&](const Box& elst) { facts.has_edit_list = facts.has_edit_list || edit_list_matters(reader, elst); });
    constexpr std::array entries{four_cc("mdia"), four_cc("minf"), four_cc("stbl"), four_cc("stsd")};
    descend(reader, trak, entries, [&](const Box& stsd) {
        if (has_protected_entry(reader, stsd)) facts.protected_tracks.push_back(track_id(reader, trak));
    });
}

}  // namespace

Mp4Facts read_mp4_facts(const ByteSource& source) {
    Mp4Facts facts;
    BoxReader reader(source);
    reader.each(0, source.size_bytes(), [&](const Box& top) {
        if (top.type != four_cc("moov") || facts.has_moov) return;
        facts.has_moov = true;
        reader.each(top.begin, top.end, [&](const Box& box) {
            if (box.type == four_cc("mvex")) facts.fragmented = true;
            if (box.type == four_cc("trak")) read_trak(reader, box, facts);
        });
    });
    return facts;
}

}  // namespace streamforge::media
