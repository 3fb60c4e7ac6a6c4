#include <pybind11/stl/filesystem.h>

#include "storage_enums.hpp"
#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/storage/browser_uploads.hpp>
#include <streamforge/storage/transfer.hpp>

namespace streamforge::python {
namespace {

using namespace storage;

void bind_transfer_records(py::module_& module) {
    Record<TransferOptions>(module, "TransferOptions", "How a transfer is made.")
        .field<&TransferOptions::part_bytes>("part_bytes", "0: chosen by the length.").field<&TransferOptions::parallel>("parallel")
        .field<&TransferOptions::memory_bytes>("memory_bytes").field<&TransferOptions::journal>("journal", "Where the state is kept; empty: nowhere.")
        .done();
    Record<UploadReport>(module, "UploadReport", "What an upload did.")
        .field<&UploadReport::info>("info").field<&UploadReport::sent_bytes>("sent_bytes").field<&UploadReport::sent_parts>("sent_parts")
        .field<&UploadReport::kept_parts>("kept_parts").field<&UploadReport::resumed>("resumed")
        .done();
    Record<FileUploadItem>(module, "FileUploadItem", "A file and where it goes.")
        .field<&FileUploadItem::path>("path").field<&FileUploadItem::key>("key").field<&FileUploadItem::journal>("journal")
        .done();
    Record<FilesReport>(module, "FilesReport", "What an upload of many files did.")
        .field<&FilesReport::files>("files").field<&FilesReport::bytes>("bytes").field<&FilesReport::sent_bytes>("sent_bytes")
        .field<&FilesReport::kept_parts>("kept_parts").field<&FilesReport::resumed_files>("resumed_files")
        .done();
    Record<DownloadReport>(module, "DownloadReport", "What a download did.")
        .field<&DownloadReport::info>("info").field<&DownloadReport::received_bytes>("received_bytes")
        .field<&DownloadReport::kept_bytes>("kept_bytes").field<&DownloadReport::resumed>("resumed").field<&DownloadReport::verified>("verified")
        .done();
    Record<SweepReport>(module, "SweepReport", "What a sweep of unfinished uploads did.")
        .field<&SweepReport::found>("found").field<&SweepReport::aborted>("aborted")
        .done();
}

TransferOptions transfer(const TransferOptions* given, const py::object& progress, Operation& operation) {
    TransferOptions options = given != nullptr ? *given : TransferOptions{};
    options.progress = progress_observer(progress, operation);
    options.log = python_log();
    return options;
}

void bind_transfers(py::module_& module) {
    module.def("upload_file",
               [](ObjectStore& store, const std::filesystem::path& path, std::string_view key, const PutOptions& put,
                  const TransferOptions* options, const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   const auto how = transfer(options, progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) { return upload_file(store, path, key, put, how, token); });
               },
               py::arg("store"), py::arg("path"), py::arg("key"), py::kw_only(), py::arg("put") = PutOptions{}, py::arg("options") = nullptr,
               py::arg("progress") = py::none(), py::arg("stop") = nullptr, "Stores a file, in parallel parts when it is long.");
    module.def("upload_body",
               [](ObjectStore& store, const Input& data, std::string_view key, const PutOptions& put, const TransferOptions* options,
                  const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   const auto how = transfer(options, progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) -> Result<UploadReport> {
                       auto source = data.open();
                       if (!source) return std::move(source).error();
                       return upload_body(store, Body(*std::move(source)), key, put, how, token);
                   });
               },
               py::arg("store"), py::arg("data"), py::arg("key"), py::kw_only(), py::arg("put") = PutOptions{}, py::arg("options") = nullptr,
               py::arg("progress") = py::none(), py::arg("stop") = nullptr, "Stores bytes or an open file of any length.");
    module.def("upload_files",
               [](ObjectStore& store, const std::vector<FileUploadItem>& files, const PutOptions& put, const TransferOptions* options,
                  const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   const auto how = transfer(options, progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) { return upload_files(store, files, put, how, token); });
               },
               py::arg("store"), py::arg("files"), py::kw_only(), py::arg("put") = PutOptions{}, py::arg("options") = nullptr,
               py::arg("progress") = py::none(), py::arg("stop") = nullptr, "Stores many files at once.");
    module.def("download_file",
               [](ObjectStore& store, std::string_view key, const std::filesystem::path& path, const TransferOptions* options,
                  const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   const auto how = transfer(options, progress, operation);
                   return blocking(operation, [&](const std::stop_token& token) { return download_file(store, key, path, how, token); });
               },
               py::arg("store"), py::arg("key"), py::arg("path"), py::kw_only(), py::arg("options") = nullptr, py::arg("progress") = py::none(),
               py::arg("stop") = nullptr, "Fetches an object to a file by parallel ranges of one version.");
    module.def("sweep_uploads",
               [](ObjectStore& store, std::string_view prefix, std::chrono::seconds older_than,
                  const std::optional<std::chrono::system_clock::time_point>& now, const StopSource* stop) {
                   return blocking(stop, [&](const std::stop_token& token) {
                       return sweep_uploads(store, prefix, older_than, now.value_or(std::chrono::system_clock::now()), token);
                   });
               },
               py::arg("store"), py::arg("prefix"), py::arg("older_than"), py::arg("now") = py::none(), py::kw_only(), py::arg("stop") = nullptr,
               "Aborts uploads that were begun long ago and never ended.");
}

