#include <streamforge/packaging/mp4_reader.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/try.hpp"
#include "packaging/box_reader.hpp"
#include "packaging/fragment_reader.hpp"
#include "packaging/sample_tables.hpp"
#include "packaging/track_reader.hpp"

namespace streamforge::packaging {
namespace {

/// A track on its way to the result.
struct Pending {
    Mp4Track track;
    SampleIndex::Builder builder;
};

/// Errors that end the reading, whichever track they come from.
bool is_fatal(const Error& error) { return error.code == Errc::io || error.code == Errc::limit_exceeded; }

Result<SampleTables> find_tables(WindowReader& reader, const Box& stbl) {
    SampleTables tables;
    const std::array<std::pair<std::uint32_t, std::optional<Box>*>, 8> slots{{
        {fourcc("stts"), &tables.times},
        {fourcc("ctts"), &tables.compositions},
        {fourcc("stss"), &tables.sync},
        {fourcc("stsc"), &tables.chunks},
        {fourcc("stsz"), &tables.sizes},
        {fourcc("stz2"), &tables.compact_sizes},
        {fourcc("stco"), &tables.offsets_32},
        {fourcc("co64"), &tables.offsets_64},
    }};
    BoxWalker walker(reader, stbl.body, stbl.end, "moov/trak/mdia/minf/stbl");
    while (true) {
        SF_ASSIGN(const auto box, walker.next());
        if (!box) return tables;
        for (const auto& [type, slot] : slots) {
            if (box->type == type && !*slot) *slot = box;
        }
    }
}

/// The duration that most of the first samples have; 0 when none prevails. *Source*: Boyer and Moore's majority vote.
std::int64_t usual_duration(const SampleIndex& index) {
    constexpr std::uint64_t looked_at = 4096;
    std::int64_t candidate = 0;
    std::int64_t votes = 0;
    for (auto cursor = index.cursor(); !cursor.at_end() && cursor.number() < looked_at;) {
        const std::int64_t duration = cursor.next().duration;
        if (votes == 0) candidate = duration;
        votes += duration == candidate ? 1 : -1;
    }
    return votes > 0 ? candidate : 0;
}

/// The nominal rate: the inverse of the usual duration where the whole track keeps to it within a hundredth, else the
/// average.
Rational frame_rate(const SampleIndex& index, std::int64_t timescale) {
    const std::int64_t span = index.end_dts() - index.first_dts();
    if (span <= 0) return {0, 1};
    const std::int64_t usual = usual_duration(index);
    const std::int64_t nominal_span = mul_div(usual, static_cast<std::int64_t>(index.size()), 1, Rounding::nearest);
    const std::int64_t off = nominal_span > span ? nominal_span - span : span - nominal_span;
    if (usual > 0 && off <= span / 100) return Rational{timescale, usual}.reduced();
    return Rational{mul_div(static_cast<std::int64_t>(index.size()), timescale, 1, Rounding::nearest), span}.reduced();
}

/// Fills in what only the samples tell.
void complete(Mp4Track& track) {
    const SampleIndex& index = *track.index;
    TrackFormat& format = track.format;
    if (format.kind == TrackKind::video) format.video.frame_rate = frame_rate(index, format.timescale);
    if (format.kind == TrackKind::audio && track.media_start > 0) {
        constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
        format.audio.priming_samples = static_cast<std::uint32_t>(
            std::min(mul_div(track.media_start, format.audio.sample_rate_hz, format.timescale, Rounding::nearest), most));
    }
}

class Mp4Reader {
public:
    Mp4Reader(const ByteSource& source, const Mp4Limits& limits)
        : source_(&source), limits_(limits), reader_(source), samples_left_(limits.max_samples) {}

    Result<Mp4File> run() {
        SF_TRY(read_top_level());
        if (!moov_) return malformed_box("", "the file has no moov box");
        for (Pending& pending : pending_) {
            pending.track.index = std::move(pending.builder).build();
            if (pending.track.index->empty()) {
                skip({pending.track.track_id, pending.track.format.kind == TrackKind::video ? "vide" : "soun"},
                     malformed_box("moov/trak", "the track has no samples"));
                continue;
            }
            if (pending.track.index->total_bytes() > source_->size_bytes()) {
                return malformed_box("moof", "the samples together are larger than the file");
            }
            if (pending.track.index->end_dts() > max_media_ticks) return malformed_box("moov/trak", "the track is too long");
            complete(pending.track);
            file_.tracks.push_back(std::move(pending.track));
        }
        if (file_.tracks.empty()) return no_track();
        return std::move(file_);
    }

private:
    void skip(TrackIdentity identity, Error reason) {
        file_.skipped.push_back({identity.track_id, std::move(identity.handler), std::move(reason)});
    }

