#include "support/modules.hpp"

// The extension without FFmpeg: everything but `media` and what transcodes.
PYBIND11_MODULE(_core, module) {
    using namespace streamforge::python;
    module.attr("__name__") = "streamforge";
    bind_core(module);
    module.attr("__name__") = "streamforge._core";  // submodules are found below it
    bind_crypto(module);
    bind_http(module);
    bind_storage(module);
    bind_cdn(module);
    bind_manifest(module);
    bind_packaging(module);
    bind_package(module);
    bind_server(module);
}
