#include "storage/s3/s3_failure.hpp"

#include <algorithm>
#include <array>

#include "storage/s3/http_time.hpp"

namespace streamforge::storage::s3 {
namespace {

using http::RetryKind;

struct Meaning {
    std::string_view code;
    Errc errc;
    RetryKind kind;
    std::string_view message;
    Remedy remedy = Remedy::none;
};

constexpr auto none = RetryKind::none;
constexpr auto transient = RetryKind::transient;
constexpr auto throttling = RetryKind::throttling;
constexpr auto fresh = RetryKind::fresh;

constexpr std::array meanings{
    Meaning{"NoSuchKey", Errc::not_found, none, "there is no such object"},
    Meaning{"NoSuchVersion", Errc::not_found, none, "there is no such object"},
    Meaning{"NoSuchUpload", Errc::not_found, none, "the upload was completed or aborted, or never begun"},
    Meaning{"NoSuchBucket", Errc::not_found, none, "there is no such bucket"},
    Meaning{"AccessDenied", Errc::permission_denied, none, "the store refuses access"},
    Meaning{"AllAccessDisabled", Errc::permission_denied, none, "the store refuses access"},
    Meaning{"InvalidObjectState", Errc::permission_denied, none, "the object is archived and must be restored first"},
    Meaning{"InvalidAccessKeyId", Errc::unauthenticated, none, "the store does not know the access key"},
    Meaning{"XAdminUserNotFound", Errc::unauthenticated, none, "the store does not know the access key"},
    Meaning{"SignatureDoesNotMatch", Errc::unauthenticated, none, "the store does not accept the signature: the secret key may be wrong"},
    Meaning{"ExpiredToken", Errc::unauthenticated, fresh, "the credentials have expired", Remedy::renew_credentials},
    Meaning{"TokenRefreshRequired", Errc::unauthenticated, fresh, "the credentials have expired", Remedy::renew_credentials},
    Meaning{"InvalidToken", Errc::unauthenticated, fresh, "the session token is not valid", Remedy::renew_credentials},
    Meaning{"RequestTimeTooSkewed", Errc::unauthenticated, fresh, "this machine's clock is wrong", Remedy::correct_clock},
    Meaning{"AuthorizationHeaderMalformed", Errc::invalid_argument, fresh, "the region is not the bucket's", Remedy::change_region},
    Meaning{"PermanentRedirect", Errc::invalid_argument, fresh, "the bucket is at another endpoint", Remedy::change_region},
    Meaning{"TemporaryRedirect", Errc::unavailable, transient, "the bucket is moving"},
    Meaning{"PreconditionFailed", Errc::precondition_failed, none, "the object is not what the condition asks for"},
    Meaning{"ConditionalRequestConflict", Errc::precondition_failed, transient, "another write to the object is going on"},
    Meaning{"OperationAborted", Errc::unavailable, transient, "another operation on the object is going on"},
    Meaning{"InvalidRange", Errc::invalid_argument, none, "the range begins past the object's end"},
    Meaning{"EntityTooLarge", Errc::limit_exceeded, none, "the object or part is too long for the store"},
    Meaning{"EntityTooSmall", Errc::integrity, none, "a part is shorter than the store takes"},
    Meaning{"InvalidPart", Errc::integrity, none, "a part is missing or is not the one that was stored"},
    Meaning{"InvalidPartOrder", Errc::integrity, none, "the parts are not in order"},
    Meaning{"BadDigest", Errc::integrity, transient, "the bytes that arrived do not match their checksum"},
    Meaning{"XAmzContentChecksumMismatch", Errc::integrity, transient, "the bytes that arrived do not match their checksum"},
    Meaning{"XAmzContentSHA256Mismatch", Errc::integrity, transient, "the bytes that arrived do not match their hash"},
    Meaning{"IncompleteBody", Errc::network, transient, "the request did not arrive whole"},
    Meaning{"RequestTimeout", Errc::timed_out, transient, "the request arrived too slowly"},
    Meaning{"SlowDown", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"SlowDownRead", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"SlowDownWrite", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"Throttling", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"ThrottlingException", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"RequestLimitExceeded", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"TooManyRequests", Errc::throttled, throttling, "the store asks to slow down"},
    Meaning{"ServiceUnavailable", Errc::unavailable, throttling, "the store is not available"},
    Meaning{"InternalError", Errc::unavailable, transient, "the store failed"},
    Meaning{"InternalErrors", Errc::unavailable, transient, "the store failed"},
    Meaning{"QuotaExceeded", Errc::no_space, none, "the quota is used up"},
    Meaning{"XMinioStorageFull", Errc::no_space, none, "the store is full"},
    Meaning{"NotImplemented", Errc::unsupported, none, "the store cannot do this"},
    Meaning{"MethodNotAllowed", Errc::unsupported, none, "the store does not allow this here"},
    Meaning{"KeyTooLongError", Errc::invalid_argument, none, "the key is too long for the store"},
    Meaning{"XMinioParentIsObject", Errc::not_a_file, none, "a part of the key's path is an object at this store"},
    Meaning{"XMinioObjectExistsAsDirectory", Errc::not_a_file, none, "the key is a folder of other objects at this store"},
    Meaning{"ExistingObjectIsDirectory", Errc::not_a_file, none, "the key is a folder of other objects at this store"},
    Meaning{"ExistingObjectIsFile", Errc::not_a_file, none, "a part of the key's path is an object at this store"},
    Meaning{"ObjectParentIsFile", Errc::not_a_file, none, "a part of the key's path is an object at this store"},
};

Meaning meaning_of_status(int status) {
    switch (status) {
        case 301:
        case 307:
        case 308: return {{}, Errc::invalid_argument, fresh, "the bucket is at another endpoint", Remedy::change_region};
        case 401: return {{}, Errc::unauthenticated, none, "the store wants credentials"};
        case 403: return {{}, Errc::permission_denied, none, "the store refuses access"};
        case 404: return {{}, Errc::not_found, none, "there is no such object"};
        case 405: return {{}, Errc::unsupported, none, "the store does not allow this here"};
        case 408: return {{}, Errc::timed_out, transient, "the request arrived too slowly"};
        case 409: return {{}, Errc::precondition_failed, transient, "another operation on the object is going on"};
        case 412: return {{}, Errc::precondition_failed, none, "the object is not what the condition asks for"};
        case 416: return {{}, Errc::invalid_argument, none, "the range begins past the object's end"};
        case 429: return {{}, Errc::throttled, throttling, "the store asks to slow down"};
        case 501: return {{}, Errc::unsupported, none, "the store cannot do this"};
        case 503: return {{}, Errc::throttled, throttling, "the store is not available"};
        case 507: return {{}, Errc::no_space, none, "the store is full"};
        default: break;
    }
    if (status >= 500) return {{}, Errc::unavailable, transient, "the store failed"};
    if (status >= 200 && status < 300) return {{}, Errc::unavailable, transient, "the store's answer does not say that it is done"};
    return {{}, Errc::invalid_argument, none, "the store does not accept the request"};
}

Meaning meaning_of(std::string_view code, int status) {
    const auto found = std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& meaning) { return meaning.code == code; });
    return found == meanings.end() ? meaning_of_status(status) : *found;
}