void bind_browser_records(py::module_& module) {
    Record<BrowserUploadPolicy>(module, "BrowserUploadPolicy", "What browsers may do, and how.")
        .field<&BrowserUploadPolicy::prefix>("prefix", "Uploads go below it.").field<&BrowserUploadPolicy::part_bytes>("part_bytes")
        .field<&BrowserUploadPolicy::max_object_bytes>("max_object_bytes").field<&BrowserUploadPolicy::expires_in>("expires_in")
        .field<&BrowserUploadPolicy::cache_control>("cache_control")
        .done();
    Record<UploadPlan>(module, "UploadPlan", "An upload that a browser is to make.")
        .field<&UploadPlan::key>("key").field<&UploadPlan::upload_id>("upload_id").field<&UploadPlan::size_bytes>("size_bytes")
        .field<&UploadPlan::part_bytes>("part_bytes").field<&UploadPlan::parts>("parts").field<&UploadPlan::checksums>("checksums")
        .done();
    Record<PartToSign>(module, "PartToSign", "A part that a client wants to send.")
        .field<&PartToSign::number>("number").field<&PartToSign::checksum>("checksum")
        .done();
    Record<SentPart>(module, "SentPart", "What a client says of a part that it sent.")
        .field<&SentPart::number>("number").field<&SentPart::etag>("etag").field<&SentPart::checksum>("checksum")
        .done();
    Record<FinishedUpload>(module, "FinishedUpload", "A completed upload.")
        .field<&FinishedUpload::info>("info").field<&FinishedUpload::verified>("verified")
        .done();
}

BrowserUploads make_uploads(const Held<ObjectStore>& store, BrowserUploadPolicy policy, const py::object& key_for) {
    if (!key_for.is_none()) {
        policy.key_for = [call = PythonReference(key_for)](std::string_view name) {
            return from_python<std::string>("python.key_for", [&] { return call.get()(std::string(name)).cast<std::string>(); });
        };
    }
    return unwrap(BrowserUploads::make(store.pointer, std::move(policy)));
}

void bind_browser_uploads(py::module_& module) {
    py::class_<BrowserUploads>(module, "BrowserUploads", "The back end's half of uploads from browsers straight into a bucket.")
        .def(py::init(&make_uploads), py::arg("store"), py::arg("policy") = BrowserUploadPolicy{}, py::kw_only(), py::arg("key_for") = py::none())
        .def("create",
             [](const BrowserUploads& uploads, std::string_view name, std::uint64_t size_bytes, std::string_view content_type,
                bool client_checksums, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) {
                     return uploads.create(name, size_bytes, content_type, client_checksums, token);
                 });
             },
             py::arg("name"), py::arg("size_bytes"), py::arg("content_type") = "", py::kw_only(), py::arg("client_checksums") = false,
             py::arg("stop") = nullptr, "Begins an upload.")
        .def("sign_parts",
             [](const BrowserUploads& uploads, std::string_view key, std::string_view upload_id, const std::vector<PartToSign>& parts) {
                 auto signed_parts = blocking(nullptr, [&](const std::stop_token&) { return uploads.sign_parts(key, upload_id, parts); });
                 py::list list;
                 for (auto& request : signed_parts) list.append(py::cast(std::move(request)));
                 return list;
             },
             py::arg("key"), py::arg("upload_id"), py::arg("parts"), "A presigned PUT for each part.")
        .def("sign_request",
             [](const BrowserUploads& uploads, std::string_view method, std::string_view key, std::string_view upload_id, std::uint32_t part) {
                 return blocking(nullptr, [&](const std::stop_token&) { return uploads.sign_request(method, key, upload_id, part); });
             },
             py::arg("method"), py::arg("key"), py::arg("upload_id") = "", py::arg("part_number") = 0, "Any one request of an upload.")
        .def("list_parts",
             [](const BrowserUploads& uploads, std::string_view key, std::string_view upload_id, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return uploads.list_parts(key, upload_id, token); });
             },
             py::arg("key"), py::arg("upload_id"), py::kw_only(), py::arg("stop") = nullptr, "The parts that the store has.")
        .def("complete",
             [](const BrowserUploads& uploads, std::string_view key, std::string_view upload_id, const std::vector<SentPart>& parts,
                const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return uploads.complete(key, upload_id, parts, token); });
             },
             py::arg("key"), py::arg("upload_id"), py::arg("parts") = std::vector<SentPart>{}, py::kw_only(), py::arg("stop") = nullptr,
             "Joins all parts after comparing them with what the client sent.")
        .def("abort",
             [](const BrowserUploads& uploads, std::string_view key, std::string_view upload_id, const StopSource* stop) {
                 blocking(stop, [&](const std::stop_token& token) { return uploads.abort(key, upload_id, token); });
             },
             py::arg("key"), py::arg("upload_id"), py::kw_only(), py::arg("stop") = nullptr)
        .def("answer",
             [](const BrowserUploads& uploads, std::string_view json, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) -> Result<std::string> { return uploads.answer(json, token); });
             },
             py::arg("json"), py::kw_only(), py::arg("stop") = nullptr, "Answers one message of the JavaScript uploader, JSON for JSON.");
}

}  // namespace

void bind_store_transfers(py::module_& module) {
    bind_transfer_records(module);
    bind_transfers(module);
    bind_browser_records(module);
    bind_browser_uploads(module);
}

}  // namespace streamforge::python
