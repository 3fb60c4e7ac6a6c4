#include "support/blocking.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/http/retry.hpp>
#include <streamforge/http/transport.hpp>

namespace streamforge::python {

void bind_http(py::module_& parent) {
    using namespace http;
    auto module = submodule(parent, "http", "How stores and purgers reach the network.");
    Record<TransportOptions>(module, "TransportOptions", "How the transport connects. TLS certificates are always verified.")
        .field<&TransportOptions::ca_bundle>("ca_bundle", "PEM file of trusted authorities; empty: the system's.")
        .field<&TransportOptions::proxy>("proxy", "\"http://host:port\"; empty: the environment's; \"none\": no proxy at all.")
        .field<&TransportOptions::user_agent>("user_agent").field<&TransportOptions::connect_timeout>("connect_timeout")
        .field<&TransportOptions::stall>("stall", "Fail when nothing moves for so long.")
        .field<&TransportOptions::idle_connection>("idle_connection").field<&TransportOptions::max_connections>("max_connections")
        .field<&TransportOptions::threads>("threads", "Move the bytes of exchanges; 0: half of the cores, 2 to 4. With a bandwidth limit there is one.")
        .field<&TransportOptions::max_upload_bytes_per_second>("max_upload_bytes_per_second", "0: no limit.")
        .field<&TransportOptions::max_download_bytes_per_second>("max_download_bytes_per_second", "0: no limit.")
        .done();
    Record<RetryPolicy>(module, "RetryPolicy", "Exponential waits with full jitter, bounded by attempts and a shared budget.")
        .field<&RetryPolicy::max_attempts>("max_attempts").field<&RetryPolicy::transient_base>("transient_base")
        .field<&RetryPolicy::throttling_base>("throttling_base").field<&RetryPolicy::max_delay>("max_delay")
        .field<&RetryPolicy::budget_tokens>("budget_tokens").field<&RetryPolicy::transient_cost>("transient_cost")
        .field<&RetryPolicy::throttling_cost>("throttling_cost")
        .done();
    py::class_<Transport, std::shared_ptr<Transport>>(module, "Transport", "Sends requests and gives answers.");
    module.def("make_curl_transport",
               [](const TransportOptions& options) { return releasing(unwrap(make_curl_transport(options))); },
               py::arg("options") = TransportOptions{}, "A transport on libcurl, with one thread of its own.");
}

}  // namespace streamforge::python