    /// Why nothing is left: the reason of a protected track, else of the first video or audio track.
    [[nodiscard]] Error no_track() const {
        const Mp4SkippedTrack* best = nullptr;
        for (const Mp4SkippedTrack& skipped : file_.skipped) {
            const bool media = skipped.handler == "vide" || skipped.handler == "soun";
            if (skipped.reason.code == Errc::encrypted) return skipped.reason;
            if (media && best == nullptr) best = &skipped;
        }
        if (best != nullptr) return best->reason;
        return make_error(Errc::no_streams, "packaging.read_mp4", "the file holds no video or audio track");
    }

    Result<void> read_top_level() {
        constexpr std::uint64_t max_other_boxes = 1'000'000;
        std::uint64_t other_boxes = 0;
        std::uint64_t fragments = 0;
        BoxWalker walker(reader_, 0, reader_.size_bytes(), "", true);
        while (true) {
            auto next = walker.next();
            if (!next) {
                // What follows a readable movie cannot take it away.
                if (!moov_ || is_fatal(next.error())) return std::move(next).error();
                file_.warnings.push_back("the file ends in damaged boxes: " + next.error().message);
                return {};
            }
            if (!*next) break;
            const Box& box = **next;
            if (box.type == fourcc("moov") && !moov_) {
                if (walker.cut_short()) return malformed_box("moov", "the file ends within moov");
                SF_TRY(read_moov(box));
            } else if (box.type == fourcc("moof")) {
                if (++fragments > limits_.max_fragments) return too_many("fragments");
                SF_TRY(read_moof(box, walker.cut_short()));
            } else {
                if (++other_boxes > max_other_boxes + 4 * fragments) return too_many("boxes");
                if (box.type == fourcc("ftyp")) SF_TRY(read_ftyp(box));
            }
        }
        if (walker.cut_short()) file_.warnings.emplace_back("the file ends early: its last box is not whole");
        return {};
    }

    static Error too_many(const char* what) {
        return make_error(Errc::limit_exceeded, "packaging.read_mp4", std::string("the file has more ") + what + " than allowed");
    }

    Result<void> read_ftyp(const Box& box) {
        if (box.body_bytes() < 4) return malformed_box("ftyp", "the box is cut off");
        SF_ASSIGN(const ByteView view, reader_.view(box.body, 4));
        file_.major_brand = fourcc_text(read_u32(view));
        return {};
    }

    Result<void> read_moov(const Box& moov) {
        if (moov.body_bytes() > limits_.max_moov_bytes) {
            return make_error(Errc::limit_exceeded, "packaging.read_mp4", "the moov box is larger than allowed")
                .with("bytes", std::to_string(moov.body_bytes()));
        }
        moov_ = moov;
        SF_TRY(read_mvhd(moov));
        SF_TRY(read_mvex(moov));
        std::uint32_t tracks = 0;
        BoxWalker walker(reader_, moov.body, moov.end, "moov");
        while (true) {
            SF_ASSIGN(const auto box, walker.next());
            if (!box) return {};
            if (box->type == fourcc("cmov")) {
                return make_error(Errc::unsupported, "packaging.read_mp4", "the movie header is compressed (cmov)");
            }
            if (box->type != fourcc("trak")) continue;
            if (++tracks > limits_.max_tracks) return too_many("tracks");
            auto added = add_track(*box);
            if (added) continue;
            if (is_fatal(added.error())) return added;
            skip(identify_track(reader_, *box), std::move(added).error());
        }
    }

    Result<void> read_mvhd(const Box& moov) {
        SF_ASSIGN(const auto box, find_child(reader_, moov, fourcc("mvhd"), "moov"));
        if (!box) {
            file_.warnings.emplace_back("there is no movie header; edit lists are read in seconds");
            return {};
        }
        SF_ASSIGN(const Bytes body, read_body(reader_, *box, "moov/mvhd", 24, 4096));
        movie_timescale_ = read_u32(ByteView(body).subspan(body[0] == 1 ? 20 : 12));
        if (movie_timescale_ == 0) {
            movie_timescale_ = 1;
            file_.warnings.emplace_back("the movie timescale is 0; edit lists are read in seconds");
        }
        return {};
    }

