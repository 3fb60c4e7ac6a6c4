#include "packaging/fragment_reader.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/try.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::string_view traf_path = "moof/traf";
constexpr std::string_view tfhd_path = "moof/traf/tfhd";
constexpr std::string_view tfdt_path = "moof/traf/tfdt";
constexpr std::string_view trun_path = "moof/traf/trun";

namespace tfhd_flag {
constexpr std::uint32_t base_data_offset = 0x1, description = 0x2, default_duration = 0x8, default_size = 0x10, default_flags = 0x20,
                        default_base_is_moof = 0x020000;
}
namespace trun_flag {
constexpr std::uint32_t data_offset = 0x1, first_sample_flags = 0x4, duration = 0x100, size = 0x200, flags = 0x400, composition = 0x800;
}
constexpr std::uint32_t is_non_sync = 0x00010000;

/// One `traf` while its runs are read.
struct Traf {
    FragmentedTrack* track = nullptr;
    SampleDefaults defaults;
    std::uint64_t base = 0;     ///< What data offsets count from.
    std::uint64_t data_at = 0;  ///< Where the next run's data begin when it does not say.
};

class FragmentReader {
public:
    FragmentReader(WindowReader& reader, const Box& moof, std::vector<FragmentedTrack>& tracks, std::uint64_t& samples_left,
                   std::vector<std::string>& warnings)
        : reader_(&reader), moof_(moof), tracks_(&tracks), samples_left_(&samples_left), warnings_(&warnings), data_end_(moof.start) {}

    Result<void> run() {
        BoxWalker walker(*reader_, moof_.body, moof_.end, "moof");
        while (true) {
            SF_ASSIGN(const auto box, walker.next());
            if (!box) return {};
            if (box->type == fourcc("traf")) SF_TRY(read_traf(*box));
        }
    }

private:
    Result<void> read_traf(const Box& box) {
        Traf traf;
        SF_ASSIGN(const auto head, find_child(*reader_, box, fourcc("tfhd"), traf_path));
        if (!head) return malformed_box(traf_path, "there is no tfhd");
        SF_TRY(read_tfhd(*head, traf));
        if (traf.track == nullptr) return {};
        SF_ASSIGN(const auto time, find_child(*reader_, box, fourcc("tfdt"), traf_path));
        if (time) SF_TRY(read_tfdt(*time, *traf.track));
        BoxWalker walker(*reader_, box.body, box.end, traf_path);
        while (true) {
            SF_ASSIGN(const auto child, walker.next());
            if (!child) break;
            if (child->type == fourcc("trun")) SF_TRY(read_trun(*child, traf));
        }
        data_end_ = traf.data_at;
        return {};
    }

    Result<void> read_tfhd(const Box& box, Traf& traf) {
        SF_ASSIGN(const Bytes body, read_body(*reader_, box, tfhd_path, 8, 64));
        const std::uint32_t flags = read_u32(body) & 0xFFFFFFU;
        const std::uint32_t track_id = read_u32(ByteView(body).subspan(4));
        const auto found =
            std::find_if(tracks_->begin(), tracks_->end(), [&](const FragmentedTrack& track) { return track.track_id == track_id; });
        traf.track = found == tracks_->end() ? nullptr : &*found;
        if (traf.track != nullptr) traf.defaults = traf.track->defaults;
        ByteView rest = ByteView(body).subspan(8);
        const auto take = [&](std::size_t count) -> std::optional<ByteView> {
            if (rest.size() < count) return std::nullopt;
            const ByteView part = rest.first(count);
            rest = rest.subspan(count);
            return part;
        };
        const auto cut_off = [] { return malformed_box(tfhd_path, "the box is cut off"); };
        // Without a base the first traf counts from the moof, a later one from the end of the data before.
        traf.base = (flags & tfhd_flag::default_base_is_moof) != 0 ? moof_.start : data_end_;
        if ((flags & tfhd_flag::base_data_offset) != 0) {
            const auto field = take(8);
            if (!field) return cut_off();
            traf.base = read_u64(*field);
            if (traf.base > reader_->size_bytes()) return malformed_box(tfhd_path, "the data lie outside the file");
        }
        traf.data_at = traf.base;
        if ((flags & tfhd_flag::description) != 0 && !take(4)) return cut_off();
        for (const auto& [flag, value] :
             {std::pair{tfhd_flag::default_duration, &traf.defaults.duration},
              std::pair{tfhd_flag::default_size, &traf.defaults.size_bytes}, std::pair{tfhd_flag::default_flags, &traf.defaults.flags}}) {
            if ((flags & flag) == 0) continue;
            const auto field = take(4);
            if (!field) return cut_off();
            *value = read_u32(*field);
        }
        return {};
    }

    Result<void> read_tfdt(const Box& box, FragmentedTrack& track) {
        SF_ASSIGN(const Bytes body, read_body(*reader_, box, tfdt_path, 8, 64));
        std::uint64_t time = read_u32(ByteView(body).subspan(4));
        if (body[0] == 1) {
            if (body.size() < 12) return malformed_box(tfdt_path, "the box is cut off");
            time = read_u64(ByteView(body).subspan(4));
        }
        if (time > static_cast<std::uint64_t>(max_media_ticks)) return malformed_box(tfdt_path, "the decode time is out of range");
        const auto decode_time = static_cast<std::int64_t>(time);
        if (!track.started) {
            *track.builder = SampleIndex::Builder(decode_time);
        } else if (decode_time < track.builder->next_dts()) {
            if (warnings_->size() < max_warnings) {
                warnings_->push_back("track " + std::to_string(track.track_id) +
                                     ": a fragment begins before the one before it ends; decode times were made to follow");
            }
        } else {
            track.builder->stretch_to(decode_time);
        }
        return {};
    }

