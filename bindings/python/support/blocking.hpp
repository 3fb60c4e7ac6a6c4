#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <pybind11/pybind11.h>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "support/errors.hpp"

// Blocking calls: the GIL is released, Ctrl-C and `StopSource` stop them, and the end of the interpreter does not wait for ever.
namespace streamforge::python {

/// What Python holds to stop calls that it began.
struct StopSource {
    std::stop_source source{};
};

/// One blocking call of Python into C++. To be made and to go with the GIL held.
class Operation {
public:
    /// *Errors*: throws `Exception` (`cancelled`) while the interpreter ends.
    explicit Operation(const StopSource* outer);
    ~Operation();
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
    /// A callback of this call raised: the call is stopped and ends with that exception. Needs the GIL.
    void fail(py::error_already_set raised);
    /// Runs `body` with the GIL released. On the main thread signals are handled meanwhile: a handler that raises stops `body`.
    void run(const std::function<void()>& body);

private:
    void run_watched(const std::function<void()>& body, std::exception_ptr& failure);

    std::stop_source source_;
    std::optional<std::stop_callback<std::function<void()>>> link_;
    std::mutex mutex_;
    std::exception_ptr raised_;  // guarded by mutex_
};

/// The value of `body(std::stop_token)`, run as an `Operation`. `body` must not touch Python.
template <class Body>
auto blocking(Operation& operation, Body&& body) {
    using Outcome = std::invoke_result_t<Body, std::stop_token>;
    std::optional<Outcome> outcome;
    operation.run([&] { outcome.emplace(body(operation.token())); });
    return unwrap(*std::move(outcome));
}

template <class Body>
auto blocking(const StopSource* stop, Body&& body) {
    Operation operation(stop);
    return blocking(operation, std::forward<Body>(body));
}

/// Calls `close` when the interpreter ends, until the returned number is given back.
[[nodiscard]] std::uint64_t close_at_exit(std::function<void()> close);
void forget_close(std::uint64_t number);

/// Stops every call that runs and waits until they have returned. For atexit.
void stop_everything();

}  // namespace streamforge::python
