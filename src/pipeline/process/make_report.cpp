#include "pipeline/process/make_report.hpp"

#include <cmath>

#include "pipeline/rendition_report.hpp"

namespace streamforge::pipeline {
namespace {

constexpr double identical_psnr = 100.0;

/// PSNR is a logarithm of the mean squared error: runs are joined by that error.
class PsnrMean {
public:
    void add(double psnr, double weight) {
        if (psnr < identical_psnr) error_ += weight * std::pow(10.0, -psnr / 10.0);
        weight_ += weight;
    }
    [[nodiscard]] double value() const {
        if (weight_ <= 0 || error_ <= 0) return identical_psnr;
        return std::min(identical_psnr, -10.0 * std::log10(error_ / weight_));
    }

private:
    double error_ = 0;
    double weight_ = 0;
};

void add_quality(RenditionReport& report, const PresentationSink& made, std::size_t rendition, const CutList& cuts) {
    std::vector<QualityScore> scores;
    for (auto& segment : report.segments) {
        segment.quality = made.quality(rendition, cuts.segment_at(segment.start));
        if (segment.quality) scores.push_back(*segment.quality);
    }
    if (!scores.empty()) report.quality = combine(scores);
}

}  // namespace

QualityScore combine(std::span<const QualityScore> scores) {
    QualityScore all;
    PsnrMean y;
    PsnrMean u;
    PsnrMean v;
    for (const auto& score : scores) {
        const auto weight = static_cast<double>(score.frames);
        all.frames += score.frames;
        all.ssim_y += weight * score.ssim_y;
        all.ssim_u += weight * score.ssim_u;
        all.ssim_v += weight * score.ssim_v;
        y.add(score.psnr_y, weight);
        u.add(score.psnr_u, weight);
        v.add(score.psnr_v, weight);
    }
    if (all.frames > 0) {
        const auto frames = static_cast<double>(all.frames);
        all.ssim_y /= frames;
        all.ssim_u /= frames;
        all.ssim_v /= frames;
    }
    all.psnr_y = y.value();
    all.psnr_u = u.value();
    all.psnr_v = v.value();
    return all;
}

Report make_report(const manifest::Presentation& presentation, const Plan& plan, const PresentationSink& made,
                   const media::TranscodeSummary& summary) {
    Report report;
    report.duration = presentation.duration();
    const auto target = presentation.target_duration_s();
    for (std::size_t i = 0; i < presentation.video.size(); ++i) {
        const auto& video = presentation.video[i];
        auto rendition = report_rendition(TrackKind::video, plan.encode.video[i].id, video.track, target);
        rendition.width_px = video.width_px;
        rendition.height_px = video.height_px;
        add_quality(rendition, made, i, plan.encode.cuts);
        report.renditions.push_back(std::move(rendition));
    }
    for (std::size_t i = 0; i < presentation.audio.size(); ++i) {
        report.renditions.push_back(report_rendition(TrackKind::audio, plan.encode.audio[i].id, presentation.audio[i].track, target));
    }
    for (std::size_t i = 0; i < presentation.text.size(); ++i) {
        report.renditions.push_back(report_rendition(TrackKind::text, plan.encode.text[i].id, presentation.text[i].track, target));
    }
    report.notes = plan.encode.notes;
    report.warnings = summary.warnings;
    if (summary.decode_errors > 0) {
        report.warnings.push_back("The input is damaged: " + std::to_string(summary.decode_errors) +
                                  " packet(s) or picture(s) could not be decoded and were left out.");
    }
    report.cpu_seconds = summary.cpu_seconds;
    report.frames_decoded = summary.frames_decoded;
    report.frames_dropped = summary.frames_dropped;
    report.frames_filled = summary.frames_filled;
    report.decode_errors = summary.decode_errors;
    return report;
}

}  // namespace streamforge::pipeline
