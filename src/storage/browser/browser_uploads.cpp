#include <streamforge/storage/browser_uploads.hpp>

#include <algorithm>

#include <streamforge/storage/key.hpp>

#include "core/try.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/transfer/part_plan.hpp"

namespace streamforge::storage {
namespace {

constexpr auto operation = "storage.browser_upload";
constexpr std::size_t max_parts_at_once = 1000;

Error bad(std::string message) { return make_error(Errc::invalid_argument, operation, std::move(message)); }

/// What the client says of the parts against what the store has.
Result<void> compare(std::span<const SentPart> sent, const std::vector<PartInfo>& held) {
    if (sent.size() != held.size()) {
        return make_error(Errc::integrity, operation, "the store does not have all parts that were sent")
            .with("sent", std::to_string(sent.size()))
            .with("held", std::to_string(held.size()));
    }
    for (std::size_t index = 0; index < held.size(); ++index) {
        const bool same_tag =
            sent[index].etag.empty() || sent[index].etag == held[index].etag || '"' + sent[index].etag + '"' == held[index].etag;
        if (sent[index].number != index + 1 || held[index].number != index + 1 || !same_tag) {
            return make_error(Errc::integrity, operation, "a part is missing or is not the one that was sent")
                .with("number", std::to_string(index + 1));
        }
    }
    return {};
}

/// The client's checksums combined; nothing when one is missing.
std::optional<std::string> combined(std::span<const SentPart> sent, std::vector<PartInfo> held) {
    for (std::size_t index = 0; index < held.size(); ++index) held[index].checksum = sent[index].checksum;
    return s3::combine_checksums(S3Checksum::crc64nvme, held);
}

}  // namespace

Result<void> BrowserUploadPolicy::validate() const {
    SF_TRY(validate_prefix(prefix));
    if (!prefix.empty() && !prefix.ends_with('/')) return bad("prefix must end with '/'");
    if (part_bytes == 0) return bad("part_bytes must be above 0");
    if (expires_in.count() < 1 || expires_in > std::chrono::hours(7 * 24)) return bad("expires_in must be from 1 s to 7 days");
    return {};
}

Result<BrowserUploads> BrowserUploads::make(std::shared_ptr<ObjectStore> store, BrowserUploadPolicy policy) {
    if (!store) return bad("there is no store");
    SF_TRY(policy.validate());
    if (!store->capabilities().multipart || !store->capabilities().presign) {
        return make_error(Errc::unsupported, operation, "this store has no presigned uploads in parts")
            .with("backend", store->capabilities().backend);
    }
    return BrowserUploads(std::move(store), std::move(policy));
}

Result<void> BrowserUploads::check_key(std::string_view key) const {
    SF_TRY(validate_key(key));
    if (key.starts_with(policy_.prefix)) return {};
    return make_error(Errc::permission_denied, operation, "the key is not below the uploads' prefix").with("key", std::string(key));
}

Result<UploadPlan> BrowserUploads::create(std::string_view name, std::uint64_t size_bytes, std::string_view content_type,
                                          bool client_checksums, std::stop_token stop) const {
    if (size_bytes > policy_.max_object_bytes) {
        return make_error(Errc::limit_exceeded, operation, "the file is longer than uploads may be")
            .with("max_bytes", std::to_string(policy_.max_object_bytes));
    }
    std::string key(name);
    if (policy_.key_for) {
        SF_ASSIGN(key, policy_.key_for(name));
    }
    key = policy_.prefix + key;
    SF_TRY(check_key(key));
    // Stores differ in what they think of the checksum of nothing.
    const bool checksums = client_checksums && size_bytes > 0 && store_->capabilities().part_checksum == "crc64nvme";
    SF_ASSIGN(const auto cut, plan_parts(size_bytes, store_->capabilities(), policy_.part_bytes, 0));
    SF_ASSIGN(const auto upload,
              store_->begin_multipart(
                  key, {.content_type = std::string(content_type), .cache_control = policy_.cache_control, .parts_by_others = !checksums},
                  std::move(stop)));
    return UploadPlan{key, upload->upload_id(), size_bytes, cut.part_bytes, cut.count(), checksums};
}

Result<std::vector<PresignedRequest>> BrowserUploads::sign_parts(std::string_view key, std::string_view upload_id,
                                                                 std::span<const PartToSign> parts) const {
    SF_TRY(check_key(key));
    if (parts.empty() || parts.size() > max_parts_at_once) return bad("from 1 to 1000 parts at once");
    std::vector<PresignedRequest> requests;
    requests.reserve(parts.size());
    for (const auto& part : parts) {
        if (part.number == 0 || part.number > store_->capabilities().max_parts) return bad("part numbers go from 1 to the store's limit");
        SF_ASSIGN(auto request, store_->presign(key, {.method = PresignMethod::put_part,
                                                      .expires_in = policy_.expires_in,
                                                      .upload_id = std::string(upload_id),
                                                      .part_number = part.number,
                                                      .checksum = part.checksum}));
        requests.push_back(std::move(request));
    }
    return requests;
}

Result<PresignedRequest> BrowserUploads::sign_request(std::string_view method, std::string_view key, std::string_view upload_id,
                                                      std::uint32_t part_number) const {
    SF_TRY(check_key(key));
    PresignOptions wanted{.expires_in = policy_.expires_in, .upload_id = std::string(upload_id), .part_number = part_number};
    const bool whole = upload_id.empty();
    const bool is_part = part_number != 0;
    if (method == "PUT" && whole && !is_part)
        wanted.method = PresignMethod::put;
    else if (method == "PUT" && !whole && is_part)
        wanted.method = PresignMethod::put_part;
    else if (method == "POST" && whole && !is_part)
        wanted.method = PresignMethod::begin_multipart;
    else if (method == "POST" && !is_part)
        wanted.method = PresignMethod::complete_multipart;
    else if (method == "GET" && !whole && !is_part)
        wanted.method = PresignMethod::list_parts;
    else if (method == "DELETE" && !whole && !is_part)
        wanted.method = PresignMethod::abort_multipart;
    else
        return make_error(Errc::permission_denied, operation, "this request is no part of an upload");
    return store_->presign(key, wanted);
}

Result<std::unique_ptr<MultipartUpload>> BrowserUploads::take_up(std::string_view key, std::string_view upload_id,
                                                                 std::stop_token stop) const {
    SF_TRY(check_key(key));
    return store_->resume_multipart(key, upload_id, {}, std::move(stop));
}

Result<std::vector<PartInfo>> BrowserUploads::list_parts(std::string_view key, std::string_view upload_id, std::stop_token stop) const {
    SF_ASSIGN(const auto upload, take_up(key, upload_id, stop));
    return upload->list_parts(stop);
}

Result<FinishedUpload> BrowserUploads::complete(std::string_view key, std::string_view upload_id, std::span<const SentPart> parts,
                                                std::stop_token stop) const {
    SF_ASSIGN(const auto upload, take_up(key, upload_id, stop));
    SF_ASSIGN(auto held, upload->list_parts(stop));
    SF_TRY(compare(parts, held));
    const auto whole = combined(parts, held);
    FinishedUpload finished;
    SF_ASSIGN(finished.info, upload->complete(held, stop));
    SF_ASSIGN(finished.info, store_->head(key, stop));
    if (!whole || s3::checksum_by_name(std::string_view(finished.info.checksum).substr(0, finished.info.checksum.find('='))) !=
                      S3Checksum::crc64nvme) {
        return finished;
    }
    finished.verified = finished.info.checksum == *whole;
    if (finished.verified) return finished;
    (void)store_->remove(key, stop);
    return make_error(Errc::integrity, operation, "the store holds other bytes than the browser read").with("key", std::string(key));
}

Result<void> BrowserUploads::abort(std::string_view key, std::string_view upload_id, std::stop_token stop) const {
    auto upload = take_up(key, upload_id, std::move(stop));
    if (!upload) return upload.error().code == Errc::not_found ? Result<void>() : std::move(upload).error();
    return (*upload)->abort();
}

}  // namespace streamforge::storage
