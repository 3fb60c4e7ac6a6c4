#include <streamforge/media/transcode.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/audio_reader.hpp"
#include "media/ffmpeg/decode_video.hpp"
#include "media/ffmpeg/picture_maker.hpp"
#include "media/ffmpeg/scale_tree.hpp"
#include "media/ffmpeg/transcode_check.hpp"
#include "media/ffmpeg/transcode_cpu.hpp"
#include "media/ffmpeg/transcode_progress.hpp"
#include "media/ffmpeg/transcode_session.hpp"
#include "media/ffmpeg/transcode_stage.hpp"

namespace streamforge::media {
namespace {

using namespace ffmpeg;

/// The threads of one transcode. Leaving the scope joins them all.
class Threads {
public:
    Threads(Session& session, ProgressReporter& progress) : session_(session), progress_(progress) {}
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
    ~Threads() {
        for (auto& thread : threads_) thread.join();
    }

    /// Runs `work` in a thread of its own; its error stops all others. Its processor time is kept under `label`.
    void start(const std::string& label, std::function<Result<void>()> work) { start(label, StageCpu(label), std::move(work)); }
    void start(const std::string& label, const StageCpu& cpu, std::function<Result<void>()> work) {
        progress_.thread_starts();
        try {
            threads_.emplace_back([this, label, cpu, work = std::move(work)] {
                cpu.enter();
                run(label, cpu, work);
                progress_.thread_ends();
            });
        } catch (const std::exception& error) {
            progress_.thread_ends();
            session_.fail(make_error(Errc::internal, "media.transcode", std::string("cannot start a thread: ") + error.what()));
        }
    }

private:
    void run(const std::string& label, const StageCpu& cpu, const std::function<Result<void>()>& work) noexcept {
        // The sink and the log are the caller's code: what they throw must not end the process.
        try {
            if (auto done = work(); !done) session_.fail(std::move(done).error());
            session_.add_cpu(label, cpu.seconds());
        } catch (const std::exception& error) {
            session_.fail(make_error(Errc::internal, "media.transcode", std::string("unexpected exception: ") + error.what()));
        } catch (...) {
            session_.fail(make_error(Errc::internal, "media.transcode", "unexpected exception"));
        }
    }

    Session& session_;
    ProgressReporter& progress_;
    std::list<std::thread> threads_;
};

/// The picture's stages, connected.
struct VideoSide {
    SourceFacts facts;
    std::unique_ptr<PictureMaker> pictures;
    std::vector<std::unique_ptr<VideoStage>> stages;
    std::unique_ptr<VideoReader> reader;
};

/// Hangs poster and storyboard on the stages that fit their size.
void tap_pictures(VideoSide& side, const std::vector<StagePlan>& stages, Session& session) {
    const EncodePlan& plan = session.plan();
    const int offers = (plan.pictures.poster ? 1 : 0) + (plan.pictures.storyboard ? 1 : 0);
    if (offers == 0 || stages.empty()) return;
    side.pictures = std::make_unique<PictureMaker>(session, offers);
    if (plan.pictures.poster) {
        const PosterSearch search = plan_poster_search(session.expected_length());
        const auto stage = stage_for_width(stages, plan, static_cast<int>(plan.pictures.poster_max_width_px));
        side.stages[stage.value_or(0)]->add_tap(
            PictureTap(*side.pictures, PictureMaker::Use::poster, PictureSchedule(search.interval, search.until)));
    }
    if (plan.pictures.storyboard) {
        const auto stage = stage_for_width(stages, plan, static_cast<int>(plan.pictures.tile_width_px));
        side.stages[stage.value_or(0)]->add_tap(
            PictureTap(*side.pictures, PictureMaker::Use::tile, PictureSchedule(plan.pictures.storyboard_interval)));
    }
}

Result<void> open_video(VideoSide& side, std::shared_ptr<ByteSource> source, Session& session) {
    const EncodePlan& plan = session.plan();
    if (plan.video.empty()) return {};
    SF_ASSIGN(side.reader, VideoReader::open(std::move(source), session, side.facts));
    const auto stages = plan_stages(plan);
    for (const StagePlan& stage : stages) {
        const ColourInfo& incoming = stage.parent ? stages[*stage.parent].shape.colour : plan.video_source->colour;
        side.stages.push_back(std::make_unique<VideoStage>(session, stage, incoming, side.facts));
        if (stage.parent) {
            side.stages[*stage.parent]->add_child(*side.stages.back());
        } else {
            side.reader->add_stage(*side.stages.back());
        }
    }
    tap_pictures(side, stages, session);
    return {};
}

Result<TranscodeSummary> run_session(std::shared_ptr<ByteSource> source, const EncodePlan& plan, TranscodeSink& sink,
                                     const TranscodeOptions& options, const std::stop_token& stop) {
    Session session(plan, sink, options, stop);
    VideoSide video;
    const StageCpu decode("decode");
    Result<void> opened;
    decode.run_inside([&] { opened = open_video(video, source, session); });
    SF_TRY(std::move(opened));
    std::unique_ptr<AudioReader> audio;
    if (!plan.audio.empty() || !plan.text.empty()) {
        SF_ASSIGN(audio, AudioReader::open(std::move(source), session));
    }
    {
        ProgressReporter progress(session, options.progress);
        Threads threads(session, progress);
        for (auto& stage : video.stages) {
            threads.start("encode " + stage->name(), [&stage] { return stage->run(); });
            if (stage->measures_quality()) threads.start("verify " + stage->name(), [&stage] { return stage->run_quality(); });
        }
        if (video.pictures) threads.start("pictures", [&video] { return video.pictures->run(); });
        if (video.reader) threads.start("decode", decode, [&video] { return video.reader->run(); });
        if (audio) threads.start("audio", [&audio] { return audio->run(); });
        try {
            progress.report_until_done();
        } catch (...) {
            session.fail(make_error(Errc::internal, "media.transcode", "the progress observer threw an exception"));
        }
    }
    if (auto error = session.error()) return *std::move(error);
    return session.summary();
}

}  // namespace

TranscodeSink::~TranscodeSink() = default;

Result<TranscodeSummary> transcode(std::shared_ptr<ByteSource> source, const EncodePlan& plan, TranscodeSink& sink,
                                   const TranscodeOptions& options, std::stop_token stop) {
    SF_TRY(options.policy.validate());
    SF_TRY(check_plan(plan));
    try {
        return run_session(std::move(source), plan, sink, options, stop);
    } catch (const std::exception& error) {
        return make_error(Errc::internal, "media.transcode", std::string("unexpected exception: ") + error.what());
    }
}

}  // namespace streamforge::media
