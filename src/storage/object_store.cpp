#include <streamforge/storage/object_store.hpp>

#include <algorithm>

#include <streamforge/storage/content_type.hpp>
#include <streamforge/storage/key.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr std::uint32_t max_keys_per_page = 1000;

Error unsupported(std::string operation, const Capabilities& capabilities, std::string_view what) {
    return make_error(Errc::unsupported, std::move(operation), "this store has no " + std::string(what))
        .with("backend", capabilities.backend);
}

Result<void> not_stopped(const std::stop_token& stop, const char* operation) {
    if (stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped before it began");
    return {};
}

Result<void> check_conditions(const PutOptions& options, const Capabilities& capabilities, const char* operation) {
    if (options.if_none_match && !capabilities.put_if_none_match) {
        return unsupported(operation, capabilities, "atomic creation (if_none_match)");
    }
    if (!options.if_match.empty() && !capabilities.put_if_match) {
        return unsupported(operation, capabilities, "conditional replacement (if_match)");
    }
    if (!options.metadata.empty() && !capabilities.stores_metadata) {
        return unsupported(operation, capabilities, "user metadata");
    }
    return {};
}

bool is_header_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_metadata_name(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Error bad_field(std::string_view field, std::string_view rule) {
    return make_error(Errc::invalid_argument, "storage.put", std::string(field) + " " + std::string(rule));
}

PutOptions with_content_type(const PutOptions& options, std::string_view key) {
    PutOptions complete = options;
    if (complete.content_type.empty()) complete.content_type = content_type_for(key);
    return complete;
}

Result<void> check_presign(const PresignOptions& options) {
    constexpr std::chrono::hours longest{7 * 24};
    const auto fail = [](std::string_view message) { return make_error(Errc::invalid_argument, "storage.presign", std::string(message)); };
    if (options.expires_in.count() < 1 || options.expires_in > longest) return fail("expires_in must be from 1 s to 7 days");
    if (!is_header_text(options.content_type)) return fail("content_type must be printable ASCII");
    if (options.min_bytes > options.max_bytes) return fail("min_bytes must not be above max_bytes");
    const bool multipart = options.method == PresignMethod::put_part || options.method == PresignMethod::list_parts ||
                           options.method == PresignMethod::complete_multipart || options.method == PresignMethod::abort_multipart;
    if (multipart == options.upload_id.empty()) return fail("upload_id belongs to the multipart methods, and only to them");
    if ((options.method == PresignMethod::put_part) == (options.part_number == 0)) {
        return fail("part_number belongs to put_part, and only to it");
    }
    return {};
}

}  // namespace

ObjectReader::~ObjectReader() = default;
ObjectStore::~ObjectStore() = default;

Result<void> PutOptions::validate() const {
    if (!is_header_text(content_type)) return bad_field("content_type", "must be printable ASCII");
    if (!is_header_text(cache_control)) return bad_field("cache_control", "must be printable ASCII");
    if (!is_header_text(if_match)) return bad_field("if_match", "must be printable ASCII");
    if (if_none_match && !if_match.empty()) return bad_field("if_match", "contradicts if_none_match");
    for (const auto& [name, value] : metadata) {
        if (!is_metadata_name(name)) return bad_field("metadata", "names must be of a-z, 0-9 and '-'").with("name", name);
        if (!is_header_text(value)) return bad_field("metadata", "values must be printable ASCII").with("name", name);
    }
    return {};
}

Result<ObjectInfo> ObjectStore::put(std::string_view key, Body body, const PutOptions& options, std::stop_token stop) {
    SF_TRY(validate_key(key));
    SF_TRY(options.validate());
    SF_TRY(check_conditions(options, capabilities_, "storage.put"));
    SF_TRY(not_stopped(stop, "storage.put"));
    if (body.size_bytes().value_or(0) > capabilities_.max_put_bytes) {
        return make_error(Errc::limit_exceeded, "storage.put", "the object is too long for one put; upload it in parts")
            .with("key", std::string(key));
    }
    return do_put(std::string(key), std::move(body), with_content_type(options, key), std::move(stop));
}

Result<std::unique_ptr<ObjectReader>> ObjectStore::get(std::string_view key, const GetOptions& options, std::stop_token stop) {
    SF_TRY(validate_key(key));
    SF_TRY(not_stopped(stop, "storage.get"));
    if (options.range && options.range->length == 0) {
        return make_error(Errc::invalid_argument, "storage.get", "the range is empty").with("key", std::string(key));
    }
    return do_get(std::string(key), options, std::move(stop));
}

Result<ObjectBytes> ObjectStore::get_bytes(std::string_view key, const GetOptions& options, std::stop_token stop, std::uint64_t max_bytes) {
    SF_ASSIGN(auto reader, get(key, options, stop));
    if (reader->range().length > max_bytes) {
        return make_error(Errc::limit_exceeded, "storage.get", "the object is longer than the caller allows in memory")
            .with("key", std::string(key))
            .with("max_bytes", std::to_string(max_bytes));
    }
    ObjectBytes object{reader->info(), Bytes(static_cast<std::size_t>(reader->range().length))};
    std::span<std::uint8_t> rest(object.bytes);
    constexpr std::size_t slice_bytes = std::size_t{4} << 20;  // a stop request is seen between slices
    while (!rest.empty()) {
        SF_TRY(not_stopped(stop, "storage.get"));
        SF_ASSIGN(const auto count, reader->read(rest.first(std::min(rest.size(), slice_bytes))));
        if (count == 0) {
            return make_error(Errc::integrity, "storage.get", "the object ended early").with("key", std::string(key));
        }
        rest = rest.subspan(count);
    }
    return object;
}

Result<ObjectInfo> ObjectStore::head(std::string_view key, std::stop_token stop) {
    SF_TRY(validate_key(key));
    SF_TRY(not_stopped(stop, "storage.head"));
    return do_head(std::string(key), std::move(stop));
}

Result<ListPage> ObjectStore::list(const ListOptions& options, std::stop_token stop) {
    SF_TRY(validate_prefix(options.prefix));
    SF_TRY(not_stopped(stop, "storage.list"));
    if (options.max_keys == 0 || options.max_keys > max_keys_per_page) {
        return make_error(Errc::invalid_argument, "storage.list", "max_keys must be from 1 to 1000");
    }
    SF_ASSIGN(auto answer, do_list({options, false}, std::move(stop)));
    return std::move(answer.page);
}

Result<std::vector<ObjectInfo>> ObjectStore::list_all(std::string_view prefix, std::stop_token stop, std::size_t max_keys) {
    std::vector<ObjectInfo> objects;
    ListOptions options{.prefix = std::string(prefix)};
    do {
        SF_ASSIGN(auto page, list(options, stop));
        if (page.objects.size() > max_keys - objects.size()) {
            return make_error(Errc::limit_exceeded, "storage.list", "there are more objects than the caller allows")
                .with("max_keys", std::to_string(max_keys));
        }
        std::move(page.objects.begin(), page.objects.end(), std::back_inserter(objects));
        options.page_token = std::move(page.next_page_token);
    } while (!options.page_token.empty());
    return objects;
}

Result<UploadPage> ObjectStore::list_uploads(std::string_view prefix, std::string_view page_token, std::stop_token stop) {
    SF_TRY(validate_prefix(prefix));
    SF_TRY(not_stopped(stop, "storage.list_uploads"));
    if (!capabilities_.multipart) return unsupported("storage.list_uploads", capabilities_, "multipart uploads");
    ListRequest request;
    request.options.prefix = prefix;
    request.options.page_token = page_token;
    request.uploads = true;
    SF_ASSIGN(auto answer, do_list(request, std::move(stop)));
    return UploadPage{std::move(answer.uploads), std::move(answer.page.next_page_token)};
}

Result<RemoveReport> ObjectStore::remove(std::span<const std::string> keys, std::stop_token stop) {
    SF_TRY(not_stopped(stop, "storage.remove"));
    RemoveReport bad;
    std::vector<std::string> good;
    good.reserve(keys.size());
    for (const auto& key : keys) {
        if (auto valid = validate_key(key); valid)
            good.push_back(key);
        else
            bad.failed.emplace_back(key, std::move(valid).error());
    }
    if (good.empty()) return bad;
    SF_ASSIGN(auto report, do_remove(good, std::move(stop)));
    std::move(bad.failed.begin(), bad.failed.end(), std::back_inserter(report.failed));
    return report;
}

Result<void> ObjectStore::remove(std::string_view key, std::stop_token stop) {
    const std::string keys[] = {std::string(key)};
    SF_ASSIGN(auto report, remove(std::span<const std::string>(keys), std::move(stop)));
    if (!report.failed.empty()) return std::move(report.failed.front().second);
    return {};
}

Result<ObjectInfo> ObjectStore::copy(std::string_view from, std::string_view to, const CopyOptions& options, std::stop_token stop) {
    SF_TRY(validate_key(from));
    SF_TRY(validate_key(to));
    SF_TRY(check_conditions({.if_none_match = options.if_none_match}, capabilities_, "storage.copy"));
    SF_TRY(not_stopped(stop, "storage.copy"));
    return do_copy(std::string(from), std::string(to), options, std::move(stop));
}

Result<std::unique_ptr<MultipartUpload>> ObjectStore::begin_multipart(std::string_view key, const PutOptions& options,
                                                                      std::stop_token stop) {
    SF_TRY(validate_key(key));
    SF_TRY(options.validate());
    if (!capabilities_.multipart) return unsupported("storage.begin_multipart", capabilities_, "multipart uploads");
    SF_TRY(check_conditions(options, capabilities_, "storage.begin_multipart"));
    SF_TRY(not_stopped(stop, "storage.begin_multipart"));
    return do_multipart(std::string(key), {with_content_type(options, key), {}}, std::move(stop));
}

Result<std::unique_ptr<MultipartUpload>> ObjectStore::resume_multipart(std::string_view key, std::string_view upload_id,
                                                                       const PutOptions& options, std::stop_token stop) {
    SF_TRY(validate_key(key));
    SF_TRY(options.validate());
    if (!capabilities_.multipart) return unsupported("storage.resume_multipart", capabilities_, "multipart uploads");
    SF_TRY(check_conditions(options, capabilities_, "storage.resume_multipart"));
    if (upload_id.empty()) return make_error(Errc::invalid_argument, "storage.resume_multipart", "the upload id is empty");
    SF_TRY(not_stopped(stop, "storage.resume_multipart"));
    return do_multipart(std::string(key), {options, std::string(upload_id)}, std::move(stop));
}

Result<PresignedRequest> ObjectStore::presign(std::string_view key, const PresignOptions& options) {
    SF_TRY(validate_key(key));
    SF_TRY(check_presign(options));
    if (!capabilities_.presign) return unsupported("storage.presign", capabilities_, "presigned requests");
    return do_presign(std::string(key), options);
}

Result<std::unique_ptr<MultipartUpload>> ObjectStore::do_multipart(const std::string&, const MultipartRequest&, std::stop_token) {
    return unsupported("storage.multipart", capabilities_, "multipart uploads");
}

Result<PresignedRequest> ObjectStore::do_presign(const std::string&, const PresignOptions&) {
    return unsupported("storage.presign", capabilities_, "presigned requests");
}

}  // namespace streamforge::storage
