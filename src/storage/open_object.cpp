#include <algorithm>
#include <array>
#include <mutex>

#include <streamforge/storage/object_store.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

/// Windows of a pinned version; the two used last are kept, one for a header and one for the data that it points to.
class ObjectSource final : public ByteSource {
public:
    ObjectSource(std::shared_ptr<ObjectStore> store, ObjectInfo info, std::uint64_t window_bytes)
        : ByteSource(info.key), store_(std::move(store)), info_(std::move(info)), window_bytes_(window_bytes) {}

private:
    struct Window {
        std::uint64_t offset = 0;
        std::shared_ptr<const Bytes> bytes;
        std::uint64_t last_use = 0;
    };

    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        if (offset >= info_.size_bytes) return std::size_t{0};
        const auto total = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), info_.size_bytes - offset));
        std::size_t done = 0;
        while (done < total) {
            const auto start = (offset + done) / window_bytes_ * window_bytes_;
            SF_ASSIGN(const auto bytes, window_at(start));
            const auto within = static_cast<std::size_t>(offset + done - start);
            const auto count = std::min(bytes->size() - within, total - done);
            std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(within), count, into.begin() + static_cast<std::ptrdiff_t>(done));
            done += count;
        }
        return done;
    }

    std::uint64_t do_size_bytes() const noexcept override { return info_.size_bytes; }

    Result<std::shared_ptr<const Bytes>> window_at(std::uint64_t start) const {
        if (auto cached = cached_window(start)) return cached;
        const auto length = std::min(window_bytes_, info_.size_bytes - start);
        SF_ASSIGN(auto object, store_->get_bytes(info_.key, {.range = ByteRange{start, length}, .if_match = info_.etag}));
        if (object.bytes.size() != length) {
            return make_error(Errc::integrity, "storage.open_object", "the store gave fewer bytes than the object has")
                .with("key", info_.key);
        }
        auto bytes = std::make_shared<const Bytes>(std::move(object.bytes));
        const std::lock_guard lock(mutex_);
        auto& oldest = windows_[0].last_use <= windows_[1].last_use ? windows_[0] : windows_[1];
        oldest = {start, bytes, ++uses_};
        return bytes;
    }

    std::shared_ptr<const Bytes> cached_window(std::uint64_t start) const {
        const std::lock_guard lock(mutex_);
        for (auto& window : windows_) {
            if (window.bytes && window.offset == start) {
                window.last_use = ++uses_;
                return window.bytes;
            }
        }
        return nullptr;
    }

    std::shared_ptr<ObjectStore> store_;
    ObjectInfo info_;
    std::uint64_t window_bytes_;

    mutable std::mutex mutex_;  // guards what follows
    mutable std::array<Window, 2> windows_;
    mutable std::uint64_t uses_ = 0;
};

}  // namespace

Result<std::shared_ptr<ByteSource>> open_object(std::shared_ptr<ObjectStore> store, std::string_view key, std::uint64_t window_bytes) {
    if (window_bytes == 0) return make_error(Errc::invalid_argument, "storage.open_object", "window_bytes must be above 0");
    SF_ASSIGN(auto info, store->head(key));
    return std::shared_ptr<ByteSource>(std::make_shared<ObjectSource>(std::move(store), std::move(info), window_bytes));
}

}  // namespace streamforge::storage
