#include "support/callbacks.hpp"

namespace streamforge::python {

LogSink python_log() {
    return [](LogLevel level, std::string_view component, std::string_view message) {
        if (!interpreter_alive()) return;
        py::gil_scoped_acquire gil;
        try {
            constexpr std::array numbers{10, 20, 30, 40};  // logging.DEBUG, INFO, WARNING, ERROR
            const auto logger = py::module_::import("logging").attr("getLogger")("streamforge." + std::string(component));
            logger.attr("log")(numbers.at(static_cast<std::size_t>(level)), "%s",
                               py::reinterpret_steal<py::str>(PyUnicode_DecodeUTF8(
                                   message.data(), static_cast<Py_ssize_t>(message.size()), "backslashreplace")));
        } catch (py::error_already_set& raised) {
            raised.discard_as_unraisable("streamforge log");
        }
    };
}

ProgressObserver progress_observer(const py::object& observer, Operation& operation) {
    if (observer.is_none()) return {};
    return [reference = PythonReference(observer), &operation](const Progress& progress) {
        if (!interpreter_alive()) return;
        py::gil_scoped_acquire gil;
        try {
            reference.get()(progress);
        } catch (py::error_already_set& raised) {
            operation.fail(std::move(raised));
        }
    };
}

}  // namespace streamforge::python
