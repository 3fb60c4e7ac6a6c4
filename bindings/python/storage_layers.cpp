#include "support/callbacks.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/storage/layers.hpp>
#include <streamforge/storage/mirrored_store.hpp>

namespace streamforge::python {
namespace {

using namespace storage;

/// A `storage::StoreCall` that may be kept.
struct KeptStoreCall {
    std::string operation{};
    std::string key{};
    std::chrono::nanoseconds duration{0};
    std::uint64_t bytes = 0;
    std::optional<Error> error{};
};

StoreObserver observer_of(const py::object& observer) {
    return [call = PythonReference(observer)](const StoreCall& done) {
        if (!interpreter_alive()) return;
        py::gil_scoped_acquire gil;
        try {
            call.get()(KeptStoreCall{std::string(done.operation), std::string(done.key), done.duration, done.bytes,
                                     done.error != nullptr ? std::optional(*done.error) : std::nullopt});
        } catch (py::error_already_set& raised) {
            raised.discard_as_unraisable("streamforge store observer");
        }
    };
}

}  // namespace

void bind_store_layers(py::module_& module) {
    Record<KeptStoreCall>(module, "StoreCall", "One finished call on a store.")
        .field<&KeptStoreCall::operation>("operation").field<&KeptStoreCall::key>("key").field<&KeptStoreCall::duration>("duration")
        .field<&KeptStoreCall::bytes>("bytes").field<&KeptStoreCall::error>("error", "None when it went well.")
        .done();
    module.def("make_observed_store",
               [](const Held<ObjectStore>& inner, const py::object& observer) {
                   return releasing(make_observed_store(inner.pointer, observer_of(observer)));
               },
               py::arg("inner"), py::arg("observer"), "A store that tells `observer(StoreCall)` of each call, from the calling thread.");
    module.def("make_logging_store",
               [](const Held<ObjectStore>& inner) { return releasing(make_logging_store(inner.pointer, python_log())); }, py::arg("inner"),
               "A store that writes a line for each call to `logging`.");
    Record<StoreMetrics::Row>(module, "StoreMetricsRow", "Counts of one operation.")
        .field<&StoreMetrics::Row::calls>("calls").field<&StoreMetrics::Row::errors>("errors").field<&StoreMetrics::Row::bytes>("bytes")
        .field<&StoreMetrics::Row::total>("total").field<&StoreMetrics::Row::longest>("longest")
        .done();
    py::class_<StoreMetrics, std::shared_ptr<StoreMetrics>>(module, "StoreMetrics", "Counts of calls by operation.")
        .def(py::init<>())
        .def("rows", [](const StoreMetrics& metrics) {
            const auto rows = metrics.rows();
            return std::map<std::string, StoreMetrics::Row>(rows.begin(), rows.end());
        })
        .def("text", &StoreMetrics::text, "In the text format of Prometheus.");
    module.def("make_metered_store",
               [](const Held<ObjectStore>& inner, std::shared_ptr<StoreMetrics> metrics) {
                   return releasing(make_metered_store(inner.pointer, std::move(metrics)));
               },
               py::arg("inner"), py::arg("metrics"), "A store whose calls are counted.");
    module.def("make_retrying_store",
               [](const Held<ObjectStore>& inner, const http::RetryPolicy& policy) {
                   return releasing(make_retrying_store(inner.pointer, policy));
               },
               py::arg("inner"), py::arg("policy") = http::RetryPolicy{}, "A store whose calls are made again where that may help.");
    module.def("make_mirrored_store",
               [](const std::vector<Held<ObjectStore>>& stores, std::uint32_t least_copies, bool verify, std::uint32_t failures_to_open,
                  std::chrono::milliseconds open_for) {
                   std::vector<std::shared_ptr<ObjectStore>> all;
                   for (const auto& store : stores) all.push_back(store.pointer);
                   MirrorOptions options;
                   options.least_copies = least_copies;
                   options.verify = verify;
                   options.failures_to_open = failures_to_open;
                   options.open_for = open_for;
                   options.log = python_log();
                   return releasing(unwrap(make_mirrored_store(std::move(all), options)));
               },
               py::arg("stores"), py::kw_only(), py::arg("least_copies") = 0, py::arg("verify") = true, py::arg("failures_to_open") = 3,
               py::arg("open_for") = py::int_(30), "One store over several.");
}

}  // namespace streamforge::python
