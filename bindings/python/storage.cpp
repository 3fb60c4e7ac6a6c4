#include <pybind11/stl/filesystem.h>

#include "storage_enums.hpp"
#include "storage_provider.hpp"
#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/storage/content_type.hpp>
#include <streamforge/storage/event.hpp>
#include <streamforge/storage/key.hpp>
#include <streamforge/storage/local_store.hpp>
#include <streamforge/storage/memory_store.hpp>
#include <streamforge/storage/open.hpp>
#include <streamforge/storage/publish_tree.hpp>

namespace streamforge::python {

void bind_store_records(py::module_& module);
void bind_store_transfers(py::module_& module);
void bind_store_layers(py::module_& module);

namespace {

using namespace storage;

/// A reader with what stops it.
struct Reader {
    std::stop_source source;
    std::unique_ptr<ObjectReader> inner;

    Reader(std::stop_source stop, std::unique_ptr<ObjectReader> reader) : source(std::move(stop)), inner(std::move(reader)) {}

    std::size_t read(std::span<std::uint8_t> into) {
        if (!inner) throw py::value_error("the reader is closed");
        Operation operation(nullptr);
        const std::stop_callback link(operation.token(), [this] { source.request_stop(); });
        return blocking(operation, [&](const std::stop_token&) { return inner->read(into); });
    }
    void close() {
        py::gil_scoped_release release;
        inner.reset();
    }
    ~Reader() {
        if (inner) close();
    }
};

py::bytes read_bytes(Reader& reader, std::int64_t size) {
    if (!reader.inner) throw py::value_error("the reader is closed");
    const auto length = reader.inner->range().length;
    const auto wanted = size < 0 ? length : std::min<std::uint64_t>(static_cast<std::uint64_t>(size), length);
    // Filled in place: nobody else knows the object yet.
    auto bytes = py::reinterpret_steal<py::object>(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(wanted)));
    if (!bytes) throw py::error_already_set();
    const auto count = reader.read({reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(bytes.ptr())), static_cast<std::size_t>(wanted)});
    PyObject* raw = bytes.release().ptr();
    if (count != wanted && _PyBytes_Resize(&raw, static_cast<Py_ssize_t>(count)) != 0) throw py::error_already_set();
    return py::reinterpret_steal<py::bytes>(raw);
}

std::unique_ptr<Reader> open_reader(ObjectStore& store, std::string_view key, const GetOptions& options, const StopSource* stop) {
    std::stop_source source;
    Operation operation(stop);
    const std::stop_callback link(operation.token(), [&] { source.request_stop(); });
    auto reader = blocking(operation, [&](const std::stop_token&) { return store.get(key, options, source.get_token()); });
    return std::make_unique<Reader>(std::move(source), std::move(reader));
}

void bind_reader(py::module_& module) {
    py::class_<Reader>(module, "ObjectReader", "The bytes of one version of an object, in order; a binary file for reading.")
        .def_property_readonly("info", [](const Reader& reader) { return reader.inner->info(); }, "Of the whole object.")
        .def_property_readonly("range", [](const Reader& reader) { return reader.inner->range(); }, "The part that is read.")
        .def("read", &read_bytes, py::arg("size") = -1, "The next bytes, at most `size`; b\"\" after the last.")
        .def("readinto", [](Reader& reader, const WritableBuffer& buffer) { return reader.read(buffer.writable()); }, py::arg("buffer"),
             "Fills the buffer in place; how many bytes, 0 after the last.")
        .def("readable", [](const Reader&) { return true; })
        .def("close", &Reader::close)
        .def_property_readonly("closed", [](const Reader& reader) { return reader.inner == nullptr; })
        .def("__enter__", [](py::object self) { return self; })
        .def("__exit__", [](Reader& reader, const py::args&) { reader.close(); })
        .def("__iter__", [](py::object self) { return self; })
        .def("__next__", [](Reader& reader) {
            py::bytes next = read_bytes(reader, 1 << 20);
            if (static_cast<std::string_view>(next).empty()) throw py::stop_iteration();
            return next;
        });
    py::class_<BodyReader>(module, "Body", "The bytes of a put, for stores that are written in Python; good during the call only.")
        .def_property_readonly("size_bytes", &BodyReader::size_bytes)
        .def("read", &BodyReader::read, py::arg("size") = -1)
        .def("readinto", &BodyReader::readinto, py::arg("buffer"))
        .def("rewind", &BodyReader::rewind);
}

