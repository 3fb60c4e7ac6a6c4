#include "storage_enums.hpp"
#include "storage_provider.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

namespace streamforge::python {

/// A key that records share: as a secret of its own.
template <>
py::object detail::to_python(const std::shared_ptr<const Secret>& value, py::handle) {
    return value == nullptr ? py::object(py::none()) : py::cast(value->clone());
}

namespace {

using namespace storage;

void bind_object_records(py::module_& module) {
    Record<Capabilities>(module, "Capabilities", "What a backend can do.")
        .field<&Capabilities::backend>("backend").field<&Capabilities::place>("place").field<&Capabilities::put_if_none_match>("put_if_none_match")
        .field<&Capabilities::put_if_match>("put_if_match").field<&Capabilities::stores_headers>("stores_headers")
        .field<&Capabilities::stores_metadata>("stores_metadata").field<&Capabilities::multipart>("multipart")
        .field<&Capabilities::presign>("presign").field<&Capabilities::atomic_publish_tree>("atomic_publish_tree")
        .field<&Capabilities::uniform_parts>("uniform_parts").field<&Capabilities::max_object_bytes>("max_object_bytes")
        .field<&Capabilities::max_put_bytes>("max_put_bytes").field<&Capabilities::min_part_bytes>("min_part_bytes")
        .field<&Capabilities::max_part_bytes>("max_part_bytes").field<&Capabilities::max_parts>("max_parts")
        .field<&Capabilities::part_checksum>("part_checksum")
        .done();
    Record<ObjectInfo>(module, "ObjectInfo", "What a store knows of one object.")
        .field<&ObjectInfo::key>("key").field<&ObjectInfo::size_bytes>("size_bytes").field<&ObjectInfo::etag>("etag", "Opaque, with its quotes.")
        .field<&ObjectInfo::content_type>("content_type").field<&ObjectInfo::cache_control>("cache_control")
        .field<&ObjectInfo::last_modified>("last_modified").field<&ObjectInfo::metadata>("metadata").field<&ObjectInfo::checksum>("checksum")
        .done();
    Record<ObjectBytes>(module, "ObjectBytes", "An object in memory; `bytes` is a view that keeps it.")
        .field<&ObjectBytes::info>("info").field<&ObjectBytes::bytes>("bytes")
        .done();
    Record<PutOptions>(module, "PutOptions", "How an object is stored.")
        .field<&PutOptions::content_type>("content_type", "Empty: from the key's extension.").field<&PutOptions::cache_control>("cache_control")
        .field<&PutOptions::metadata>("metadata").field<&PutOptions::if_none_match>("if_none_match", "Create only.")
        .field<&PutOptions::if_match>("if_match", "Replace only this version.").field<&PutOptions::parts_by_others>("parts_by_others")
        .done();
    Record<GetOptions>(module, "GetOptions", "What of an object is read.")
        .field<&GetOptions::range>("range").field<&GetOptions::if_match>("if_match")
        .done();
    Record<CopyOptions>(module, "CopyOptions", "How an object is copied.").field<&CopyOptions::if_none_match>("if_none_match").done();
    Record<ListOptions>(module, "ListOptions", "Which keys are listed.")
        .field<&ListOptions::prefix>("prefix").field<&ListOptions::folders>("folders").field<&ListOptions::page_token>("page_token")
        .field<&ListOptions::max_keys>("max_keys")
        .done();
    Record<ListPage>(module, "ListPage", "One page of keys.")
        .field<&ListPage::objects>("objects").field<&ListPage::prefixes>("prefixes").field<&ListPage::next_page_token>("next_page_token", "Empty on the last page.")
        .done();
    Record<UploadInfo>(module, "UploadInfo", "An upload that was begun and neither completed nor aborted.")
        .field<&UploadInfo::key>("key").field<&UploadInfo::upload_id>("upload_id").field<&UploadInfo::started>("started")
        .done();
    Record<UploadPage>(module, "UploadPage", "One page of unfinished uploads.")
        .field<&UploadPage::uploads>("uploads").field<&UploadPage::next_page_token>("next_page_token")
        .done();
    Record<PartInfo>(module, "PartInfo", "One stored part of an unfinished upload.")
        .field<&PartInfo::number>("number").field<&PartInfo::size_bytes>("size_bytes").field<&PartInfo::etag>("etag").field<&PartInfo::checksum>("checksum")
        .done();
    Record<RemoveReport>(module, "RemoveReport", "What a removal did.")
        .field<&RemoveReport::removed>("removed", "Keys that are gone now, whether they were there or not.")
        .field<&RemoveReport::failed>("failed", "Keys that stayed, with the reason.")
        .done();
    Record<StoreEvent>(module, "StoreEvent", "What a bucket tells of one of its objects.")
        .field<&StoreEvent::kind>("kind").field<&StoreEvent::name>("name").field<&StoreEvent::bucket>("bucket").field<&StoreEvent::key>("key")
        .field<&StoreEvent::version_id>("version_id").field<&StoreEvent::etag>("etag").field<&StoreEvent::size_bytes>("size_bytes")
        .field<&StoreEvent::sequencer>("sequencer").field<&StoreEvent::region>("region").field<&StoreEvent::time>("time")
        .done()
        .def("deduplication_key", &StoreEvent::deduplication_key, "The same text for every delivery of the same event.");
}

void bind_presigning(py::module_& module) {
    Record<PresignOptions>(module, "PresignOptions", "What a presigned request may do.")
        .field<&PresignOptions::method>("method").field<&PresignOptions::expires_in>("expires_in", "1 s to 7 days.")
        .field<&PresignOptions::content_type>("content_type").field<&PresignOptions::upload_id>("upload_id")
        .field<&PresignOptions::part_number>("part_number").field<&PresignOptions::checksum>("checksum")
        .field<&PresignOptions::min_bytes>("min_bytes").field<&PresignOptions::max_bytes>("max_bytes")
        .done();
    Record<PresignedRequest>(module, "PresignedRequest", "A request that anyone may send until it expires.")
        .field<&PresignedRequest::method>("method").field<&PresignedRequest::url>("url", "Whoever has it has the right.")
        .field<&PresignedRequest::headers>("headers", "To be sent exactly so.").field<&PresignedRequest::fields>("fields", "Of a form.")
        .field<&PresignedRequest::expires_at>("expires_at")
        .done();
}

void bind_credentials(py::module_& module) {
    Record<Credentials>(module, "Credentials", "Who signs. Without an access key id: nobody.")
        .field<&Credentials::access_key_id>("access_key_id").field<&Credentials::secret_access_key>("secret_access_key")
        .field<&Credentials::session_token>("session_token").field<&Credentials::expires_at>("expires_at")
        .done();
    py::class_<CredentialsProvider, std::shared_ptr<CredentialsProvider>>(module, "CredentialsProvider",
                                                                          "Gives credentials and keeps them fresh.");
    module.def("make_static_credentials",
               [](std::string id, const std::string& secret, const std::string& token) {
                   return make_static_credentials(std::move(id), Secret(secret), Secret(token));
               },
               py::arg("access_key_id"), py::arg("secret_access_key"), py::arg("session_token") = "", "The same credentials always.");
    module.def("make_anonymous_credentials", &make_anonymous_credentials, "Requests go unsigned.");
    module.def("make_credentials", &make_python_credentials, py::arg("fetch"),
               "Credentials of a function of yours, called once and again shortly before they expire: `fetch() -> Credentials`.");
    module.def("make_default_credentials",
               [](std::string profile, std::string region, bool machine_metadata) {
                   CredentialsOptions options;
                   options.profile = std::move(profile);
                   options.region = std::move(region);
                   options.machine_metadata = machine_metadata;
                   return releasing(make_default_credentials(options));
               },
               py::kw_only(), py::arg("profile") = "", py::arg("region") = "", py::arg("machine_metadata") = true,
               "What AWS tools use: environment, shared files, web identity, container, machine.");
}

void bind_s3(py::module_& module) {
    Record<S3WriteDefaults>(module, "S3WriteDefaults", "What every object that the store writes gets.")
        .field<&S3WriteDefaults::storage_class>("storage_class").field<&S3WriteDefaults::acl>("acl").field<&S3WriteDefaults::tags>("tags")
        .field<&S3WriteDefaults::server_side_encryption>("server_side_encryption").field<&S3WriteDefaults::kms_key_id>("kms_key_id")
        .field<&S3WriteDefaults::customer_key>("customer_key", "SSE-C: a Secret of 32 bytes.")
        .done();
    Record<S3Options>(module, "S3Options", "Where a bucket is and how it is spoken to.")
        .field<&S3Options::bucket>("bucket").field<&S3Options::region>("region").field<&S3Options::endpoint_url>("endpoint_url")
        .field<&S3Options::provider>("provider").field<&S3Options::profile>("profile").field<&S3Options::addressing>("addressing")
        .field<&S3Options::payload_signing>("payload_signing").field<&S3Options::checksum>("checksum")
        .field<&S3Options::dualstack>("dualstack").field<&S3Options::accelerate>("accelerate").field<&S3Options::fips>("fips")
        .field<&S3Options::write>("write").field<&S3Options::part_bytes>("part_bytes").field<&S3Options::memory_bytes>("memory_bytes")
        .field<&S3Options::parallel_parts>("parallel_parts").field<&S3Options::credentials>("credentials", "None: the default chain.")
        .field<&S3Options::transport>("transport", "None: one of its own.").field<&S3Options::connection>("connection")
        .field<&S3Options::retry>("retry")
        .done()
        .def("validate", [](const S3Options& options) { unwrap(options.validate()); });
}

}  // namespace

void bind_store_records(py::module_& module) {
    bind_enum<PresignMethod>(module, "PresignMethod",
                             {{"get", PresignMethod::get}, {"head", PresignMethod::head}, {"put", PresignMethod::put},
                              {"post", PresignMethod::post}, {"begin_multipart", PresignMethod::begin_multipart},
                              {"put_part", PresignMethod::put_part}, {"list_parts", PresignMethod::list_parts},
                              {"complete_multipart", PresignMethod::complete_multipart}, {"abort_multipart", PresignMethod::abort_multipart}},
                             "What a presigned request may do.");
    bind_enum<StoreEvent::Kind>(module, "StoreEventKind",
                                {{"created", StoreEvent::Kind::created}, {"removed", StoreEvent::Kind::removed},
                                 {"restored", StoreEvent::Kind::restored}, {"other", StoreEvent::Kind::other}},
                                "What happened to an object.");
    bind_enum<S3Addressing>(module, "S3Addressing",
                            {{"automatic", S3Addressing::automatic}, {"virtual_host", S3Addressing::virtual_host}, {"path", S3Addressing::path}},
                            "Where the bucket's name goes.");
    bind_enum<S3PayloadSigning>(module, "S3PayloadSigning",
                                {{"automatic", S3PayloadSigning::automatic}, {"always", S3PayloadSigning::always}, {"never", S3PayloadSigning::never}},
                                "Whether a signature covers the body.");
    bind_enum<S3Checksum>(module, "S3Checksum",
                          {{"automatic", S3Checksum::automatic}, {"none", S3Checksum::none}, {"crc32c", S3Checksum::crc32c},
                           {"crc64nvme", S3Checksum::crc64nvme}},
                          "Which checksum goes with every object and part.");
    bind_object_records(module);
    bind_presigning(module);
    bind_credentials(module);
    bind_s3(module);
}

}  // namespace streamforge::python
