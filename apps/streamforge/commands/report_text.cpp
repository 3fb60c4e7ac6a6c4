#include "report_text.hpp"

#include <cmath>
#include <fmt/format.h>

namespace streamforge::app {
namespace {

std::string quality_text(const std::optional<QualityScore>& quality) {
    return quality ? fmt::format("  SSIM {:.4f}  PSNR {:.2f} dB", quality->ssim_y, quality->psnr_y) : "";
}

std::string rendition_line(const pipeline::RenditionReport& rendition) {
    const std::string size = rendition.width_px > 0 ? fmt::format("{}x{}", rendition.width_px, rendition.height_px) : "";
    return fmt::format("  {:<5} {:<14} {:>9}  {:>10} average {:>10} peak  {:>9}{}", to_string(rendition.kind), rendition.id, size,
                       bitrate_text(rendition.average_bps), bitrate_text(rendition.peak_bps), bytes_text(rendition.bytes),
                       quality_text(rendition.quality));
}

}  // namespace

void print_report(Console& console, const pipeline::Report& report, const std::string& output) {
    if (console.json()) {
        console.out("{\"event\":\"done\",\"report\":" + pipeline::to_json(report, -1) + "}");
        return;
    }
    for (const auto& note : report.notes) console.out("note: " + note);
    for (const auto& warning : report.warnings) console.warn(warning);
    for (const auto& rendition : report.renditions) console.out(rendition_line(rendition));
    std::string to = output;
    while (to.size() > 1 && to.ends_with('/')) to.pop_back();
    double wall = 0;
    for (const auto& [stage, seconds] : report.wall_seconds) wall += seconds;
    const double media = report.duration.approximate_seconds();
    console.out(fmt::format("{} of media in {}, {:.2f}x real time; {} in {} files", clock_text(std::chrono::seconds(std::llround(media))),
                            clock_text(std::chrono::seconds(std::llround(wall))), wall > 0 ? media / wall : 0.0,
                            bytes_text(report.bytes_written), report.files_written));
    console.out("HLS   " + to + "/master.m3u8");
    console.out("DASH  " + to + "/manifest.mpd");
}

}  // namespace streamforge::app