/// Bytes, or an open binary file that is read once.
struct PutBody {
    Buffer buffer{};
    PythonReference file{};

    explicit PutBody(const py::object& data) {
        if (PyUnicode_Check(data.ptr())) throw py::type_error("data must be bytes or a binary file, not text");
        if (PyObject_CheckBuffer(data.ptr()) != 0) {
            buffer = Buffer(data);
        } else if (py::hasattr(data, "read")) {
            file = PythonReference(data);
        } else {
            throw py::type_error("data must be bytes or a binary file");
        }
    }
    [[nodiscard]] Body body() const {
        if (!file) return Body(buffer.bytes());
        return Body::stream([file = file](std::span<std::uint8_t> into) {
            return from_python<std::size_t>("python.file.read", [&] {
                const py::bytes part = file.get().attr("read")(into.size());
                const std::string_view bytes = part;
                if (bytes.size() > into.size()) throw py::value_error("read gave more than was asked");
                std::copy(bytes.begin(), bytes.end(), into.begin());
                return bytes.size();
            });
        });
    }
};

void bind_upload(py::module_& module) {
    py::class_<MultipartUpload, PythonUpload, std::shared_ptr<MultipartUpload>>(
        module, "MultipartUpload", "An object being made from parts, invisible until `complete`. Subclasses define do_put_part, "
        "do_list_parts, do_complete and do_abort.")
        .def(py::init_alias<std::string, std::string, std::uint32_t>(), py::arg("key"), py::arg("upload_id"), py::arg("max_parts") = 10'000)
        .def_property_readonly("key", &MultipartUpload::key)
        .def_property_readonly("upload_id", &MultipartUpload::upload_id, "Names the upload across processes.")
        .def("put_part",
             [](MultipartUpload& upload, std::uint32_t number, const py::object& data, const StopSource* stop) {
                 const PutBody body(data);
                 return blocking(stop, [&](const std::stop_token& token) { return upload.put_part(number, body.body(), token); });
             },
             py::arg("number"), py::arg("data"), py::kw_only(), py::arg("stop") = nullptr)
        .def("list_parts",
             [](MultipartUpload& upload, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return upload.list_parts(token); });
             },
             py::kw_only(), py::arg("stop") = nullptr)
        .def("complete",
             [](MultipartUpload& upload, const std::vector<PartInfo>& parts, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return upload.complete(parts, token); });
             },
             py::arg("parts"), py::kw_only(), py::arg("stop") = nullptr)
        .def("abort", [](MultipartUpload& upload) { blocking(nullptr, [&](const std::stop_token&) { return upload.abort(); }); });
}