    Result<void> read_trun(const Box& box, Traf& traf) {
        constexpr std::size_t fixed_part = 8;
        if (box.body_bytes() < fixed_part) return malformed_box(trun_path, "the box is cut off");
        SF_ASSIGN(const ByteView head, reader_->view(box.body, fixed_part));
        const std::uint32_t flags = read_u32(head) & 0xFFFFFFU;
        const std::uint32_t count = read_u32(head.subspan(4));
        std::uint64_t at = box.body + fixed_part;
        const std::size_t optional_part =
            ((flags & trun_flag::data_offset) != 0 ? 4U : 0U) + ((flags & trun_flag::first_sample_flags) != 0 ? 4U : 0U);
        if (box.end - at < optional_part) return malformed_box(trun_path, "the box is cut off");
        std::optional<std::uint32_t> first_flags;
        if ((flags & trun_flag::data_offset) != 0) {
            SF_ASSIGN(const ByteView field, reader_->view(at, 4));
            const auto offset = static_cast<std::int32_t>(read_u32(field));
            const auto position = static_cast<std::int64_t>(traf.base) + offset;
            if (position < 0) return malformed_box(trun_path, "the data lie outside the file");
            traf.data_at = static_cast<std::uint64_t>(position);
            at += 4;
        }
        if ((flags & trun_flag::first_sample_flags) != 0) {
            SF_ASSIGN(const ByteView field, reader_->view(at, 4));
            first_flags = read_u32(field);
            at += 4;
        }
        SF_TRY(check_count(box, traf, flags, count, at));
        for (std::uint32_t i = 0; i < count; ++i) {
            SF_ASSIGN(const bool there, read_sample(traf, flags, i == 0 ? first_flags : std::nullopt, at));
            if (!there) break;
        }
        return {};
    }

    static std::size_t entry_bytes(std::uint32_t flags) {
        std::size_t size = 0;
        for (const auto flag : {trun_flag::duration, trun_flag::size, trun_flag::flags, trun_flag::composition}) {
            if ((flags & flag) != 0) size += 4;
        }
        return size;
    }

    /// A count must be covered by the bytes of the box, or, when entries are empty, by the bytes of the file.
    Result<void> check_count(const Box& box, const Traf& traf, std::uint32_t flags, std::uint32_t count, std::uint64_t at) {
        const std::size_t entry = entry_bytes(flags);
        if (entry > 0 && count > (box.end - at) / entry) {
            return malformed_box(trun_path, "the run promises more samples than it holds");
        }
        if ((flags & trun_flag::size) == 0 && count > 0) {
            if (traf.defaults.size_bytes == 0) return malformed_box(trun_path, "the run does not say how large its samples are");
            if (count > reader_->size_bytes() / traf.defaults.size_bytes) {
                return malformed_box(trun_path, "the samples promised are more than the file can hold");
            }
        }
        if (count > *samples_left_) {
            return make_error(Errc::limit_exceeded, "packaging.read_mp4", "the file has more samples than allowed");
        }
        *samples_left_ -= count;
        return {};
    }

    /// False when the file ends before the sample does.
    Result<bool> read_sample(Traf& traf, std::uint32_t flags, std::optional<std::uint32_t> own_flags, std::uint64_t& at) {
        SF_ASSIGN(ByteView entry, reader_->view(at, entry_bytes(flags)));
        at += entry.size();
        const auto field = [&](std::uint32_t flag, std::uint32_t otherwise) {
            if ((flags & flag) == 0) return otherwise;
            const std::uint32_t value = read_u32(entry);
            entry = entry.subspan(4);
            return value;
        };
        IndexedSample sample;
        sample.duration = field(trun_flag::duration, traf.defaults.duration);
        sample.size_bytes = field(trun_flag::size, traf.defaults.size_bytes);
        const std::uint32_t sample_flags = field(trun_flag::flags, own_flags.value_or(traf.defaults.flags));
        sample.cts = static_cast<std::int32_t>(field(trun_flag::composition, 0));
        sample.sync = (sample_flags & is_non_sync) == 0;
        sample.offset = traf.data_at;
        if (traf.data_at > reader_->size_bytes() || sample.size_bytes > reader_->size_bytes() - traf.data_at) {
            if (warnings_->size() < max_warnings) {
                warnings_->push_back("track " + std::to_string(traf.track->track_id) + ": the file ends within a fragment");
            }
            return false;
        }
        traf.data_at += sample.size_bytes;
        traf.track->builder->append(sample);
        traf.track->started = true;
        return true;
    }

    static constexpr std::size_t max_warnings = 20;
    WindowReader* reader_;
    Box moof_;
    std::vector<FragmentedTrack>* tracks_;
    std::uint64_t* samples_left_;
    std::vector<std::string>* warnings_;
    std::uint64_t data_end_;
};

}  // namespace

Result<void> read_fragment(WindowReader& reader, const Box& moof, std::vector<FragmentedTrack>& tracks, std::uint64_t& samples_left,
                           std::vector<std::string>& warnings) {
    return FragmentReader(reader, moof, tracks, samples_left, warnings).run();
}

}  // namespace streamforge::packaging
