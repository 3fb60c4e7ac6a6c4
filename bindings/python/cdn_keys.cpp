#include <pybind11/stl/filesystem.h>

#include "cdn_enums.hpp"
#include "support/errors.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/jwt.hpp>
#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url.hpp>

namespace streamforge::python {
namespace {

using namespace cdn;

std::string key_kind(const KeyMaterial& material) {
    if (std::holds_alternative<SymmetricKey>(material)) return "symmetric";
    return std::holds_alternative<crypto::PrivateKey>(material) ? "private" : "public";
}

void bind_symmetric(py::module_& module) {
    py::class_<SymmetricKey>(module, "SymmetricKey", "A shared secret; wiped when the last owner goes, and never printed.")
        .def_static("from_bytes", [](const Buffer& bytes) { return unwrap(SymmetricKey::from_bytes(bytes.bytes())); }, py::arg("bytes"))
        .def_static("from_text", [](std::string_view text) { return unwrap(SymmetricKey::from_text(text)); }, py::arg("text"))
        .def_static("from_hex", [](std::string_view digits) { return unwrap(SymmetricKey::from_hex(digits)); }, py::arg("digits"))
        .def_static("from_base64", [](std::string_view text) { return unwrap(SymmetricKey::from_base64(text)); }, py::arg("text"))
        .def_property_readonly("size_bytes", &SymmetricKey::size_bytes)
        .def("reveal",
             [](const SymmetricKey& key) {
                 const auto bytes = key.reveal();
                 return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
             },
             "The plain bytes. Do not store or log them.")
        .def("__repr__", [](const SymmetricKey&) { return "<SymmetricKey ***>"; })
        .def("__reduce__", [](const SymmetricKey&) -> py::object { throw py::type_error("a key is not written out"); });
}

void bind_entries(py::module_& module) {
    using When = std::optional<TimePoint>;
    py::class_<KeyEntry>(module, "KeyEntry", "One key and when it is used.")
        .def(py::init([](std::string id, KeyMaterial material, When sign_from, When sign_until, When verify_until) {
                 return KeyEntry{std::move(id), std::move(material), sign_from, sign_until, verify_until};
             }),
             py::arg("id"), py::arg("material"), py::kw_only(), py::arg("sign_from") = py::none(), py::arg("sign_until") = py::none(),
             py::arg("verify_until") = py::none())
        .def_property_readonly("id", [](const KeyEntry& entry) { return entry.id; })
        .def_property_readonly("material", [](const KeyEntry& entry) { return entry.material; })
        .def_property_readonly("sign_from", [](const KeyEntry& entry) { return entry.sign_from; })
        .def_property_readonly("sign_until", [](const KeyEntry& entry) { return entry.sign_until; })
        .def_property_readonly("verify_until", [](const KeyEntry& entry) { return entry.verify_until; })
        .def("can_sign", &KeyEntry::can_sign)
        .def("signs_at", &KeyEntry::signs_at, py::arg("now"))
        .def("verifies_at", &KeyEntry::verifies_at, py::arg("now"))
        .def("__repr__", [](const KeyEntry& entry) { return "<KeyEntry '" + entry.id + "' " + key_kind(entry.material) + " ***>"; });
    py::class_<KeyRing>(module, "KeyRing", "The keys of a provider, replaceable while signers use them.")
        .def(py::init([](std::vector<KeyEntry> entries) { return unwrap(KeyRing::make(std::move(entries))); }), py::arg("entries"))
        .def_static("single", &KeyRing::single, py::arg("id"), py::arg("material"), "One key without limits.")
        .def("reload", [](const KeyRing& ring, std::vector<KeyEntry> entries) { unwrap(ring.reload(std::move(entries))); }, py::arg("entries"),
             "Puts other keys in place of these, at once for every user of the ring.")
        .def_property_readonly("entries", [](const KeyRing& ring) { return ring.snapshot()->entries(); })
        .def("__repr__", [](const KeyRing& ring) { return "<KeyRing of " + std::to_string(ring.snapshot()->entries().size()) + ">"; });
}

}  // namespace

void bind_cdn_keys(py::module_& module) {
    bind_symmetric(module);
    bind_entries(module);
    module.def("read_key_file", [](const std::filesystem::path& path) { return unwrap(read_key_file(path.string())); }, py::arg("path"),
               "The text of a key file.");
    module.def("read_key_environment", [](const std::string& name) { return unwrap(read_key_environment(name)); }, py::arg("name"),
               "The text of an environment variable.");
    module.def("parse_private_key", [](const Secret& text) { return unwrap(parse_private_key(text)); }, py::arg("text"),
               "From PEM, JWK, or the base64 of either.");
    module.def("parse_asymmetric_key", [](const Secret& text) { return unwrap(parse_asymmetric_key(text)); }, py::arg("text"),
               "From PEM, JWK, or the base64 of either.");
    module.def("encode_path", &encode_path, py::arg("path"), "A path with everything percent-encoded that must be.");
    module.def("encode_query_value", &encode_query_value, py::arg("value"), "A query value, percent-encoded.");
    Record<VerifiedJwt>(module, "VerifiedJwt", "What a good JSON Web Token says.")
        .field<&VerifiedJwt::claims_json>("claims_json").field<&VerifiedJwt::key_id>("key_id").field<&VerifiedJwt::expires>("expires")
        .field<&VerifiedJwt::starts>("starts")
        .done();
    module.def("sign_jwt", [](std::string_view claims, const KeyEntry& key) { return unwrap(sign_jwt(claims, key)); }, py::arg("claims_json"),
               py::arg("key"), "A JSON Web Token over the claims as they are.");
    module.def("verify_jwt",
               [](std::string_view token, const KeyRing& keys, TimePoint now) { return unwrap(verify_jwt(token, *keys.snapshot(), now)); },
               py::arg("token"), py::arg("keys"), py::arg("now"), "What a good token says; its times are not checked.");
}

}  // namespace streamforge::python
