#include "support/errors.hpp"
#include "support/modules.hpp"

// The extension with FFmpeg, loaded when it is first needed: FFmpeg's libraries take longer to load than everything else.
PYBIND11_MODULE(_media, module) {
    using namespace streamforge::python;
    auto core = pybind11::module_::import("streamforge._core");
    register_exceptions();
    bind_core_enums(core);
    bind_media(module);
    bind_pipeline(module);
}
