#include <streamforge/storage/memory_store.hpp>

#include <algorithm>

#include <streamforge/storage/publish_tree.hpp>

#include "core/try.hpp"
#include "storage/byte_range.hpp"
#include "storage/memory/memory_state.hpp"

namespace streamforge::storage {
namespace {

class MemoryReader final : public ObjectReader {
public:
    MemoryReader(std::shared_ptr<const MemoryObject> object, ByteRange range)
        : ObjectReader(object->info, range),
          rest_(ByteView(*object->bytes).subspan(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.length))),
          object_(std::move(object)) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        const auto count = std::min(into.size(), rest_.size());
        std::copy_n(rest_.begin(), count, into.begin());
        rest_ = rest_.subspan(count);
        return count;
    }

    ByteView rest_;
    std::shared_ptr<const MemoryObject> object_;
};

Capabilities memory_capabilities() {
    Capabilities capabilities;
    capabilities.backend = "memory";
    capabilities.put_if_none_match = true;
    capabilities.put_if_match = true;
    capabilities.stores_headers = true;
    capabilities.stores_metadata = true;
    capabilities.multipart = true;
    capabilities.atomic_publish_tree = true;
    return capabilities;
}

Error not_found(const char* operation, const std::string& key) {
    return make_error(Errc::not_found, operation, "there is no such object").with("key", key);
}

class MemoryStore final : public ObjectStore, public TreePublisher {
public:
    explicit MemoryStore(Clock clock) : ObjectStore(memory_capabilities()), state_(std::make_shared<MemoryState>(std::move(clock))) {}

private:
    [[nodiscard]] std::shared_ptr<const MemoryObject> find(const std::string& key) const {
        const std::lock_guard lock(state_->mutex);
        const auto found = state_->objects.find(key);
        return found == state_->objects.end() ? nullptr : found->second;
    }

    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        SF_ASSIGN(auto bytes, drain(body, stop));
        return state_->commit(key, std::make_shared<const Bytes>(std::move(bytes)), options);
    }

    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token) override {
        auto object = find(key);
        if (!object) return not_found("storage.get", key);
        if (!options.if_match.empty() && object->info.etag != options.if_match) {
            return make_error(Errc::precondition_failed, "storage.get", "the object is not the expected version").with("key", key);
        }
        SF_ASSIGN(const auto range, clip_range(options.range, object->info.size_bytes, key));
        return std::unique_ptr<ObjectReader>(std::make_unique<MemoryReader>(std::move(object), range));
    }

    Result<ObjectInfo> do_head(const std::string& key, std::stop_token) override {
        const auto object = find(key);
        if (!object) return not_found("storage.head", key);
        return object->info;
    }

    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token) override {
        const std::lock_guard lock(state_->mutex);
        return request.uploads ? list_uploads_locked(request.options) : list_objects_locked(request.options);
    }

    [[nodiscard]] ListAnswer list_objects_locked(const ListOptions& options) const {
        ListAnswer answer;
        auto& page = answer.page;
        auto at = state_->objects.lower_bound(std::max(options.prefix, options.page_token));
        std::string last = options.page_token;  // the key or folder given last
        for (; at != state_->objects.end() && at->first.starts_with(options.prefix); ++at) {
            const auto& key = at->first;
            if (key == last || (last.ends_with('/') && key.starts_with(last))) continue;
            if (page.objects.size() + page.prefixes.size() == options.max_keys) {
                page.next_page_token = last;
                break;
            }
            const auto slash = options.folders ? key.find('/', options.prefix.size()) : std::string::npos;
            if (slash != std::string::npos) {
                page.prefixes.push_back(key.substr(0, slash + 1));
                last = page.prefixes.back();
            } else {
                page.objects.push_back(at->second->info);
                page.objects.back().metadata.clear();
                last = key;
            }
        }
        return answer;
    }

    [[nodiscard]] ListAnswer list_uploads_locked(const ListOptions& options) const {
        ListAnswer answer;
        for (auto at = state_->uploads.upper_bound(options.page_token); at != state_->uploads.end(); ++at) {
            if (!at->second.key.starts_with(options.prefix)) continue;
            if (answer.uploads.size() == options.max_keys) {
                answer.page.next_page_token = answer.uploads.back().upload_id;
                break;
            }
            answer.uploads.push_back({at->second.key, at->first, at->second.started});
        }
        return answer;
    }

    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token) override {
        const std::lock_guard lock(state_->mutex);
        for (const auto& key : keys) state_->objects.erase(key);
        return RemoveReport{keys.size(), {}};
    }

    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token) override {
        const auto source = find(from);
        if (!source) return not_found("storage.copy", from);
        PutOptions put{.content_type = source->info.content_type,
                       .cache_control = source->info.cache_control,
                       .metadata = source->info.metadata,
                       .if_none_match = options.if_none_match,
                       .if_match = {}};
        return state_->commit(to, source->bytes, put);
    }

    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token) override {
        return open_memory_upload(state_, key, request.options, request.upload_id, capabilities().max_parts);
    }

    Result<void> do_publish_tree(const std::string& staging, const std::string& target, std::stop_token) override {
        const std::lock_guard lock(state_->mutex);
        auto& objects = state_->objects;
        const auto begin_of = [&](const std::string& prefix) { return objects.lower_bound(prefix); };
        // '0' follows '/', so this is the first key after all keys under the prefix.
        const auto end_of = [&](std::string prefix) {
            prefix.back() = '0';
            return objects.lower_bound(prefix);
        };
        if (begin_of(staging) == end_of(staging)) {
            return make_error(Errc::not_found, "storage.publish_tree", "nothing is staged").with("prefix", staging);
        }
        std::vector<std::shared_ptr<const MemoryObject>> staged;
        for (auto at = begin_of(staging); at != end_of(staging); ++at) staged.push_back(at->second);
        objects.erase(begin_of(staging), end_of(staging));
        objects.erase(begin_of(target), end_of(target));
        for (const auto& object : staged) {
            auto moved = std::make_shared<MemoryObject>(*object);
            moved->info.key = target + object->info.key.substr(staging.size());
            const auto key = moved->info.key;
            objects[key] = std::move(moved);
        }
        return {};
    }

    std::shared_ptr<MemoryState> state_;
};

}  // namespace

std::shared_ptr<ObjectStore> make_memory_store(Clock clock) { return std::make_shared<MemoryStore>(std::move(clock)); }

}  // namespace streamforge::storage