template <class Class>
void bind_reading(Class& type) {
    type.def("get",
             [](ObjectStore& store, std::string_view key, const std::optional<ByteRange>& range, const std::string& if_match,
                const StopSource* stop) { return open_reader(store, key, GetOptions{range, if_match}, stop); },
             py::arg("key"), py::kw_only(), py::arg("range") = py::none(), py::arg("if_match") = "", py::arg("stop") = nullptr,
             py::keep_alive<0, 1>(), "Opens an object for reading.")
        .def("get_bytes",
             [](ObjectStore& store, std::string_view key, const std::optional<ByteRange>& range, const std::string& if_match,
                std::uint64_t max_bytes, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) {
                     return store.get_bytes(key, GetOptions{range, if_match}, token, max_bytes);
                 });
             },
             py::arg("key"), py::kw_only(), py::arg("range") = py::none(), py::arg("if_match") = "",
             py::arg("max_bytes") = std::uint64_t{1} << 30, py::arg("stop") = nullptr, "The whole object, or a range, in memory.")
        .def("head",
             [](ObjectStore& store, std::string_view key, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return store.head(key, token); });
             },
             py::arg("key"), py::kw_only(), py::arg("stop") = nullptr, "What the store knows of an object.")
        .def("list",
             [](ObjectStore& store, std::string prefix, bool folders, std::string page_token, std::uint32_t max_keys, const StopSource* stop) {
                 const ListOptions options{std::move(prefix), folders, std::move(page_token), max_keys};
                 return blocking(stop, [&](const std::stop_token& token) { return store.list(options, token); });
             },
             py::arg("prefix") = "", py::kw_only(), py::arg("folders") = false, py::arg("page_token") = "", py::arg("max_keys") = 1000,
             py::arg("stop") = nullptr, "One page of keys.")
        .def("list_all",
             [](ObjectStore& store, std::string_view prefix, std::size_t max_keys, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return store.list_all(prefix, token, max_keys); });
             },
             py::arg("prefix") = "", py::kw_only(), py::arg("max_keys") = 1'000'000, py::arg("stop") = nullptr, "All objects below a prefix.")
        .def("list_uploads",
             [](ObjectStore& store, std::string_view prefix, std::string_view page_token, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return store.list_uploads(prefix, page_token, token); });
             },
             py::arg("prefix") = "", py::kw_only(), py::arg("page_token") = "", py::arg("stop") = nullptr, "Unfinished uploads.");
}

template <class Class>
void bind_writing(Class& type) {
    type.def("put",
             [](ObjectStore& store, std::string_view key, const py::object& data, const PutOptions* options, const StopSource* stop,
                const py::kwargs& fields) {
                 const PutBody body(data);
                 const auto put = with_fields(options, fields);
                 return blocking(stop, [&](const std::stop_token& token) { return store.put(key, body.body(), put, token); });
             },
             py::arg("key"), py::arg("data"), py::arg("options") = nullptr, py::kw_only(), py::arg("stop") = nullptr,
             "Stores bytes or a binary file as `key`, whole or not at all.\n\n:fields: PutOptions")
        .def("remove",
             [](ObjectStore& store, const std::variant<std::string, std::vector<std::string>>& keys, const StopSource* stop) {
                 const auto* one = std::get_if<std::string>(&keys);
                 const auto many = one != nullptr ? std::vector{*one} : std::get<std::vector<std::string>>(keys);
                 auto report = blocking(stop, [&](const std::stop_token& token) { return store.remove(many, token); });
                 if (one != nullptr && !report.failed.empty()) throw Exception(report.failed.front().second);
                 return report;
             },
             py::arg("keys"), py::kw_only(), py::arg("stop") = nullptr, "Removes one key or several; absent ones count as removed.")
        .def("copy",
             [](ObjectStore& store, std::string_view from, std::string_view to, bool if_none_match, const StopSource* stop) {
                 const CopyOptions options{if_none_match};
                 return blocking(stop, [&](const std::stop_token& token) { return store.copy(from, to, options, token); });
             },
             py::arg("from_key"), py::arg("to_key"), py::kw_only(), py::arg("if_none_match") = false, py::arg("stop") = nullptr,
             "Copies inside the store.")
        .def("begin_multipart",
             [](ObjectStore& store, std::string_view key, const PutOptions* options, const StopSource* stop, const py::kwargs& fields) {
                 const auto put = with_fields(options, fields);
                 return releasing(blocking(stop, [&](const std::stop_token& token) { return store.begin_multipart(key, put, token); }));
             },
             py::arg("key"), py::arg("options") = nullptr, py::kw_only(), py::arg("stop") = nullptr, py::keep_alive<0, 1>(),
             "Begins an upload in parts.\n\n:fields: PutOptions")
        .def("resume_multipart",
             [](ObjectStore& store, std::string_view key, std::string_view upload_id, const PutOptions* options, const StopSource* stop,
                const py::kwargs& fields) {
                 const auto put = with_fields(options, fields);
                 return releasing(blocking(stop, [&](const std::stop_token& token) { return store.resume_multipart(key, upload_id, put, token); }));
             },
             py::arg("key"), py::arg("upload_id"), py::arg("options") = nullptr, py::kw_only(), py::arg("stop") = nullptr, py::keep_alive<0, 1>(),
             "Takes up an upload begun earlier, with the conditions it was begun with.\n\n:fields: PutOptions")
        .def("presign",
             [](ObjectStore& store, std::string_view key, const PresignOptions* options, const py::kwargs& fields) {
                 const auto wanted = with_fields(options, fields);
                 return blocking(nullptr, [&](const std::stop_token&) { return store.presign(key, wanted); });
             },
             py::arg("key"), py::arg("options") = nullptr,
             "A request that lets its bearer do one thing to `key` for a while.\n\n:fields: PresignOptions");
}

