#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <streamforge/core/export.hpp>

namespace streamforge {

/// A string that is wiped from memory when it goes, and prints as "***". Move-only, so that copies are deliberate.
class STREAMFORGE_EXPORT Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(); }

    /// The plain value. Do not store or log it.
    [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
    [[nodiscard]] Secret clone() const { return Secret(value_); }

private:
    void wipe() noexcept;
    std::string value_;
};

/// Always "***".
[[nodiscard]] inline std::string_view to_string(const Secret&) noexcept { return "***"; }

template <class Stream>
Stream& operator<<(Stream& stream, const Secret& secret) {
    stream << to_string(secret);
    return stream;
}

}  // namespace streamforge
