#pragma once

#include <memory>
#include <string>

#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/publish_tree.hpp>

namespace streamforge::storage {

/// A store over another one: what a layer does not override goes straight through.
class Layer : public ObjectStore, public TreePublisher {
public:
    explicit Layer(std::shared_ptr<ObjectStore> inner) : ObjectStore(inner->capabilities()), inner_(std::move(inner)) {}

protected:
    [[nodiscard]] ObjectStore& inner() const noexcept { return *inner_; }

    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        return inner_->put(key, std::move(body), options, std::move(stop));
    }
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        return inner_->get(key, options, std::move(stop));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override { return inner_->head(key, std::move(stop)); }
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        return list_of(*inner_, request, std::move(stop));
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        return inner_->remove(keys, std::move(stop));
    }
    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        return inner_->copy(from, to, options, std::move(stop));
    }
    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token stop) override {
        return multipart_of(*inner_, key, request, std::move(stop));
    }
    Result<PresignedRequest> do_presign(const std::string& key, const PresignOptions& options) override {
        return inner_->presign(key, options);
    }
    Result<void> do_publish_tree(const std::string& staging, const std::string& target, std::stop_token stop) override {
        return publish_tree(*inner_, staging, target, std::move(stop));
    }
    Result<void> do_remove_tree(const std::string& prefix, std::stop_token stop) override {
        return remove_tree(*inner_, prefix, std::move(stop));
    }

    [[nodiscard]] static Result<ListAnswer> list_of(ObjectStore& store, const ListRequest& request, std::stop_token stop) {
        ListAnswer answer;
        if (request.uploads) {
            auto page = store.list_uploads(request.options.prefix, request.options.page_token, std::move(stop));
            if (!page) return std::move(page).error();
            answer.uploads = std::move(page->uploads);
            answer.page.next_page_token = std::move(page->next_page_token);
            return answer;
        }
        auto page = store.list(request.options, std::move(stop));
        if (!page) return std::move(page).error();
        answer.page = *std::move(page);
        return answer;
    }
    [[nodiscard]] static Result<std::unique_ptr<MultipartUpload>> multipart_of(ObjectStore& store, const std::string& key,
                                                                               const MultipartRequest& request, std::stop_token stop) {
        if (request.upload_id.empty()) return store.begin_multipart(key, request.options, std::move(stop));
        return store.resume_multipart(key, request.upload_id, request.options, std::move(stop));
    }

private:
    std::shared_ptr<ObjectStore> inner_;
};

}  // namespace streamforge::storage
