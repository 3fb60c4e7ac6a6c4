// The library's conformance suites as a Python extension, to be run on providers that are written in Python.
#include <gtest/gtest.h>

#include "../../conformance/object_store_conformance.hpp"
#include "../../support/cdn_properties.hpp"
#include "support/held.hpp"

namespace py = pybind11;
using streamforge::python::Held;

namespace {

py::object* store_factory = nullptr;

struct PythonBackend {
    PythonBackend() {
        py::gil_scoped_acquire gil;
        held_ = (*store_factory)().cast<Held<streamforge::storage::ObjectStore>>();
    }
    streamforge::storage::ObjectStore& store() { return *held_.pointer; }

private:
    Held<streamforge::storage::ObjectStore> held_;
};

Held<streamforge::cdn::UrlSigner>* signer = nullptr;
Held<streamforge::cdn::UrlVerifier>* verifier = nullptr;

TEST(PythonSigner, what_it_signs_is_accepted_and_no_change_of_it_is) {
    namespace properties = streamforge::cdn::testing;
    properties::RoundTrip test;
    test.signer = signer->pointer.get();
    test.verifier = verifier->pointer.get();
    test.rounds = 2000;
    test.make = [](properties::UrlMaker& maker) {
        auto url = maker.path_below("https://cdn.example.com/");
        if (maker.below(2) == 0) url += "?" + maker.query();
        return std::pair(url, properties::exact_for());
    };
    test.covers = [](const std::string&, std::size_t at) { return at >= std::string_view("https://cdn.example.com").size(); };
    properties::expect_round_trips(test);
}

int run(const std::string& filter, const std::string& xml) {
    int count = 3;
    std::string name = "conformance", filter_flag = "--gtest_filter=" + filter, output = "--gtest_output=xml:" + xml;
    char* arguments[] = {name.data(), filter_flag.data(), output.data(), nullptr};
    testing::InitGoogleTest(&count, arguments);
    py::gil_scoped_release release;
    return RUN_ALL_TESTS();
}

}  // namespace

namespace streamforge::storage {
INSTANTIATE_TYPED_TEST_SUITE_P(Python, ObjectStoreConformance, PythonBackend);
}

PYBIND11_MODULE(_conformance, module) {
    py::module_::import("streamforge._core");
    module.def("run_stores", [](py::object factory, const std::string& xml) {
        store_factory = new py::object(std::move(factory));
        return run("Python/ObjectStoreConformance*", xml);
    });
    module.def("run_signers", [](const py::object& one, const py::object& other, const std::string& xml) {
        signer = new Held<streamforge::cdn::UrlSigner>(one.cast<Held<streamforge::cdn::UrlSigner>>());
        verifier = new Held<streamforge::cdn::UrlVerifier>(other.cast<Held<streamforge::cdn::UrlVerifier>>());
        return run("PythonSigner.*", xml);
    });
}
