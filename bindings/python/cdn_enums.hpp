#pragma once

#include "crypto_enums.hpp"

#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/cdn/edge_snippet.hpp>
#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/multi_cdn.hpp>
#include <streamforge/cdn/prefix_grant.hpp>
#include <streamforge/cdn/purge.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/cdn/url_verifier.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::cdn::Scope, "streamforge.cdn.Scope")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::TokenPlacement, "streamforge.cdn.TokenPlacement")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::SameSite, "streamforge.cdn.SameSite")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::Denial, "streamforge.cdn.Denial")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::Player, "streamforge.cdn.Player")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::DeliveryMethod, "streamforge.cdn.DeliveryMethod")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::ManifestFormat, "streamforge.cdn.ManifestFormat")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::EdgeProgram, "streamforge.cdn.EdgeProgram")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::CdnCondition, "streamforge.cdn.CdnCondition")
STREAMFORGE_PYTHON_ENUM(streamforge::cdn::CloudflarePlan, "streamforge.cdn.CloudflarePlan")


namespace pybind11::detail {

/// Networks cross as text, which is also how `ipaddress` prints its own.
template <>
class type_caster<std::optional<streamforge::cdn::IpNetwork>> {
public:
    using Network = std::optional<streamforge::cdn::IpNetwork>;
    PYBIND11_TYPE_CASTER(Network, const_name("str | None"));
    bool load(handle source, bool) {
        value.reset();
        if (source.is_none()) return true;
        value = streamforge::cdn::IpNetwork::parse(std::string(str(source))).value();
        return true;
    }
    static handle cast(const Network& source, return_value_policy, handle) {
        return source ? str(source->to_string()).release() : none().release();
    }
};

template <>
class type_caster<streamforge::cdn::KeyMaterial> {
public:
    using Material = streamforge::cdn::KeyMaterial;
    static constexpr auto name = const_name("streamforge.cdn.SymmetricKey | streamforge.crypto.PrivateKey | streamforge.crypto.PublicKey");
    template <class>
    using cast_op_type = Material&&;
    operator Material&&() && { return std::move(*value_); }
    bool load(handle source, bool) {
        return load_as<streamforge::cdn::SymmetricKey>(source) || load_as<streamforge::crypto::PrivateKey>(source) ||
               load_as<streamforge::crypto::PublicKey>(source);
    }
    static handle cast(const Material& source, return_value_policy, handle) {
        return std::visit([](const auto& key) { return pybind11::cast(key, return_value_policy::copy); }, source).release();
    }

private:
    template <class Key>
    bool load_as(handle source) {
        if (!isinstance<Key>(source)) return false;
        value_.emplace(source.cast<const Key&>());
        return true;
    }
    std::optional<Material> value_;
};

}  // namespace pybind11::detail
