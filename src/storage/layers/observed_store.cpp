#include <streamforge/storage/layers.hpp>

#include <algorithm>

#include "core/try.hpp"
#include "storage/layers/layer.hpp"

namespace streamforge::storage {
namespace {

using SteadyClock = std::chrono::steady_clock;
using SharedObserver = std::shared_ptr<const StoreObserver>;

/// One call from its beginning; tells the observer when it is given the outcome.
class Observation {
public:
    Observation(SharedObserver observer, std::string_view operation, std::string_view key)
        : observer_(std::move(observer)), operation_(operation), key_(key), begun_(SteadyClock::now()) {}

    void end(std::uint64_t bytes, const Error* error) const { (*observer_)({operation_, key_, SteadyClock::now() - begun_, bytes, error}); }
    template <class T>
    Result<T> end(Result<T> outcome, std::uint64_t bytes = 0) const {
        end(outcome ? bytes : 0, outcome ? nullptr : &outcome.error());
        return outcome;
    }

private:
    SharedObserver observer_;
    std::string_view operation_;
    std::string key_;
    SteadyClock::time_point begun_;
};

class ObservedReader final : public ObjectReader {
public:
    ObservedReader(std::unique_ptr<ObjectReader> inner, Observation observation)
        : ObjectReader(inner->info(), inner->range()), inner_(std::move(inner)), observation_(std::move(observation)) {}
    ~ObservedReader() override { observation_.end(bytes_, error_ ? &*error_ : nullptr); }

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        auto count = inner_->read(into);
        if (count) {
            bytes_ += *count;
        } else {
            error_ = count.error();
        }
        return count;
    }
    std::unique_ptr<ObjectReader> inner_;
    Observation observation_;
    std::uint64_t bytes_ = 0;
    std::optional<Error> error_;
};

class ObservedUpload final : public MultipartUpload {
public:
    ObservedUpload(std::unique_ptr<MultipartUpload> inner, SharedObserver observer, std::uint32_t max_parts)
        : MultipartUpload(inner->key(), inner->upload_id(), max_parts), inner_(std::move(inner)), observer_(std::move(observer)) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        const Observation seen(observer_, "part", key());
        auto part = inner_->put_part(number, std::move(body), std::move(stop));
        const auto bytes = part ? part->size_bytes : 0;
        return seen.end(std::move(part), bytes);
    }
    Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) override {
        return Observation(observer_, "parts", key()).end(inner_->list_parts(std::move(stop)));
    }
    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        return Observation(observer_, "complete", key()).end(inner_->complete(parts, std::move(stop)));
    }
    Result<void> do_abort() override { return Observation(observer_, "abort", key()).end(inner_->abort()); }

    std::unique_ptr<MultipartUpload> inner_;
    SharedObserver observer_;
};

class ObservedStore final : public Layer {
public:
    ObservedStore(std::shared_ptr<ObjectStore> inner, StoreObserver observer)
        : Layer(std::move(inner)), observer_(std::make_shared<const StoreObserver>(std::move(observer))) {}

private:
    [[nodiscard]] Observation begin(std::string_view operation, std::string_view key) const { return {observer_, operation, key}; }

    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        const auto seen = begin("put", key);
        auto info = inner().put(key, std::move(body), options, std::move(stop));
        const auto bytes = info ? info->size_bytes : 0;
        return seen.end(std::move(info), bytes);
    }
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        auto seen = begin("get", key);
        auto reader = inner().get(key, options, std::move(stop));
        if (!reader) return seen.end(std::move(reader));
        return std::unique_ptr<ObjectReader>(std::make_unique<ObservedReader>(*std::move(reader), std::move(seen)));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        return begin("head", key).end(Layer::do_head(key, std::move(stop)));
    }
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        return begin("list", request.options.prefix).end(Layer::do_list(request, std::move(stop)));
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        return begin("remove", keys.front()).end(Layer::do_remove(keys, std::move(stop)));
    }
    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        return begin("copy", from).end(Layer::do_copy(from, to, options, std::move(stop)));
    }
    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token stop) override {
        auto upload = begin(request.upload_id.empty() ? "begin" : "resume", key).end(Layer::do_multipart(key, request, std::move(stop)));
        if (!upload) return upload;
        return std::unique_ptr<MultipartUpload>(std::make_unique<ObservedUpload>(*std::move(upload), observer_, capabilities().max_parts));
    }
    Result<PresignedRequest> do_presign(const std::string& key, const PresignOptions& options) override {
        return begin("presign", key).end(Layer::do_presign(key, options));
    }

    SharedObserver observer_;
};

}  // namespace

std::shared_ptr<ObjectStore> make_observed_store(std::shared_ptr<ObjectStore> inner, StoreObserver observer) {
    return std::make_shared<ObservedStore>(std::move(inner), std::move(observer));
}

std::shared_ptr<ObjectStore> make_logging_store(std::shared_ptr<ObjectStore> inner, LogSink log) {
    return make_observed_store(std::move(inner), [log = std::move(log)](const StoreCall& call) {
        const auto ms = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(call.duration).count()) + " ms";
        const auto what = std::string(call.operation) + " " + std::string(call.key);
        if (call.error == nullptr) {
            log(LogLevel::debug, "storage", what + ": " + std::to_string(call.bytes) + " bytes in " + ms);
        } else {
            log(LogLevel::warning, "storage", what + " failed after " + ms + ": " + call.error->describe());
        }
    });
}

void StoreMetrics::count(const StoreCall& call) {
    const std::lock_guard lock(mutex_);
    auto found = rows_.find(call.operation);
    if (found == rows_.end()) found = rows_.emplace(std::string(call.operation), Row{}).first;
    auto& row = found->second;
    ++row.calls;
    if (call.error != nullptr) ++row.errors;
    row.bytes += call.bytes;
    row.total += call.duration;
    row.longest = std::max(row.longest, call.duration);
}

std::map<std::string, StoreMetrics::Row, std::less<>> StoreMetrics::rows() const {
    const std::lock_guard lock(mutex_);
    return rows_;
}

std::string StoreMetrics::text() const {
    std::string out;
    const auto all = rows();
    const auto family = [&](const std::string& name, auto value) {
        out += "# TYPE streamforge_storage_" + name + " counter\n";
        for (const auto& [operation, row] : all) {
            out += "streamforge_storage_" + name + "{operation=\"" + operation + "\"} " + std::to_string(value(row)) + '\n';
        }
    };
    family("calls_total", [](const Row& row) { return row.calls; });
    family("errors_total", [](const Row& row) { return row.errors; });
    family("bytes_total", [](const Row& row) { return row.bytes; });
    family("seconds_total", [](const Row& row) { return std::chrono::duration<double>(row.total).count(); });
    return out;
}

std::shared_ptr<ObjectStore> make_metered_store(std::shared_ptr<ObjectStore> inner, std::shared_ptr<StoreMetrics> metrics) {
    return make_observed_store(std::move(inner), [metrics = std::move(metrics)](const StoreCall& call) { metrics->count(call); });
}

}  // namespace streamforge::storage