void bind_store(py::module_& module) {
    auto type = py::class_<ObjectStore, PythonStore, std::shared_ptr<ObjectStore>>(
        module, "ObjectStore", "Objects by key: a folder, memory, or a bucket. Subclasses define do_put, do_get, do_head, do_list, "
        "do_remove and do_copy, and where they can do_list_uploads, do_begin_multipart, do_resume_multipart and do_presign.");
    type.def(py::init_alias<Capabilities>(), py::arg("capabilities") = Capabilities{})
        .def_property_readonly("capabilities", [](const ObjectStore& store) { return store.capabilities(); })
        .def("__repr__", [](const py::object& self) {
            const auto& can = self.cast<const ObjectStore&>().capabilities();
            return "<" + py::type::of(self).attr("__qualname__").cast<std::string>() + " " + can.backend + (can.place.empty() ? "" : " " + can.place) + ">";
        });
    bind_reading(type);
    bind_writing(type);
    py::class_<Location>(module, "Location", "A place in a store: objects go to `prefix` + name.")
        .def(py::init([](const Held<ObjectStore>& store, std::string prefix) { return Location{store.pointer, std::move(prefix)}; }),
             py::arg("store"), py::arg("prefix") = "")
        .def_property_readonly("store", [](const Location& location) { return location.store; })
        .def_property_readonly("prefix", [](const Location& location) { return location.prefix; }, "Empty, or ends with '/'.")
        .def("key", [](const Location& location, std::string_view name) { return location.prefix + std::string(name); }, py::arg("name"),
             "The key of `name` in the store.")
        .def("__repr__", [](const Location& location) {
            return "Location(" + py::repr(py::cast(location.store)).cast<std::string>() + ", prefix='" + location.prefix + "')";
        });
}

