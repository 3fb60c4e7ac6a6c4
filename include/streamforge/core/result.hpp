#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include <streamforge/core/error.hpp>

namespace streamforge {

/// A value, or the one `Error` that explains why there is none.
///
/// Test it (`if (!result)`), then use `*result`; or call `value()`, which throws `Exception` on an error. Dereferencing an
/// error is a programming mistake (undefined, as with `std::optional`).
template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_same_v<std::remove_cvref_t<T>, Error>, "Result<Error> is ambiguous");

public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& operator*() & { return *std::get_if<0>(&state_); }
    [[nodiscard]] const T& operator*() const& { return *std::get_if<0>(&state_); }
    [[nodiscard]] T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
    [[nodiscard]] T* operator->() { return std::get_if<0>(&state_); }
    [[nodiscard]] const T* operator->() const { return std::get_if<0>(&state_); }

    [[nodiscard]] Error& error() & { return *std::get_if<1>(&state_); }
    [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&state_); }
    [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

    [[nodiscard]] T& value() & {
        if (!has_value()) throw Exception(error());
        return **this;
    }
    [[nodiscard]] const T& value() const& {
        if (!has_value()) throw Exception(error());
        return **this;
    }
    /// By value, so that `for (auto& item : list().value())` does not walk over what is gone.
    [[nodiscard]] T value() && {
        if (!has_value()) throw Exception(std::move(*this).error());
        return *std::move(*this);
    }

private:
    std::variant<T, Error> state_;
};

/// Success, or an `Error`.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] Error& error() & { return *std::get_if<1>(&state_); }
    [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&state_); }
    [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&state_)); }
    void value() const {
        if (!has_value()) throw Exception(error());
    }

private:
    std::variant<std::monostate, Error> state_;
};

}  // namespace streamforge