/// Codes and ids are a store's words: only what cannot do harm in a log goes on.
std::string harmless(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 80)) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (good) out += c;
    }
    return out;
}

/// A store that stumbles over a checksum it does not know says so in many ways.
bool blames_checksum(int status, const ErrorDocument& document) {
    if (status != 400 && status != 501) return false;
    return document.code == "NotImplemented" || document.message.find("hecksum") != std::string::npos ||
           document.message.find("x-amz-sdk") != std::string::npos || document.message.find("x-amz-checksum") != std::string::npos;
}

Error make(const Meaning& meaning, const ErrorDocument& document, int status, const char* operation) {
    auto error = make_error(meaning.errc, operation, std::string(meaning.message));
    error.retry = meaning.kind == none || meaning.kind == fresh ? Retry::never : Retry::later;
    error.native_domain = NativeDomain::http;
    error.native_code = status;
    if (status != 0) error.context.emplace_back("status", std::to_string(status));
    if (!document.code.empty()) error.context.emplace_back("code", harmless(document.code));
    if (!document.request_id.empty()) error.context.emplace_back("request_id", harmless(document.request_id));
    error.remote_text = document.message.substr(0, 1000);
    return error;
}

}  // namespace

Failure failure_of_exchange(Error error, const char* operation) {
    Failure failure;
    failure.may_have_been_done = error.code != Errc::cancelled && error.code != Errc::invalid_argument;
    failure.kind = error.retry == Retry::later ? transient : none;
    error.operation = operation;
    failure.error = std::move(error);
    return failure;
}

Failure failure_of_answer(int status, const http::Headers& headers, ByteView body, const char* operation) {
    auto document = parse_error(body).value_or(ErrorDocument{});
    if (document.request_id.empty()) document.request_id = headers.get("x-amz-request-id");
    const auto meaning = meaning_of(document.code, status);
    Failure failure;
    failure.error = make(meaning, document, status, operation);
    failure.kind = meaning.kind;
    failure.remedy = meaning.remedy;
    failure.asked = http::retry_after(headers);
    failure.region = document.region.empty() ? headers.get("x-amz-bucket-region") : document.region;
    failure.server_time = parse_http_date(headers.get("date"));
    if (!failure.server_time) failure.server_time = parse_iso_time(document.server_time);
    // A 5xx, or a success without its proof, may come after the deed.
    failure.may_have_been_done = status >= 500 || (status >= 200 && status < 300);
    // Answers to HEAD have no text: an expired token looks like this, and new credentials or another attempt may help.
    if (status == 400 && body.empty()) {
        failure.kind = fresh;
        failure.remedy = Remedy::renew_credentials;
    }
    if (failure.remedy == Remedy::none && blames_checksum(status, document)) failure.remedy = Remedy::drop_checksum;
    return failure;
}

Error error_of_code(const ErrorDocument& document, const char* operation) {
    return make(meaning_of(document.code, 0), document, 0, operation);
}

}  // namespace streamforge::storage::s3
