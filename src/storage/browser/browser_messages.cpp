// The messages of the JavaScript uploader: docs/schema/browser-uploads.md.
#include <nlohmann/json.hpp>

#include <streamforge/storage/browser_uploads.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_message_bytes = std::size_t{4} << 20;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Error malformed(const char* message) { return make_error(Errc::malformed, "storage.browser_upload", message); }

std::string text(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<std::uint64_t> number(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_unsigned()) return malformed("a number is missing from the message");
    return found->get<std::uint64_t>();
}

const Json& list(const Json& json, const char* name) {
    static const Json none = Json::array();
    const auto found = json.find(name);
    return found != json.end() && found->is_array() ? *found : none;
}

Result<Json> create(const BrowserUploads& uploads, const Json& message, std::stop_token stop) {
    SF_ASSIGN(const auto size, number(message, "size"));
    SF_ASSIGN(const auto plan, uploads.create(text(message, "name"), size, text(message, "type"),
                                              message.value("checksums", Json()) == true, std::move(stop)));
    return Json{{"key", plan.key},
                {"uploadId", plan.upload_id},
                {"partSize", plan.part_bytes},
                {"parts", plan.parts},
                {"checksums", plan.checksums}};
}

Result<std::vector<SentPart>> sent_parts(const Json& message) {
    std::vector<SentPart> parts;
    for (const auto& item : list(message, "parts")) {
        if (!item.is_object()) return malformed("a part is no object");
        SF_ASSIGN(const auto part_number, number(item, "number"));
        if (part_number > 100'000) return malformed("a part's number is too large");
        const auto sum = text(item, "crc64nvme");
        parts.push_back({static_cast<std::uint32_t>(part_number), text(item, "etag"), sum.empty() ? "" : "crc64nvme=" + sum});
    }
    return parts;
}

Result<Json> sign(const BrowserUploads& uploads, const Json& message) {
    SF_ASSIGN(const auto sent, sent_parts(message));
    std::vector<PartToSign> parts;
    for (const auto& part : sent) parts.push_back({part.number, part.checksum});
    SF_ASSIGN(const auto requests, uploads.sign_parts(text(message, "key"), text(message, "uploadId"), parts));
    Json all = Json::array();
    for (std::size_t index = 0; index < requests.size(); ++index) {
        Json headers = Json::object();
        for (const auto& [name, value] : requests[index].headers) headers[name] = value;
        all.push_back(
            {{"number", parts[index].number}, {"url", std::string(requests[index].url.reveal())}, {"headers", std::move(headers)}});
    }
    const auto expires = std::chrono::duration_cast<std::chrono::seconds>(requests.front().expires_at.time_since_epoch()).count();
    return Json{{"parts", std::move(all)}, {"expires", expires}};
}

Result<Json> sign_request(const BrowserUploads& uploads, const Json& message) {
    const auto part = message.contains("partNumber") ? number(message, "partNumber") : Result<std::uint64_t>(0);
    if (!part) return part.error();
    if (*part > 100'000) return malformed("a part's number is too large");
    SF_ASSIGN(const auto request, uploads.sign_request(text(message, "method"), text(message, "key"), text(message, "uploadId"),
                                                       static_cast<std::uint32_t>(*part)));
    return Json{{"url", std::string(request.url.reveal())}};
}

Result<Json> list_parts(const BrowserUploads& uploads, const Json& message, std::stop_token stop) {
    SF_ASSIGN(const auto parts, uploads.list_parts(text(message, "key"), text(message, "uploadId"), std::move(stop)));
    Json all = Json::array();
    for (const auto& part : parts) all.push_back({{"number", part.number}, {"size", part.size_bytes}, {"etag", part.etag}});
    return Json{{"parts", std::move(all)}};
}

Result<Json> complete(const BrowserUploads& uploads, const Json& message, std::stop_token stop) {
    SF_ASSIGN(const auto parts, sent_parts(message));
    SF_ASSIGN(const auto done, uploads.complete(text(message, "key"), text(message, "uploadId"), parts, std::move(stop)));
    return Json{{"key", done.info.key}, {"size", done.info.size_bytes}, {"etag", done.info.etag}, {"verified", done.verified}};
}

Result<Json> act(const BrowserUploads& uploads, std::string_view message_text, std::stop_token stop) {
    if (message_text.size() > max_message_bytes) return malformed("the message is too long");
    const auto message = Json::parse(message_text, nullptr, false);
    if (!message.is_object()) return malformed("the message is no JSON object");
    const auto action = text(message, "action");
    if (action == "create") return create(uploads, message, std::move(stop));
    if (action == "sign") return sign(uploads, message);
    if (action == "presign") return sign_request(uploads, message);
    if (action == "list") return list_parts(uploads, message, std::move(stop));
    if (action == "complete") return complete(uploads, message, std::move(stop));
    if (action == "abort") {
        SF_TRY(uploads.abort(text(message, "key"), text(message, "uploadId"), std::move(stop)));
        return Json::object();
    }
    return malformed("the message's action is none of create, sign, presign, list, complete, abort");
}

}  // namespace

std::string BrowserUploads::answer(std::string_view json, std::stop_token stop) const {
    const auto outcome = act(*this, json, std::move(stop));
    if (outcome) return dump(*outcome);
    // Only our own words: what the store said is not for browsers.
    return dump({{"error", {{"code", to_string(outcome.error().code)}, {"message", outcome.error().message}}}});
}

}  // namespace streamforge::storage
