#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"
#include "core/unique_fd.hpp"

namespace streamforge::cdn {
namespace {

constexpr auto operation = "cdn.load_key";
constexpr std::size_t max_key_file_bytes = 64 * 1024;

void drop_final_line_break(std::string& text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
}

enum class TextForm : std::uint8_t { pem, jwk, other };

TextForm form_of(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return TextForm::other;
    if (text[begin] == '{') return TextForm::jwk;
    return text.find("-----BEGIN ") != std::string_view::npos ? TextForm::pem : TextForm::other;
}

/// PEM or JWK as given, or out of base64.
Result<Secret> unwrap(const Secret& text) {
    if (form_of(text.reveal()) != TextForm::other) return text.clone();
    std::string_view inner = text.reveal();
    while (!inner.empty() && (inner.back() == '\n' || inner.back() == '\r' || inner.back() == ' ')) inner.remove_suffix(1);
    auto decoded = crypto::base64_decode(inner);
    if (decoded) {
        Secret unwrapped(std::string(decoded->begin(), decoded->end()));
        crypto::wipe(*decoded);
        if (form_of(unwrapped.reveal()) != TextForm::other) return unwrapped;
    }
    return make_error(Errc::malformed, operation, "the key is neither PEM nor a JWK, nor base64 of one");
}

}  // namespace

Result<Secret> read_key_file(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return error_from_errno(errno, operation, "cannot open the key file").with("path", path);
    std::string text;
    text.reserve(max_key_file_bytes + 1);  // in one piece: growing would leave copies behind
    text.resize(max_key_file_bytes + 1);
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return error_from_errno(errno, operation, "cannot read the key file").with("path", path);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > max_key_file_bytes) {
        return make_error(Errc::limit_exceeded, operation, "the key file is longer than 64 KiB").with("path", path);
    }
    text.resize(size);
    drop_final_line_break(text);
    Secret exact(std::string(text.data(), text.size()));
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return exact;
}

Result<Secret> read_key_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') {
        return make_error(Errc::not_found, operation, "the environment variable is not set").with("variable", name);
    }
    std::string text = value;
    drop_final_line_break(text);
    return Secret(std::move(text));
}

Result<crypto::PrivateKey> parse_private_key(const Secret& text) {
    SF_ASSIGN(const Secret plain, unwrap(text));
    return form_of(plain.reveal()) == TextForm::jwk ? crypto::PrivateKey::from_jwk(plain.reveal())
                                                    : crypto::PrivateKey::from_pem(plain.reveal());
}

Result<KeyMaterial> parse_asymmetric_key(const Secret& text) {
    SF_ASSIGN(const Secret plain, unwrap(text));
    const bool jwk = form_of(plain.reveal()) == TextForm::jwk;
    auto key = jwk ? crypto::PrivateKey::from_jwk(plain.reveal()) : crypto::PrivateKey::from_pem(plain.reveal());
    if (key) return KeyMaterial(*std::move(key));
    auto public_key = jwk ? crypto::PublicKey::from_jwk(plain.reveal()) : crypto::PublicKey::from_pem(plain.reveal());
    if (public_key) return KeyMaterial(*std::move(public_key));
    return std::move(key).error();
}

}  // namespace streamforge::cdn
