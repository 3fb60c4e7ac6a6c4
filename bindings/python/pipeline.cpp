#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/pipeline/run.hpp>

namespace streamforge::python {
namespace {

using namespace pipeline;

Job make_job(const Input& input, const storage::Location& output, const PlanOptions& options, const std::optional<Plan>& plan,
             const media::ProbeOptions& probe, bool overwrite) {
    Job job;
    job.input = input.source;
    job.output = output;
    job.options = options;
    job.plan = plan;
    job.probe = probe;
    job.overwrite = overwrite;
    job.log = python_log();
    return job;
}

}  // namespace

void bind_pipeline(py::module_& parent) {
    auto module = submodule(parent, "pipeline", "Plan and run: a media file becomes a published presentation.");
    Record<PlanOptions>(module, "PlanOptions", "What `plan` is told.")
        .field<&PlanOptions::ladder>("ladder")
        .field<&PlanOptions::single_file>("single_file", "One file with byte ranges per rendition instead of numbered segments.")
        .done();
    Record<Plan>(module, "Plan", "Everything that `run` will do, decided beforehand.")
        .field<&Plan::input_name>("input_name").field<&Plan::input_bytes>("input_bytes").field<&Plan::input_duration>("input_duration")
        .field<&Plan::encode>("encode").field<&Plan::single_file>("single_file")
        .done()
        .def("to_json", [](const Plan& plan, int indent) { return to_json(plan, indent); }, py::arg("indent") = 2, "The documented JSON form.")
        .def_static("from_json", [](std::string_view json) { return unwrap(plan_from_json(json)); }, py::arg("json"),
                    "Reads what `to_json` wrote.");
    module.def("plan", [](const media::MediaInfo& info, const PlanOptions& options) { return unwrap(plan(info, options)); },
               py::arg("info"), py::arg("options") = PlanOptions{}, "Decides renditions, cuts, names and pictures. Pure.");
    module.def("run",
               [](const Input& input, const storage::Location& output, const PlanOptions& options, const std::optional<Plan>& plan,
                  const media::ProbeOptions& probe, bool overwrite, const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   Job job = make_job(input, output, options, plan, probe, overwrite);
                   job.progress = progress_observer(progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) { return run(job, token); });
               },
               py::arg("input"), py::arg("output"), py::kw_only(), py::arg("options") = PlanOptions{}, py::arg("plan") = py::none(),
               py::arg("probe") = media::ProbeOptions{}, py::arg("overwrite") = false, py::arg("progress") = py::none(),
               py::arg("stop") = nullptr, "Probes, plans, transcodes, packages, describes and publishes.");
}

}  // namespace streamforge::python
