#include <streamforge/server/origin.hpp>

#include <algorithm>

#include <streamforge/server/problem.hpp>
#include <streamforge/server/range.hpp>
#include <streamforge/storage/key.hpp>

#include "core/try.hpp"
#include "server/conditions.hpp"
#include "server/text.hpp"

namespace streamforge::server {
namespace {

using storage::ObjectInfo;
using storage::ObjectReader;

bool has_extension(std::string_view key, std::initializer_list<std::string_view> extensions) {
    const auto dot = key.find_last_of("./");
    if (dot == std::string_view::npos || key[dot] != '.') return false;
    const auto extension = key.substr(dot + 1);
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](std::string_view candidate) { return equal_ignoring_case(extension, candidate); });
}

class Origin {
public:
    Origin(std::shared_ptr<storage::ObjectStore> store, OriginOptions options) : store_(std::move(store)), options_(std::move(options)) {}

    Response handle(const Request& request) const {
        if (request.method != "GET" && request.method != "HEAD") return refuse_method(request);
        if (!request.path.starts_with('/')) return not_found();
        const auto key = options_.prefix + request.path.substr(1);
        if (!storage::validate_key(key)) return not_found();
        // The object may be replaced between looking and opening; then look again.
        constexpr int attempts = 3;
        for (int attempt = 1;; ++attempt) {
            auto info = store_->head(key);
            if (!info) return failed(std::move(info).error());
            auto response = answer(request, *info);
            if (response) return *std::move(response);
            const auto code = response.error().code;
            const bool changed = code == Errc::precondition_failed || code == Errc::invalid_argument;
            if (!changed || attempt == attempts) return failed(std::move(response).error());
        }
    }

private:
    static Response refuse_method(const Request& request) {
        Response response;
        if (request.method == "OPTIONS")
            response.status = 204;
        else
            response = make_problem(405, "method_not_allowed", "Objects can only be read here.");
        response.headers.set("Allow", "GET, HEAD, OPTIONS");
        return response;
    }

    static Response not_found() { return make_problem(404, "not_found", "There is nothing at this path."); }

    Response failed(const Error& error) const {
        if (error.code == Errc::not_found) return not_found();
        if (error.code == Errc::permission_denied) return make_problem(403, to_string(error.code), "This object may not be read.");
        if (options_.log) options_.log(LogLevel::error, "origin", error.describe());
        // Whatever the store lacks or refuses is no fault of the client's, who only named a key.
        auto own = error;
        if (status_of(own.code) < 500) own.code = Errc::internal;
        return make_problem(own);
    }

    const std::string& cache_control(const ObjectInfo& info) const {
        if (!info.cache_control.empty()) return info.cache_control;
        if (has_extension(info.key, {"m3u8", "mpd"})) return options_.manifest_cache_control;
        const bool media = has_extension(info.key, {"m4s", "cmfv", "cmfa", "cmft", "mp4", "m4v", "m4a", "ts", "aac", "mp3", "webm", "mov"});
        return media ? options_.media_cache_control : options_.other_cache_control;
    }

    Result<Response> answer(const Request& request, const ObjectInfo& info) const {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const Validators current{info.etag, std::chrono::floor<std::chrono::seconds>(info.last_modified)};
        Response response;
        response.headers.set("ETag", info.etag);
        response.headers.set("Last-Modified", format_http_date(current.last_modified));
        response.headers.set("Cache-Control", cache_control(info));
        response.headers.set("Accept-Ranges", "bytes");
        response.headers.set("X-Content-Type-Options", "nosniff");

        const auto condition = evaluate_conditions(request.headers, current, now);
        if (condition == Condition::failed) return make_problem(412, "precondition_failed", "The object is another version.");
        if (condition == Condition::not_modified) {
            response.status = 304;
            return response;
        }
        response.headers.set("Content-Type", info.content_type);
        RangeOutcome range;
        if (request.method == "GET" && range_applies(request.headers, current, now)) {
            range = resolve_range(request.headers.get("Range"), info.size_bytes);
        }
        if (range.kind == RangeOutcome::Kind::unsatisfiable) return unsatisfiable(info);
        if (request.method == "HEAD") return without_body(std::move(response), info);
        SF_TRY(open_body(info, range, response));
        return response;
    }

    static Response unsatisfiable(const ObjectInfo& info) {
        auto response = make_problem(416, "range_not_satisfiable", "The range begins past the end of the object.");
        response.headers.set("Content-Range", "bytes */" + std::to_string(info.size_bytes));
        return response;
    }

    /// A body that only tells its length: a HEAD answer has the Content-Length of the GET.
    static Response without_body(Response response, const ObjectInfo& info) {
        response.body =
            storage::Body::stream([](std::span<std::uint8_t>) -> Result<std::size_t> { return std::size_t{0}; }, info.size_bytes);
        return response;
    }

    Result<void> open_body(const ObjectInfo& info, const RangeOutcome& range, Response& response) const {
        storage::GetOptions get;
        get.if_match = info.etag;
        if (range.kind == RangeOutcome::Kind::part) {
            get.range = range.range;
            response.status = 206;
            const auto last = range.range.offset + range.range.length - 1;
            response.headers.set("Content-Range", "bytes " + std::to_string(range.range.offset) + "-" + std::to_string(last) + "/" +
                                                      std::to_string(info.size_bytes));
        }
        SF_ASSIGN(auto opened, store_->get(info.key, get));
        const auto length = opened->range().length;
        response.body = storage::Body::stream(
            [reader = std::shared_ptr<ObjectReader>(std::move(opened))](std::span<std::uint8_t> into) { return reader->read(into); },
            length);
        return {};
    }

    std::shared_ptr<storage::ObjectStore> store_;
    OriginOptions options_;
};

Result<void> check_header(std::string_view field, std::string_view value) {
    const bool valid = std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (valid) return {};
    return make_error(Errc::invalid_argument, "server.origin", std::string(field) + " must be printable ASCII");
}

}  // namespace

Result<void> OriginOptions::validate() const {
    SF_TRY(storage::validate_prefix(prefix));
    if (!prefix.empty() && !prefix.ends_with('/')) {
        return make_error(Errc::invalid_argument, "server.origin", "prefix must be empty or end with '/'");
    }
    SF_TRY(check_header("manifest_cache_control", manifest_cache_control));
    SF_TRY(check_header("media_cache_control", media_cache_control));
    return check_header("other_cache_control", other_cache_control);
}

Result<Handler> make_origin(std::shared_ptr<storage::ObjectStore> store, const OriginOptions& options) {
    if (!store) return make_error(Errc::invalid_argument, "server.origin", "store must not be null");
    SF_TRY(options.validate());
    return Handler(
        [origin = std::make_shared<const Origin>(std::move(store), options)](const Request& request) { return origin->handle(request); });
}

}  // namespace streamforge::server
