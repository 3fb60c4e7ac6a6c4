#include "crypto_enums.hpp"
#include "support/callbacks.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/crypto/hash.hpp>
#include <streamforge/crypto/key.hpp>

namespace streamforge::python {
namespace {

using namespace crypto;

void bind_public_key(py::module_& module) {
    py::class_<PublicKey>(module, "PublicKey", "The half of a key pair that anybody may know.")
        .def_static("from_pem", [](std::string_view pem) { return unwrap(PublicKey::from_pem(pem)); }, py::arg("pem"))
        .def_static("from_jwk", [](std::string_view json) { return unwrap(PublicKey::from_jwk(json)); }, py::arg("json"))
        .def_static("from_raw_ed25519", [](const Buffer& bytes) { return unwrap(PublicKey::from_raw_ed25519(bytes.bytes())); }, py::arg("bytes"))
        .def_property_readonly("type", &PublicKey::type)
        .def_property_readonly("size_bits", &PublicKey::size_bits)
        .def("to_pem", &PublicKey::to_pem)
        .def("verify",
             [](const PublicKey& key, HashAlgorithm algorithm, const Buffer& message, const Buffer& signature, EcdsaForm form) {
                 py::gil_scoped_release release;
                 unwrap(key.verify(algorithm, message.bytes(), signature.bytes(), form));
             },
             py::arg("algorithm"), py::arg("message"), py::arg("signature"), py::arg("form") = EcdsaForm::der,
             "Raises `DeniedError` unless the signature is this key's over the message.");
}

void bind_private_key(py::module_& module) {
    py::class_<PrivateKey>(module, "PrivateKey", "A key that signs; never printed.")
        .def_static("from_pem",
                    [](std::string_view pem, const std::string& passphrase) { return unwrap(PrivateKey::from_pem(pem, Secret(passphrase))); },
                    py::arg("pem"), py::arg("passphrase") = "")
        .def_static("from_pkcs8", [](const Buffer& der) { return unwrap(PrivateKey::from_pkcs8(der.bytes())); }, py::arg("der"))
        .def_static("from_jwk", [](std::string_view json) { return unwrap(PrivateKey::from_jwk(json)); }, py::arg("json"))
        .def_static("from_raw_ed25519", [](const Buffer& seed) { return unwrap(PrivateKey::from_raw_ed25519(seed.bytes())); }, py::arg("seed"))
        .def_static("external",
                    [](PublicKey public_key, const py::object& signer) {
                        return PrivateKey::external(std::move(public_key), [call = PythonReference(signer)](HashAlgorithm algorithm, ByteView data) {
                            return from_python<Bytes>("python.external_key", [&] {
                                return call.get()(algorithm, py::bytes(reinterpret_cast<const char*>(data.data()), data.size())).cast<Bytes>();
                            });
                        });
                    },
                    py::arg("public_key"), py::arg("signer"),
                    "A key held elsewhere (KMS, HSM): `signer(algorithm, digest_or_message) -> bytes`. ECDSA gives DER.")
        .def_static("generate",
                    [](KeyType type, std::uint32_t bits) {
                        py::gil_scoped_release release;
                        return unwrap(PrivateKey::generate(type, bits));
                    },
                    py::arg("type"), py::arg("rsa_bits") = 2048)
        .def_property_readonly("type", &PrivateKey::type)
        .def_property_readonly("size_bits", &PrivateKey::size_bits)
        .def("public_key", &PrivateKey::public_key)
        .def("to_pem", [](const PrivateKey& key) { return unwrap(key.to_pem()); }, "PKCS #8.")
        .def("sign",
             [](const PrivateKey& key, HashAlgorithm algorithm, const Buffer& message, EcdsaForm form) {
                 py::gil_scoped_release release;
                 return unwrap(key.sign(algorithm, message.bytes(), form));
             },
             py::arg("algorithm"), py::arg("message"), py::arg("form") = EcdsaForm::der)
        .def("__repr__", [](const PrivateKey& key) { return "<PrivateKey " + std::string(to_string(key.type())) + ">"; })
        .def("__reduce__", [](const PrivateKey&) -> py::object { throw py::type_error("a private key is not written out"); });
}

}  // namespace

void bind_crypto(py::module_& parent) {
    auto module = submodule(parent, "crypto", "Hashes and keys, for signing.");
    bind_enum<HashAlgorithm>(module, "HashAlgorithm",
                             {{"md5", HashAlgorithm::md5}, {"sha1", HashAlgorithm::sha1}, {"sha256", HashAlgorithm::sha256}, {"sha512", HashAlgorithm::sha512}},
                             "A hash; md5 and sha1 are for formats that demand them.");
    bind_enum<KeyType>(module, "KeyType", {{"rsa", KeyType::rsa}, {"ecdsa_p256", KeyType::ecdsa_p256}, {"ed25519", KeyType::ed25519}},
                       "A kind of key pair.");
    bind_enum<EcdsaForm>(module, "EcdsaForm", {{"der", EcdsaForm::der}, {"raw", EcdsaForm::raw}}, "How an ECDSA signature is written.");
    bind_public_key(module);
    bind_private_key(module);
    module.def("hash",
               [](HashAlgorithm algorithm, const Buffer& data) {
                   py::gil_scoped_release release;
                   return hash(algorithm, data.bytes()).hex();
               },
               py::arg("algorithm"), py::arg("data"), "The hash in hexadecimal.");
    module.def("sha256_hex",
               [](const Buffer& data) {
                   py::gil_scoped_release release;
                   return sha256_hex(data.bytes());
               },
               py::arg("data"), "SHA-256 in hexadecimal.");
}

}  // namespace streamforge::python