    Result<void> read_mvex(const Box& moov) {
        SF_ASSIGN(const auto mvex, find_child(reader_, moov, fourcc("mvex"), "moov"));
        if (!mvex) return {};
        file_.fragmented = true;
        BoxWalker walker(reader_, mvex->body, mvex->end, "moov/mvex");
        while (true) {
            SF_ASSIGN(const auto box, walker.next());
            if (!box) return {};
            if (box->type != fourcc("trex") || extends_.size() >= limits_.max_tracks) continue;
            SF_ASSIGN(const Bytes body, read_body(reader_, *box, "moov/mvex/trex", 24, 4096));
            const ByteView view = body;
            extends_.push_back(
                {read_u32(view.subspan(4)), {read_u32(view.subspan(12)), read_u32(view.subspan(16)), read_u32(view.subspan(20))}});
        }
    }

    Result<void> add_track(const Box& trak) {
        SF_ASSIGN(TrackHead head, read_track_head(reader_, trak, movie_timescale_, limits_, file_.warnings));
        const std::uint32_t id = head.track.track_id;
        if (std::any_of(pending_.begin(), pending_.end(), [&](const Pending& other) { return other.track.track_id == id; })) {
            return malformed_box("moov/trak/tkhd", "two tracks have the same number");
        }
        SF_ASSIGN(const SampleTables tables, find_tables(reader_, head.stbl));
        SampleIndex::Builder builder;
        std::vector<std::string> warnings;
        if (!file_.fragmented || tables.sizes || tables.compact_sizes) {
            SF_TRY(read_sample_tables(*source_, tables, samples_left_, builder, warnings));
        }
        for (std::string& warning : warnings) file_.warnings.push_back("track " + std::to_string(id) + ": " + std::move(warning));
        if (builder.size() == 0 && !file_.fragmented) return malformed_box("moov/trak", "the track has no samples");
        pending_.push_back({std::move(head.track), std::move(builder)});
        return {};
    }

    Result<void> read_moof(const Box& box, bool cut_short) {
        if (!moov_) return malformed_box("moof", "a fragment comes before moov");
        if (cut_short) return {};  // warned of at the end
        file_.fragmented = true;
        if (fragmented_.empty()) {
            for (Pending& pending : pending_) {
                FragmentedTrack track{pending.track.track_id, {}, &pending.builder, pending.builder.size() > 0};
                for (const auto& [id, defaults] : extends_) {
                    if (id == track.track_id) track.defaults = defaults;
                }
                fragmented_.push_back(track);
            }
        }
        auto read = read_fragment(reader_, box, fragmented_, samples_left_, file_.warnings);
        if (read || is_fatal(read.error())) return read;
        const bool some = std::any_of(fragmented_.begin(), fragmented_.end(), [](const auto& track) { return track.started; });
        if (!some) return read;
        constexpr std::size_t max_warnings = 20;
        if (file_.warnings.size() < max_warnings) file_.warnings.push_back("a fragment was left out: " + read.error().message);
        return {};
    }

    const ByteSource* source_;
    Mp4Limits limits_;
    WindowReader reader_;
    std::uint64_t samples_left_;
    std::optional<Box> moov_;
    std::uint32_t movie_timescale_ = 1;
    std::vector<std::pair<std::uint32_t, SampleDefaults>> extends_;
    std::vector<Pending> pending_;
    std::vector<FragmentedTrack> fragmented_;
    Mp4File file_;
};

}  // namespace

Result<void> Mp4Limits::validate() const {
    const auto bad = [](const char* field) {
        return make_error(Errc::invalid_argument, "packaging.mp4_limits", "the limit must be positive").with("field", field);
    };
    if (max_moov_bytes == 0) return bad("max_moov_bytes");
    if (max_tracks == 0) return bad("max_tracks");
    if (max_samples == 0) return bad("max_samples");
    if (max_samples > std::numeric_limits<std::uint32_t>::max()) {
        return make_error(Errc::invalid_argument, "packaging.mp4_limits", "at most 2^32 - 1 samples").with("field", "max_samples");
    }
    if (max_config_bytes == 0) return bad("max_config_bytes");
    return {};
}

Result<Mp4File> read_mp4(const ByteSource& source, const Mp4Limits& limits) {
    SF_TRY(limits.validate());
    return Mp4Reader(source, limits).run();
}

}  // namespace streamforge::packaging
