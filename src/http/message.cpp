#include <streamforge/http/message.hpp>

#include <algorithm>

namespace streamforge::http {

RequestBody RequestBody::stream(std::uint64_t size_bytes, Reader reader, Rewinder rewinder) {
    RequestBody body;
    body.size_bytes_ = size_bytes;
    body.reader_ = std::move(reader);
    body.rewinder_ = std::move(rewinder);
    return body;
}

Result<std::size_t> RequestBody::read(std::span<std::uint8_t> into) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_bytes_ - position_));
    if (wanted == 0) return std::size_t{0};
    if (!reader_) {
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), wanted, into.begin());
        position_ += wanted;
        return wanted;
    }
    auto got = reader_(into.first(wanted));
    if (!got) return got;
    if (*got == 0 || *got > wanted) {
        return make_error(Errc::integrity, "http.send", "the request's body is not as long as it said");
    }
    position_ += *got;
    return got;
}

Result<void> RequestBody::rewind() {
    if (rewinder_) {
        if (auto done = rewinder_(); !done) return done;
    }
    position_ = 0;
    return {};
}

}  // namespace streamforge::http
