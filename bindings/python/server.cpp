#include "support/callbacks.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/server/cors.hpp>
#include <streamforge/server/http_server.hpp>
#include <streamforge/server/origin.hpp>
#include <streamforge/server/player.hpp>
#include <streamforge/server/problem.hpp>
#include <streamforge/server/token_gate.hpp>

namespace streamforge::python {
namespace {

using namespace server;

/// A handler as Python holds it.
struct PythonHandler {
    Handler call;
};

py::dict to_dict(const Headers& headers) {
    py::dict all;
    for (const auto& [name, value] : headers) all[py::str(name)] = value;
    return all;
}

/// Status, headers and bytes of what a Python handler returned: a `Response`, or (status, headers, body).
Response response_of(const py::object& answer) {
    if (py::isinstance<Response>(answer)) return answer.cast<Response>();
    const auto parts = answer.cast<py::tuple>();
    Response response;
    response.status = parts[0].cast<int>();
    for (const auto& [name, value] : parts[1].cast<std::map<std::string, std::string>>()) response.headers.set(name, value);
    const py::object body = parts[2];
    if (PyUnicode_Check(body.ptr())) {
        const auto text = body.cast<std::string>();
        response.body = storage::Body(Bytes(text.begin(), text.end()));
    } else {
        response.body = storage::Body(std::shared_ptr<const ByteSource>(std::make_shared<BufferSource>(Buffer(body))));
    }
    return response;
}

Handler handler_of(const py::object& given) {
    if (py::isinstance<PythonHandler>(given)) return given.cast<PythonHandler&>().call;
    return [call = PythonReference(given)](const Request& request) -> Response {
        auto answer = from_python<Response>("python.handler", [&] { return response_of(call.get()(request)); });
        return answer ? *std::move(answer) : make_problem(answer.error());
    };
}

py::bytes read_all(Response& response) {
    Bytes bytes;
    {
        py::gil_scoped_release release;
        constexpr std::size_t step = 256 << 10;
        for (;;) {
            const auto before = bytes.size();
            bytes.resize(before + step);
            const auto count = unwrap(response.body.read(std::span(bytes).subspan(before)));
            bytes.resize(before + count);
            if (count == 0) break;
        }
    }
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void bind_messages(py::module_& module) {
    py::class_<Request>(module, "Request", "What a client asks, free of any transport.")
        .def(py::init([](std::string method, std::string path, std::string query, const std::map<std::string, std::string>& headers, Bytes body, std::string remote) {
                 Request request;
                 request.method = std::move(method);
                 request.path = std::move(path);
                 request.query = std::move(query);
                 for (const auto& [name, value] : headers) request.headers.set(name, value);
                 request.body = std::move(body);
                 request.remote = std::move(remote);
                 return request;
             }),
             py::arg("method") = "GET", py::arg("path") = "/", py::kw_only(), py::arg("query") = "", py::arg("headers") = std::map<std::string, std::string>{},
             py::arg("body") = py::bytes(), py::arg("remote") = "")
        .def_property_readonly("method", [](const Request& request) { return request.method; })
        .def_property_readonly("path", [](const Request& request) { return request.path; }, "Decoded and safe.")
        .def_property_readonly("query", [](const Request& request) { return request.query; }, "Still encoded.")
        .def_property_readonly("headers", [](const Request& request) { return to_dict(request.headers); })
        .def_property_readonly("body", [](const Request& request) { return py::bytes(reinterpret_cast<const char*>(request.body.data()), request.body.size()); })
        .def_property_readonly("remote", [](const Request& request) { return request.remote; })
        .def("query_parameter", &Request::query_parameter, py::arg("name"))
        .def("__repr__", [](const Request& request) { return "<Request " + request.method + " " + request.path + ">"; });
    py::class_<Response>(module, "Response", "What is answered.")
        .def(py::init([](int status, const std::map<std::string, std::string>& headers, const py::object& body) {
                 return response_of(py::make_tuple(status, headers, body));
             }),
             py::arg("status") = 200, py::kw_only(), py::arg("headers") = std::map<std::string, std::string>{}, py::arg("body") = py::bytes())
        .def_property_readonly("status", [](const Response& response) { return response.status; })
        .def_property_readonly("headers", [](const Response& response) { return to_dict(response.headers); })
        .def("read", &read_all, "The whole body.")
        .def("__repr__", [](const Response& response) { return "<Response " + std::to_string(response.status) + ">"; });
    py::class_<PythonHandler>(module, "Handler", "Answers requests; callable, and made to be wrapped.")
        .def("__call__",
             [](const PythonHandler& handler, const Request& request) {
                 py::gil_scoped_release release;
                 return handler.call(request);
             },
             py::arg("request"));
    Record<Exchange>(module, "Exchange", "One finished exchange, for access logs and counters.")
        .field<&Exchange::method>("method").field<&Exchange::target>("target", "Path only: a query may hold a token.").field<&Exchange::status>("status")
        .field<&Exchange::body_bytes>("body_bytes").field<&Exchange::complete>("complete").field<&Exchange::duration>("duration").field<&Exchange::remote>("remote")
        .done();
}

void bind_options(py::module_& module) {
    Record<HttpServerOptions>(module, "HttpServerOptions", "How a server listens and what it bears.")
        .field<&HttpServerOptions::address>("address").field<&HttpServerOptions::port>("port", "0: any free one.").field<&HttpServerOptions::threads>("threads")
        .field<&HttpServerOptions::max_connections>("max_connections").field<&HttpServerOptions::max_header_bytes>("max_header_bytes")
        .field<&HttpServerOptions::max_body_bytes>("max_body_bytes").field<&HttpServerOptions::header_timeout>("header_timeout")
        .field<&HttpServerOptions::body_timeout>("body_timeout").field<&HttpServerOptions::idle_timeout>("idle_timeout")
        .field<&HttpServerOptions::write_timeout>("write_timeout").field<&HttpServerOptions::stop_grace>("stop_grace").field<&HttpServerOptions::chunk_bytes>("chunk_bytes")
        .done();
    Record<OriginOptions>(module, "OriginOptions", "What an origin serves, and how long it may be cached.")
        .field<&OriginOptions::prefix>("prefix").field<&OriginOptions::manifest_cache_control>("manifest_cache_control")
        .field<&OriginOptions::media_cache_control>("media_cache_control").field<&OriginOptions::other_cache_control>("other_cache_control")
        .done();
    Record<CorsOptions>(module, "CorsOptions", "What pages of other origins may do.")
        .field<&CorsOptions::allow_origin>("allow_origin").field<&CorsOptions::allow_methods>("allow_methods").field<&CorsOptions::allow_headers>("allow_headers")
        .field<&CorsOptions::expose_headers>("expose_headers").field<&CorsOptions::max_age>("max_age")
        .done();
}

/// A running server: stopped without the GIL, and at the end of the interpreter at the latest.
class RunningServer {
public:
    RunningServer(HttpServerOptions options, Handler handler) {
        py::gil_scoped_release release;
        server_ = unwrap(HttpServer::start(options, std::move(handler)));
        number_ = close_at_exit([server = server_.get()] { server->stop(); });
    }
    ~RunningServer() {
        py::gil_scoped_release release;
        forget_close(number_);
        server_.reset();
    }
    [[nodiscard]] const HttpServer& get() const { return *server_; }
    void stop() {
        py::gil_scoped_release release;
        server_->stop();
    }
    void serve(const StopSource* stop) {
        blocking(stop, [&](const std::stop_token& token) -> Result<void> {
            server_->serve_until(token);
            return {};
        });
    }

private:
    std::unique_ptr<HttpServer> server_;
    std::uint64_t number_ = 0;
};

std::unique_ptr<RunningServer> start(const py::object& handler, const HttpServerOptions* options, const py::object& on_exchange, const py::kwargs& fields) {
    auto how = with_fields(options, fields);
    how.log = python_log();
    if (!on_exchange.is_none()) {
        how.on_exchange = [call = PythonReference(on_exchange)](const Exchange& exchange) {
            if (!interpreter_alive()) return;
            py::gil_scoped_acquire gil;
            try {
                call.get()(exchange);
            } catch (py::error_already_set& raised) {
                raised.discard_as_unraisable("streamforge on_exchange");
            }
        };
    }
    return std::make_unique<RunningServer>(std::move(how), handler_of(handler));
}

void bind_running(py::module_& module) {
    py::class_<RunningServer>(module, "HttpServer", "An HTTP/1.1 server on its own threads; a context manager that stops it.")
        .def_static("start", &start, py::arg("handler"), py::arg("options") = nullptr, py::kw_only(), py::arg("on_exchange") = py::none(),
                    "Listens and serves at once. `handler(Request)` is a `Handler` or a function that gives a `Response`.\n\n:fields: HttpServerOptions")
        .def_property_readonly("port", [](const RunningServer& server) { return server.get().port(); })
        .def_property_readonly("url", [](const RunningServer& server) { return server.get().url(); })
        .def_property_readonly("connections", [](const RunningServer& server) { return server.get().connections(); })
        .def("stop", &RunningServer::stop, "Lets running responses finish, then returns.")
        .def("serve_until", &RunningServer::serve, py::arg("stop") = nullptr, "Serves until Ctrl-C or the `StopSource`, then stops.")
        .def("__enter__", [](py::object self) { return self; })
        .def("__exit__", [](RunningServer& server, const py::args&) { server.stop(); })
        .def("__repr__", [](const RunningServer& server) { return "<HttpServer " + server.get().url() + ">"; });
    module.def("make_origin",
               [](const Held<storage::ObjectStore>& store, const OriginOptions* options, const py::kwargs& fields) {
                   auto how = with_fields(options, fields);
                   how.log = python_log();
                   return PythonHandler{unwrap(make_origin(store.pointer, how))};
               },
               py::arg("store"), py::arg("options") = nullptr, "Serves what lies in a store.\n\n:fields: OriginOptions");
    module.def("with_cors", [](const py::object& handler, const CorsOptions& options) { return PythonHandler{with_cors(handler_of(handler), options)}; },
               py::arg("handler"), py::arg("options") = CorsOptions{}, "A handler for pages of other origins.");
    module.def("with_player", [](const py::object& media) { return PythonHandler{with_player(handler_of(media))}; }, py::arg("media"), "The player page at \"/\" over a handler.");
    module.def("with_token_gate",
               [](const py::object& media, const Held<cdn::UrlVerifier>& verifier) { return PythonHandler{with_token_gate(handler_of(media), verifier.pointer)}; },
               py::arg("media"), py::arg("verifier"), "A handler behind tokens.");
    module.def("player_has_engines", &player_has_engines, "Whether the player page was built with hls.js, dash.js and shaka-player.");
    module.def("make_problem", [](int status, std::string_view name, std::string_view detail) { return make_problem(status, name, detail); }, py::arg("status"), py::arg("name"),
               py::arg("detail"), "An application/problem+json answer.");
}

}  // namespace

void bind_server(py::module_& parent) {
    auto module = submodule(parent, "server", "Origin, HTTP server, player page: embeddable, no FFmpeg.");
    bind_messages(module);
    bind_options(module);
    bind_running(module);
}

}  // namespace streamforge::python
