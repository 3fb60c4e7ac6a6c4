#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/export.hpp>

namespace streamforge {

/// What went wrong, in one word. The same list is the Python exception's `code`, the CLI's exit code (by family) and the
/// HTTP problem type. Values are stable.
enum class Errc : std::uint8_t {
    // The caller's words.
    invalid_argument = 10,  ///< An option or argument is out of range; the message names the field.
    unsupported = 11,       ///< The interface exists, but this backend or build cannot do it.
    // The named thing.
    not_found = 20,            ///< The file, object or stream does not exist.
    already_exists = 21,       ///< The target is there already and may not be replaced.
    not_a_file = 22,           ///< A directory or device stands where a file was expected (or the reverse).
    precondition_failed = 23,  ///< A condition (ETag, generation) no longer holds.
    // Rights.
    permission_denied = 30,  ///< The operating system or store refuses access.
    read_only = 31,          ///< The target cannot be written (read-only file system or bucket).
    unauthenticated = 32,    ///< Credentials or a key are missing, wrong or expired.
    // The media or document given.
    malformed = 40,          ///< The input breaks its format; the context says where.
    no_streams = 41,         ///< The input holds no stream that could be used.
    unsupported_codec = 42,  ///< A codec or format is recognised but cannot be decoded or carried.
    encrypted = 43,          ///< The input is protected and no key was given.
    limit_exceeded = 44,     ///< A configured limit (pixels, streams, bytes, duration) would be passed.
    // Input and output.
    io = 50,         ///< Reading or writing failed; the native code says how.
    no_space = 51,   ///< The disk or quota is full.
    integrity = 52,  ///< Bytes do not match their checksum, size or signature.
    // Network and remote services.
    network = 60,      ///< The connection failed.
    timed_out = 61,    ///< A deadline passed.
    throttled = 62,    ///< The remote asks to slow down.
    unavailable = 63,  ///< The remote failed on its side.
    // Signatures.
    denied = 70,  ///< A token or signature is not valid for this request; the context names the condition.
    // Ends.
    cancelled = 80,  ///< The caller asked to stop.
    internal = 90,   ///< A promise of this library was broken: please report it.
};

/// Stable lower-case name, e.g. "not_found".
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(Errc code) noexcept;

/// Process exit code of the command line program for `code`'s family: 2 usage, 3 target, 4 rights, 5 media, 6 input and
/// output, 7 network, 8 denied, 130 cancelled, 70 internal.
[[nodiscard]] STREAMFORGE_EXPORT int exit_code(Errc code) noexcept;

/// Whether the same call can succeed later without a change by the caller.
enum class Retry : std::uint8_t { never, later };

/// Where a native code comes from.
enum class NativeDomain : std::uint8_t { none, errno_code, ffmpeg, curl, openssl, http };

/// The one error of the library: a code to branch on, a message to act on, and the facts around it.
///
/// `message` and `context` are ours and safe to log. `remote_text` is what a remote or a file said: untrusted, never shown
/// as HTML, never logged by default.
struct Error {
    Errc code = Errc::internal;
    Retry retry = Retry::never;
    std::string operation;                                     ///< "media.probe", "storage.put", …
    std::string message;                                       ///< One sentence a person can act on, no final full stop needed.
    std::vector<std::pair<std::string, std::string>> context;  ///< ("path", "/tmp/a.mov"), …
    NativeDomain native_domain = NativeDomain::none;
    std::int64_t native_code = 0;
    std::string remote_text;

    /// Adds a context pair and returns the error, for `return error.with("path", path)`.
    [[nodiscard]] Error with(std::string key, std::string value) && {
        context.emplace_back(std::move(key), std::move(value));
        return std::move(*this);
    }

    /// "media.probe: no such file (not_found; path=/tmp/a.mov)" — safe to log.
    [[nodiscard]] STREAMFORGE_EXPORT std::string describe() const;
};

/// Makes an error in one expression.
[[nodiscard]] inline Error make_error(Errc code, std::string operation, std::string message) {
    Error error;
    error.code = code;
    error.operation = std::move(operation);
    error.message = std::move(message);
    return error;
}

/// Makes an error from an `errno` value, with the matching `Errc` (ENOENT → not_found, ENOSPC → no_space, …).
[[nodiscard]] STREAMFORGE_EXPORT Error error_from_errno(int errno_value, std::string operation, std::string what);

/// Thrown by `Result::value()`, for callers who prefer exceptions.
class STREAMFORGE_EXPORT Exception : public std::exception {
public:
    explicit Exception(Error error);
    ~Exception() override;
    [[nodiscard]] const char* what() const noexcept override { return description_.c_str(); }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
    std::string description_;
};

}  // namespace streamforge
