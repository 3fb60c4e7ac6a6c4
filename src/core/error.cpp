#include <streamforge/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace streamforge {

std::string_view to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_argument: return "invalid_argument";
        case Errc::unsupported: return "unsupported";
        case Errc::not_found: return "not_found";
        case Errc::already_exists: return "already_exists";
        case Errc::not_a_file: return "not_a_file";
        case Errc::precondition_failed: return "precondition_failed";
        case Errc::permission_denied: return "permission_denied";
        case Errc::read_only: return "read_only";
        case Errc::unauthenticated: return "unauthenticated";
        case Errc::malformed: return "malformed";
        case Errc::no_streams: return "no_streams";
        case Errc::unsupported_codec: return "unsupported_codec";
        case Errc::encrypted: return "encrypted";
        case Errc::limit_exceeded: return "limit_exceeded";
        case Errc::io: return "io";
        case Errc::no_space: return "no_space";
        case Errc::integrity: return "integrity";
        case Errc::network: return "network";
        case Errc::timed_out: return "timed_out";
        case Errc::throttled: return "throttled";
        case Errc::unavailable: return "unavailable";
        case Errc::denied: return "denied";
        case Errc::cancelled: return "cancelled";
        case Errc::internal: return "internal";
    }
    return "internal";
}

int exit_code(Errc code) noexcept {
    constexpr int cancelled_exit = 130;  // 128 + SIGINT, as shells report it
    constexpr int internal_exit = 70;    // EX_SOFTWARE
    if (code == Errc::cancelled) return cancelled_exit;
    if (code == Errc::internal) return internal_exit;
    return static_cast<int>(code) / 10 + 1;
}

std::string Error::describe() const {
    std::string text = operation;
    if (!text.empty()) text += ": ";
    text += message;
    text += " (";
    text += to_string(code);
    for (const auto& [key, value] : context) {
        text += "; ";
        text += key;
        text += '=';
        text += value;
    }
    text += ')';
    return text;
}

namespace {

Errc errc_from_errno(int value) {
    switch (value) {
        case ENOENT:
        case ENOTDIR: return Errc::not_found;
        case EACCES:
        case EPERM: return Errc::permission_denied;
        case EISDIR: return Errc::not_a_file;
        case EEXIST:
        case ENOTEMPTY: return Errc::already_exists;
        case EROFS: return Errc::read_only;
        case ENOSPC:
        case EDQUOT: return Errc::no_space;
        case ECANCELED: return Errc::cancelled;
        case ETIMEDOUT: return Errc::timed_out;
        case ENAMETOOLONG:
        case EINVAL: return Errc::invalid_argument;
        default: return Errc::io;
    }
}

}  // namespace

Error error_from_errno(int errno_value, std::string operation, std::string what) {
    auto error = make_error(errc_from_errno(errno_value), std::move(operation), std::move(what));
    error.message += ": " + std::generic_category().message(errno_value);
    error.native_domain = NativeDomain::errno_code;
    error.native_code = errno_value;
    return error;
}

Exception::Exception(Error error) : error_(std::move(error)), description_(error_.describe()) {}
Exception::~Exception() = default;

}  // namespace streamforge
