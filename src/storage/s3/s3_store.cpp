#include <algorithm>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"
#include "storage/s3/s3_bucket.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/s3/s3_headers.hpp"
#include "storage/s3/s3_open.hpp"
#include "storage/s3/s3_post_policy.hpp"
#include "storage/s3/s3_xml.hpp"
#include "storage/transfer/upload_engine.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::size_t keys_per_delete = 1000;

Capabilities s3_capabilities(const Bucket& bucket) {
    const auto& endpoint = bucket.client.endpoint();
    const auto& profile = *endpoint.profile;
    Capabilities can;
    can.backend = "s3";
    can.place = endpoint.base.origin() + endpoint.base.path;
    can.put_if_none_match = profile.conditional_create;
    can.put_if_match = profile.conditional_replace;
    can.stores_headers = true;
    can.stores_metadata = true;
    can.multipart = true;
    can.presign = true;
    can.uniform_parts = profile.uniform_parts;
    can.part_checksum = name_of(bucket.checksum);
    can.max_object_bytes = std::uint64_t{10'000} * (std::uint64_t{5} << 30);
    can.max_put_bytes = can.max_object_bytes;  // a long body goes up in parts
    can.min_part_bytes = std::uint64_t{5} << 20;
    can.max_part_bytes = std::uint64_t{5} << 30;
    return can;
}

/// The first `limit` bytes of a body; all of it when it ends before.
struct Beginning {
    Bytes bytes;
    bool whole = false;
};

Result<Beginning> read_beginning(Body& body, std::uint64_t limit, const std::stop_token& stop) {
    constexpr std::size_t first_slice = std::size_t{256} << 10;
    const auto known = body.size_bytes();
    Beginning out;
    // One byte more than the body says, so that its end, or an excess, shows.
    out.bytes.resize(static_cast<std::size_t>(known ? std::min(*known + 1, limit) : std::min<std::uint64_t>(first_slice, limit)));
    std::size_t filled = 0;
    while (true) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.put", "stopped while reading the body");
        SF_ASSIGN(const auto count, body.read(std::span(out.bytes).subspan(filled)));
        filled += count;
        if (count == 0) out.whole = true;
        if (out.whole || filled == limit) break;
        if (filled == out.bytes.size()) out.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(out.bytes.size() * 2, limit)));
    }
    out.bytes.resize(filled);
    return out;
}

