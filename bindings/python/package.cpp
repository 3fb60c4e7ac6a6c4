#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/pipeline/package.hpp>
#include <streamforge/pipeline/report.hpp>

namespace streamforge::python {
namespace {

using namespace pipeline;

void bind_report(py::module_& module) {
    Record<SegmentReport>(module, "SegmentReport", "One segment that was made.")
        .field<&SegmentReport::number>("number", "From 1.").field<&SegmentReport::start>("start")
        .field<&SegmentReport::duration>("duration").field<&SegmentReport::bytes>("bytes")
        .field<&SegmentReport::bitrate_bps>("bitrate_bps").field<&SegmentReport::quality>("quality")
        .done();
    Record<RenditionReport>(module, "RenditionReport", "One rendition that was made.")
        .field<&RenditionReport::kind>("kind").field<&RenditionReport::id>("id")
        .field<&RenditionReport::codecs>("codecs", "RFC 6381; empty for text.")
        .field<&RenditionReport::playlist>("playlist", "Key below the output prefix.").field<&RenditionReport::width_px>("width_px")
        .field<&RenditionReport::height_px>("height_px").field<&RenditionReport::bytes>("bytes", "Init segment included.")
        .field<&RenditionReport::peak_bps>("peak_bps", "As BANDWIDTH counts it.").field<&RenditionReport::average_bps>("average_bps")
        .field<&RenditionReport::duration>("duration").field<&RenditionReport::quality>("quality")
        .field<&RenditionReport::segments>("segments")
        .done();
    Record<Report>(module, "Report", "What a run made, what it cost, and what was odd.")
        .field<&Report::hls_key>("hls_key", "A key in the output store.").field<&Report::dash_key>("dash_key")
        .field<&Report::duration>("duration").field<&Report::bytes_written>("bytes_written")
        .field<&Report::files_written>("files_written").field<&Report::renditions>("renditions").field<&Report::notes>("notes")
        .field<&Report::warnings>("warnings").field<&Report::wall_seconds>("wall_seconds", "By stage.")
        .field<&Report::cpu_seconds>("cpu_seconds", "By stage.").field<&Report::frames_decoded>("frames_decoded")
        .field<&Report::frames_dropped>("frames_dropped").field<&Report::frames_filled>("frames_filled")
        .field<&Report::decode_errors>("decode_errors")
        .done()
        .def("to_json", &to_json, py::arg("indent") = 2, "The documented JSON form.");
}

}  // namespace

void bind_package(py::module_& parent) {
    auto module = submodule(parent, "pipeline", "What of the pipeline needs no FFmpeg.");
    bind_report(module);
    module.def("package",
               [](const std::vector<Input>& inputs, const storage::Location& output, const MediaTime& segment, bool single_file,
                  bool overwrite, const packaging::Mp4Limits& limits, const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   PackageJob job;
                   for (const auto& input : inputs) job.inputs.push_back(input.source);
                   job.output = output;
                   job.segment = segment;
                   job.single_file = single_file;
                   job.overwrite = overwrite;
                   job.limits = limits;
                   job.progress = progress_observer(progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) { return package(job, token); });
               },
               py::arg("inputs"), py::arg("output"), py::kw_only(), py::arg("segment") = py::int_(4), py::arg("single_file") = false,
               py::arg("overwrite") = false, py::arg("limits") = packaging::Mp4Limits{}, py::arg("progress") = py::none(),
               py::arg("stop") = nullptr, "Cuts encoded MP4 files into CMAF segments, describes and publishes them; nothing is decoded.");
}

}  // namespace streamforge::python