void bind_opening(py::module_& module) {
    module.def("open",
               [](const std::filesystem::path& url, const S3Options* s3, bool durable, const py::kwargs& fields) {
                   OpenOptions options;
                   options.s3 = with_fields(s3, fields);
                   options.s3.log = python_log();
                   options.local.durable = durable;
                   auto location = blocking(nullptr, [&](const std::stop_token&) { return open(url.string(), options); });
                   location.store = releasing(std::move(location.store));
                   return location;
               },
               py::arg("url"), py::arg("s3") = nullptr, py::kw_only(), py::arg("durable") = false,
               "The place that a URL or path names: a folder, \"mem:\", \"s3://bucket/prefix\".\n\n:fields: S3Options");
    module.def("open_local",
               [](const std::filesystem::path& root, bool durable) { return unwrap(open_local(root, LocalOptions{durable})); },
               py::arg("root"), py::kw_only(), py::arg("durable") = false, "A folder as a store.");
    module.def("open_s3",
               [](const S3Options* options, const py::kwargs& fields) {
                   auto s3 = with_fields(options, fields);
                   s3.log = python_log();
                   return releasing(blocking(nullptr, [&](const std::stop_token&) { return open_s3(s3); }));
               },
               py::arg("options") = nullptr, "A bucket as a store. Nothing is sent before the first call.\n\n:fields: S3Options");
    module.def("make_memory_store", [] { return make_memory_store(); }, "A store in memory.");
    module.def("open_object",
               [](const Held<ObjectStore>& store, std::string_view key, std::uint64_t window_bytes) {
                   return blocking(nullptr, [&](const std::stop_token&) { return open_object(store.pointer, key, window_bytes); });
               },
               py::arg("store"), py::arg("key"), py::arg("window_bytes") = std::uint64_t{4} << 20,
               "An object as random access bytes, pinned to the version that it has now.");
    module.def("remove_local_leftovers",
               [](const std::filesystem::path& root, std::chrono::seconds older_than) {
                   return blocking(nullptr, [&](const std::stop_token&) { return remove_local_leftovers(root, older_than); });
               },
               py::arg("root"), py::arg("older_than"), "Removes what a crash left in a folder; returns how many files.");
}

void bind_keys(py::module_& module) {
    module.attr("max_key_bytes") = max_key_bytes;
    module.def("content_type_for", [](std::string_view key) { return std::string(content_type_for(key)); }, py::arg("key"),
               "The media type that the key's extension stands for.");
    module.def("validate_key", [](std::string_view key) { unwrap(validate_key(key)); }, py::arg("key"), "Raises unless the key is good on every backend.");
    module.def("validate_prefix", [](std::string_view prefix) { unwrap(validate_prefix(prefix)); }, py::arg("prefix"), "Raises unless it may begin a key.");
    module.def("join_key", &join_key, py::arg("prefix"), py::arg("name"), "Both with exactly one '/' between them.");
    module.def("make_staging_prefix", [](std::string_view prefix) { return make_staging_prefix(prefix, system_random()); },
               py::arg("final_prefix"), "A fresh prefix beside it, to write into before `publish_tree`.");
    module.def("staging_prefix_of", &staging_prefix_of, py::arg("final_prefix"), "How all staging prefixes of it begin.");
    module.def("publish_tree",
               [](ObjectStore& store, std::string_view staging, std::string_view final_prefix, const StopSource* stop) {
                   blocking(stop, [&](const std::stop_token& token) { return publish_tree(store, staging, final_prefix, token); });
               },
               py::arg("store"), py::arg("staging_prefix"), py::arg("final_prefix"), py::kw_only(), py::arg("stop") = nullptr,
               "Makes what lies under one prefix the whole content of another.");
    module.def("remove_tree",
               [](ObjectStore& store, std::string_view prefix, const StopSource* stop) {
                   blocking(stop, [&](const std::stop_token& token) { return remove_tree(store, prefix, token); });
               },
               py::arg("store"), py::arg("prefix"), py::kw_only(), py::arg("stop") = nullptr, "Removes everything under a prefix.");
    module.def("parse_store_events", [](std::string_view message) { return unwrap(parse_store_events(message)); }, py::arg("message"),
               "The events in a bucket's message: S3, MinIO, SNS, SQS, EventBridge.");
    module.def("happened_before", &happened_before, py::arg("a"), py::arg("b"), "Whether `a` is older; None when that cannot be said.");
}

}  // namespace

void bind_storage(py::module_& parent) {
    auto module = submodule(parent, "storage", "Objects by key in a folder, in memory, in a bucket, or in a store of your own.");
    bind_store_records(module);
    bind_reader(module);
    bind_upload(module);
    bind_store(module);
    bind_opening(module);
    bind_keys(module);
    bind_store_transfers(module);
    bind_store_layers(module);
}

}  // namespace streamforge::python
