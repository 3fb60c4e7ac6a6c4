#include "http/curl/curl_error.hpp"

namespace streamforge::http {
namespace {

struct Meaning {
    Errc code;
    Retry retry;
};

Meaning meaning_of(CURLcode code) {
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT: return {Errc::timed_out, Retry::later};
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_FAIL_REWIND:
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PROXY: return {Errc::network, Retry::later};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER: return {Errc::network, Retry::never};
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return {Errc::invalid_argument, Retry::never};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_HTTP2:
        case CURLE_BAD_CONTENT_ENCODING: return {Errc::malformed, Retry::later};
        case CURLE_OUT_OF_MEMORY: return {Errc::limit_exceeded, Retry::never};
        default: return {Errc::network, Retry::later};
    }
}

}  // namespace

Error error_from_curl(CURLcode code) {
    const auto meaning = meaning_of(code);
    // libcurl's own fixed text for the code; the handle's error buffer may quote the remote.
    auto error = make_error(meaning.code, "http.send", curl_easy_strerror(code));
    error.retry = meaning.retry;
    error.native_domain = NativeDomain::curl;
    error.native_code = code;
    return error;
}

}  // namespace streamforge::http
