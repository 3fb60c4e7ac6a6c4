#include <cmath>
#include <nlohmann/json.hpp>

#include <streamforge/pipeline/report.hpp>

namespace streamforge::pipeline {
namespace {

using nlohmann::ordered_json;

constexpr int report_format = 1;

/// Enough digits to compare, few enough to read.
double rounded(double value) {
    constexpr double scale = 1e6;
    return std::round(value * scale) / scale;
}

ordered_json time_json(const MediaTime& time) { return {{"exact", time.to_string()}, {"seconds", rounded(time.approximate_seconds())}}; }

ordered_json quality_json(const std::optional<QualityScore>& quality) {
    if (!quality) return nullptr;
    return {{"frames", quality->frames},
            {"ssim", {{"y", rounded(quality->ssim_y)}, {"u", rounded(quality->ssim_u)}, {"v", rounded(quality->ssim_v)}}},
            {"psnr_db", {{"y", rounded(quality->psnr_y)}, {"u", rounded(quality->psnr_u)}, {"v", rounded(quality->psnr_v)}}}};
}

ordered_json segment_json(const SegmentReport& segment) {
    ordered_json json{{"number", segment.number},
                      {"start", time_json(segment.start)},
                      {"duration", time_json(segment.duration)},
                      {"bytes", segment.bytes},
                      {"bitrate_bps", segment.bitrate_bps}};
    if (segment.quality) json["quality"] = quality_json(segment.quality);
    return json;
}

ordered_json rendition_json(const RenditionReport& rendition) {
    ordered_json json{{"kind", std::string(to_string(rendition.kind))},
                      {"id", rendition.id},
                      {"codecs", rendition.codecs},
                      {"playlist", rendition.playlist}};
    if (rendition.kind == TrackKind::video) {
        json["width_px"] = rendition.width_px;
        json["height_px"] = rendition.height_px;
        json["quality"] = quality_json(rendition.quality);
    }
    json["duration"] = time_json(rendition.duration);
    json["bytes"] = rendition.bytes;
    json["peak_bps"] = rendition.peak_bps;
    json["average_bps"] = rendition.average_bps;
    json["segments"] = ordered_json::array();
    for (const auto& segment : rendition.segments) json["segments"].push_back(segment_json(segment));
    return json;
}

ordered_json stages_json(const std::vector<std::pair<std::string, double>>& stages) {
    auto json = ordered_json::object();
    for (const auto& [stage, seconds] : stages) json[stage] = rounded(seconds);
    return json;
}

}  // namespace

std::string to_json(const Report& report, int indent) {
    ordered_json json{{"format", report_format},
                      {"hls", report.hls_key},
                      {"dash", report.dash_key},
                      {"duration", time_json(report.duration)},
                      {"bytes_written", report.bytes_written},
                      {"files_written", report.files_written},
                      {"frames",
                       {{"decoded", report.frames_decoded},
                        {"dropped", report.frames_dropped},
                        {"filled", report.frames_filled},
                        {"decode_errors", report.decode_errors}}},
                      {"wall_seconds", stages_json(report.wall_seconds)},
                      {"cpu_seconds", stages_json(report.cpu_seconds)},
                      {"notes", report.notes},
                      {"warnings", report.warnings},
                      {"renditions", ordered_json::array()}};
    for (const auto& rendition : report.renditions) json["renditions"].push_back(rendition_json(rendition));
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace streamforge::pipeline
