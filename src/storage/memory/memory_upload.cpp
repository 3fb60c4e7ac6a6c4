#include "core/try.hpp"
#include "storage/memory/memory_state.hpp"

namespace streamforge::storage {
namespace {

class MemoryMultipart final : public MultipartUpload {
public:
    MemoryMultipart(std::shared_ptr<MemoryState> state, std::string key, std::string id, std::uint32_t max_parts)
        : MultipartUpload(std::move(key), std::move(id), max_parts), state_(std::move(state)) {}

private:
    [[nodiscard]] Error gone(const char* operation) const {
        return make_error(Errc::not_found, operation, "the upload was completed or aborted").with("key", key());
    }

    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        SF_ASSIGN(auto bytes, drain(body, stop));
        const std::lock_guard lock(state_->mutex);
        const auto upload = state_->uploads.find(upload_id());
        if (upload == state_->uploads.end()) return gone("storage.put_part");
        PartInfo info{number, bytes.size(), state_->next_etag_locked(), {}};
        upload->second.parts[number] = {info, std::make_shared<const Bytes>(std::move(bytes))};
        return info;
    }

    Result<std::vector<PartInfo>> do_list_parts(std::stop_token) override {
        const std::lock_guard lock(state_->mutex);
        const auto upload = state_->uploads.find(upload_id());
        if (upload == state_->uploads.end()) return gone("storage.list_parts");
        std::vector<PartInfo> parts;
        for (const auto& [number, part] : upload->second.parts) parts.push_back(part.info);
        return parts;
    }

    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token) override {
        const std::lock_guard lock(state_->mutex);
        const auto upload = state_->uploads.find(upload_id());
        if (upload == state_->uploads.end()) return gone("storage.complete");
        Bytes whole;
        for (const auto& part : parts) {
            const auto held = upload->second.parts.find(part.number);
            if (held == upload->second.parts.end() || held->second.info != part) {
                return make_error(Errc::integrity, "storage.complete", "a part is missing or is not the one that was stored")
                    .with("number", std::to_string(part.number));
            }
            whole.insert(whole.end(), held->second.bytes->begin(), held->second.bytes->end());
        }
        SF_ASSIGN(auto info, state_->commit_locked(key(), std::make_shared<const Bytes>(std::move(whole)), upload->second.options));
        state_->uploads.erase(upload);
        return info;
    }

    Result<void> do_abort() override {
        const std::lock_guard lock(state_->mutex);
        state_->uploads.erase(upload_id());
        return {};
    }

    std::shared_ptr<MemoryState> state_;
};

}  // namespace

Result<std::unique_ptr<MultipartUpload>> open_memory_upload(std::shared_ptr<MemoryState> state, const std::string& key,
                                                            const PutOptions& options, const std::string& upload_id,
                                                            std::uint32_t max_parts) {
    auto id = upload_id;
    {
        const std::lock_guard lock(state->mutex);
        if (id.empty()) {
            id = std::to_string(++state->versions);
            state->uploads[id] = {key, options, state->clock(), {}};
        } else if (const auto found = state->uploads.find(id); found == state->uploads.end() || found->second.key != key) {
            return make_error(Errc::not_found, "storage.resume_multipart", "there is no such upload").with("key", key);
        }
    }
    return std::unique_ptr<MultipartUpload>(std::make_unique<MemoryMultipart>(std::move(state), key, std::move(id), max_parts));
}

}  // namespace streamforge::storage
