#include <streamforge/core/secret.hpp>

#include <cstring>

namespace streamforge {

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
    }
    return *this;
}

void Secret::wipe() noexcept {
    value_.resize(value_.capacity());  // also what a longer value left behind; never reallocates
    ::explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

}  // namespace streamforge
