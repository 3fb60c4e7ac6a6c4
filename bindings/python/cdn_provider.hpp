#pragma once

#include "cdn_enums.hpp"
#include "support/callbacks.hpp"
#include "support/times.hpp"

#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>

// Signers and verifiers that are written in Python.
namespace streamforge::python {

/// A `cdn::VerifyRequest` that owns its text.
struct EdgeRequest {
    std::string url{};
    std::string client_ip{};
    std::string cookies{};
    std::string user_agent{};
    std::string method{};
    std::vector<cdn::TokenParameter> headers{};
    std::string country{};
    std::optional<cdn::TimePoint> now{};

    [[nodiscard]] cdn::VerifyRequest view() const { return {url, client_ip, cookies, user_agent, method, headers, country, now}; }
};

/// A `cdn::SignRequest` that owns its parts.
struct SignFacts {
    std::string url{};  ///< Empty when a grant is made.
    cdn::SignPolicy policy{};
    std::optional<cdn::KeyEntry> key{};
    cdn::TimePoint now{};
    cdn::TimePoint expires{};
    std::optional<cdn::TimePoint> starts{};
    std::string prefix_origin{};
    std::string prefix_path{};
};

/// Calls the `do_…` methods of a Python class.
class PythonSigner final : public cdn::UrlSigner {
public:
    PythonSigner(cdn::Capabilities capabilities, cdn::KeyRing keys, cdn::SignerOptions options)
        : UrlSigner(std::move(capabilities), std::move(keys), std::move(options)) {}

private:
    Result<void> do_check(const cdn::SignRequest& request) const override;
    Result<cdn::TokenSpan> do_sign(const cdn::SignRequest& request, std::string& out) const override;
    Result<cdn::GrantToken> do_grant(const cdn::SignRequest& request, cdn::TokenPlacement placement) const override;
    Result<std::vector<cdn::TokenParameter>> do_cookies(const cdn::SignRequest& request) const override;
};

/// Calls the `do_verify` method of a Python class.
class PythonVerifier final : public cdn::UrlVerifier {
public:
    PythonVerifier(cdn::Capabilities capabilities, cdn::KeyRing keys, cdn::VerifierOptions options)
        : UrlVerifier(std::move(capabilities), std::move(keys), std::move(options)) {}

private:
    Result<cdn::VerifiedGrant> do_verify(const Context& context) const override;
};

}  // namespace streamforge::python

namespace pybind11::detail {

/// A clock is a function that gives an aware `datetime`.
template <>
class type_caster<streamforge::Clock> {
public:
    PYBIND11_TYPE_CASTER(streamforge::Clock, const_name("collections.abc.Callable[[], datetime.datetime]"));
    bool load(handle source, bool) {
        if (PyCallable_Check(source.ptr()) == 0) return false;
        value = [call = streamforge::python::PythonReference(reinterpret_borrow<object>(source))] {
            using Instant = std::chrono::system_clock::time_point;
            auto now = streamforge::python::from_python<Instant>("python.clock", [&] { return call.get()().template cast<Instant>(); });
            return now.value();
        };
        return true;
    }
    static handle cast(const streamforge::Clock& source, return_value_policy, handle) {
        return cpp_function([source] { return source(); }).release();
    }
};

}  // namespace pybind11::detail