class Store final : public ObjectStore {
public:
    explicit Store(std::shared_ptr<Bucket> bucket) : ObjectStore(s3_capabilities(*bucket)), bucket_(std::move(bucket)) {}

private:
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        const auto limit = bucket_->options().part_bytes;
        if (const auto view = body.in_memory(); view && view->size() <= limit) return put_bytes(*bucket_, key, *view, options, stop);
        const auto known = body.size_bytes();
        auto ticket_bytes = known ? std::min(*known, limit) : limit;
        SF_ASSIGN(auto ticket, bucket_->memory.acquire(ticket_bytes, stop));
        SF_ASSIGN(auto beginning, read_beginning(body, limit, stop));
        if (beginning.whole) return put_bytes(*bucket_, key, beginning.bytes, options, stop);
        TransferOptions transfer;
        transfer.part_bytes = limit;
        transfer.parallel = bucket_->options().parallel_parts;
        transfer.memory_bytes = bucket_->options().memory_bytes;
        SF_ASSIGN(auto report, upload_stream(*this, std::move(body), std::move(beginning.bytes), std::move(ticket), key, options, transfer,
                                             bucket_->memory, stop));
        report.info.content_type = options.content_type;
        report.info.cache_control = options.cache_control;
        report.info.metadata = options.metadata;
        return report.info;
    }

    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        return open_reader(bucket_, key, options, std::move(stop));
    }

    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        SF_ASSIGN(const auto answer, bucket_->head(key, "storage.head", std::move(stop)));
        return info_of(key, answer.headers);
    }

    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        return request.uploads ? list_uploads_page(request.options, stop) : list_objects_page(request.options, stop);
    }

    Result<ListAnswer> list_objects_page(const ListOptions& options, const std::stop_token& stop) {
        Call call{.operation = "storage.list"};
        call.query = {
            {"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(options.max_keys)}, {"prefix", options.prefix}};
        if (options.folders) call.query.emplace_back("delimiter", "/");
        if (!options.page_token.empty()) call.query.emplace_back("continuation-token", options.page_token);
        call.result_root = "ListBucketResult";
        SF_ASSIGN(const auto answer, bucket_->client.call(call, stop));
        SF_ASSIGN(auto document, parse_list(answer.body));
        if (document.page.next_page_token == options.page_token && document.truncated) {
            return make_error(Errc::malformed, "storage.list", "the store's pages do not end");
        }
        return ListAnswer{std::move(document.page), {}};
    }

    /// The token is the next key marker and upload id marker, divided by a newline, which no key holds.
    Result<ListAnswer> list_uploads_page(const ListOptions& options, const std::stop_token& stop) {
        Call call{.operation = "storage.list_uploads"};
        call.query = {{"uploads", ""},
                      {"max-uploads", std::to_string(options.max_keys)},
                      {"prefix", bucket_->profile().uploads_by_prefix ? options.prefix : ""}};
        if (const auto newline = options.page_token.find('\n'); newline != std::string::npos) {
            call.query.emplace_back("key-marker", options.page_token.substr(0, newline));
            call.query.emplace_back("upload-id-marker", options.page_token.substr(newline + 1));
        }
        call.result_root = "ListMultipartUploadsResult";
        SF_ASSIGN(const auto answer, bucket_->client.call(call, stop));
        SF_ASSIGN(auto document, parse_uploads(answer.body));
        ListAnswer list;
        list.uploads = std::move(document.uploads);
        std::erase_if(list.uploads, [&](const UploadInfo& upload) { return !upload.key.starts_with(options.prefix); });
        if (document.truncated) list.page.next_page_token = document.next_key_marker + '\n' + document.next_upload_id_marker;
        if (document.truncated && list.page.next_page_token == options.page_token) {
            return make_error(Errc::malformed, "storage.list_uploads", "the store's pages do not end");
        }
        return list;
    }

    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        RemoveReport report;
        const bool many = bucket_->profile().multi_delete && crypto::check_available(crypto::HashAlgorithm::md5).has_value();
        if (keys.size() == 1 || !many) {
            for (const auto& key : keys) {
                auto done = bucket_->client.call({.operation = "storage.remove", .method = "DELETE", .key = key}, stop);
                if (done || done.error().code == Errc::not_found) {
                    ++report.removed;
                } else if (done.error().code == Errc::cancelled) {
                    return std::move(done).error();
                } else {
                    report.failed.emplace_back(key, std::move(done).error());
                }
            }
            return report;
        }
        for (std::size_t at = 0; at < keys.size(); at += keys_per_delete) {
            SF_TRY(remove_batch(keys.subspan(at, std::min(keys_per_delete, keys.size() - at)), report, stop));
        }
        return report;
    }

    Result<void> remove_batch(std::span<const std::string> keys, RemoveReport& report, const std::stop_token& stop) {
        const auto body = write_delete(keys);
        const auto bytes = crypto::bytes_of(body);
        Call call{.operation = "storage.remove", .method = "POST", .query = {{"delete", ""}}};
        call.headers.add("content-type", "application/xml");
        call.headers.add("content-md5", crypto::base64_encode(crypto::hash(crypto::HashAlgorithm::md5, bytes).bytes()));
        call.body = bytes;
        call.body_sha256 = bucket_->body_hash(bytes);
        call.result_root = "DeleteResult";
        SF_ASSIGN(const auto answer, bucket_->client.call(call, stop));
        SF_ASSIGN(auto failed, parse_delete(answer.body));
        std::erase_if(failed, [](const auto& item) { return item.second.code == "NoSuchKey"; });
        report.removed += keys.size() - std::min(keys.size(), failed.size());
        for (auto& [key, document] : failed) {
            report.failed.emplace_back(std::move(key), error_of_code(document, "storage.remove"));
        }
        return {};
    }

    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        return copy_object(bucket_, from, to, options, std::move(stop));
    }

    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token stop) override {
        if (request.upload_id.empty()) return begin_upload(bucket_, key, request.options, std::move(stop));
        return resume_upload(bucket_, key, request.upload_id, request.options, std::move(stop));
    }

    Result<PresignedRequest> do_presign(const std::string& key, const PresignOptions& options) override {
        if (options.method == PresignMethod::post) return presign_post(bucket_->client, key, options);
        Call call{.operation = "storage.presign", .key = key};
        switch (options.method) {
            case PresignMethod::get:
            case PresignMethod::list_parts: call.method = "GET"; break;
            case PresignMethod::post:
            case PresignMethod::head: call.method = "HEAD"; break;
            case PresignMethod::put:
            case PresignMethod::put_part: call.method = "PUT"; break;
            case PresignMethod::begin_multipart:
            case PresignMethod::complete_multipart: call.method = "POST"; break;
            case PresignMethod::abort_multipart: call.method = "DELETE"; break;
        }
        if (options.method == PresignMethod::begin_multipart) call.query.emplace_back("uploads", "");
        if (options.method == PresignMethod::put_part) call.query.emplace_back("partNumber", std::to_string(options.part_number));
        if (!options.upload_id.empty()) call.query.emplace_back("uploadId", options.upload_id);
        if (!options.content_type.empty()) call.headers.add("content-type", options.content_type);
        if (!options.checksum.empty()) {
            const auto sum = split_checksum(options.checksum);
            if (!sum) return make_error(Errc::invalid_argument, "storage.presign", "checksum is not of a known kind");
            call.headers.add(header_of(checksum_by_name(sum->first)), std::string(sum->second));
        }
        return bucket_->client.presign(call, options.expires_in);
    }

    std::shared_ptr<Bucket> bucket_;
};

}  // namespace

std::shared_ptr<ObjectStore> make_store(std::shared_ptr<Bucket> bucket) { return std::make_shared<Store>(std::move(bucket)); }

}  // namespace streamforge::storage::s3
