#include "storage/memory/memory_state.hpp"

#include <algorithm>

namespace streamforge::storage {
namespace {

constexpr std::size_t slice_bytes = std::size_t{256} << 10;

}  // namespace

std::string MemoryState::next_etag_locked() {
    std::string etag("\"m");
    etag += std::to_string(++versions);
    etag += '"';
    return etag;
}

Result<ObjectInfo> MemoryState::commit(const std::string& key, std::shared_ptr<const Bytes> bytes, const PutOptions& options) {
    const std::lock_guard lock(mutex);
    return commit_locked(key, std::move(bytes), options);
}

Result<ObjectInfo> MemoryState::commit_locked(const std::string& key, std::shared_ptr<const Bytes> bytes, const PutOptions& options) {
    const auto found = objects.find(key);
    if (options.if_none_match && found != objects.end()) {
        return make_error(Errc::precondition_failed, "storage.put", "the object exists already").with("key", key);
    }
    if (!options.if_match.empty() && (found == objects.end() || found->second->info.etag != options.if_match)) {
        return make_error(Errc::precondition_failed, "storage.put", "the object is not the expected version").with("key", key);
    }
    auto object = std::make_shared<MemoryObject>();
    object->info = {.key = key,
                    .size_bytes = bytes->size(),
                    .etag = next_etag_locked(),
                    .content_type = options.content_type,
                    .cache_control = options.cache_control,
                    .last_modified = clock(),
                    .metadata = options.metadata};
    object->bytes = std::move(bytes);
    auto info = object->info;
    objects[key] = std::move(object);
    return info;
}

Result<Bytes> drain(Body& body, const std::stop_token& stop) {
    Bytes bytes;
    while (true) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.put", "stopped while reading the body");
        const auto held = bytes.size();
        const auto known = body.size_bytes();
        // One byte more than the body says, so that its end (or excess) is seen in the same call.
        const auto wanted = known ? static_cast<std::size_t>(std::min<std::uint64_t>(*known - held + 1, slice_bytes)) : slice_bytes;
        bytes.resize(held + wanted);
        auto got = body.read(std::span(bytes).subspan(held));
        if (!got) return std::move(got).error();
        bytes.resize(held + *got);
        if (*got < wanted) return bytes;
    }
}

}  // namespace streamforge::storage
