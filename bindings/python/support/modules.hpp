#pragma once

#include <pybind11/pybind11.h>
#include <string>

#include "support/enums.hpp"

#include <streamforge/core/track.hpp>
#include <streamforge/core/log.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::TrackKind, "streamforge.TrackKind")
STREAMFORGE_PYTHON_ENUM(streamforge::Codec, "streamforge.Codec")
STREAMFORGE_PYTHON_ENUM(streamforge::VideoRange, "streamforge.VideoRange")
STREAMFORGE_PYTHON_ENUM(streamforge::NalFraming, "streamforge.NalFraming")

namespace streamforge::python {

/// The part `name` of an extension, whose classes call themselves members of `streamforge.<name>`, where people find them.
inline py::module_ submodule(py::module_& parent, const char* name, const char* documentation) {
    auto module = parent.def_submodule(name, documentation);
    module.attr("__name__") = std::string("streamforge.") + name;
    return module;
}

/// The enumerations of `core`, which both extensions use.
void bind_core_enums(py::module_& module);

// One function for each C++ module, each in a file of its own.
void bind_core(py::module_& module);
void bind_crypto(py::module_& parent);
void bind_http(py::module_& parent);
void bind_storage(py::module_& parent);
void bind_cdn(py::module_& parent);
void bind_manifest(py::module_& parent);
void bind_packaging(py::module_& parent);
void bind_package(py::module_& parent);
void bind_server(py::module_& parent);
void bind_media(py::module_& parent);
void bind_pipeline(py::module_& parent);

}  // namespace streamforge::python
