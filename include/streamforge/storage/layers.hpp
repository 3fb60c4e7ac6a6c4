#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <streamforge/core/error.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/random.hpp>
#include <streamforge/http/retry.hpp>
#include <streamforge/storage/object_store.hpp>

// Layers: stores that pass every call on to another one and add one thing.
namespace streamforge::storage {

/// One finished call on a store.
struct StoreCall {
    std::string_view
        operation;  ///< "put", "get", "head", "list", "remove", "copy", "begin", "resume", "part", "parts", "complete", "abort", "presign".
    std::string_view key;  ///< Empty where a call has none; of several the first.
    std::chrono::nanoseconds duration{0};
    std::uint64_t bytes = 0;       ///< Stored or fetched; of a `get` counted when its reader goes.
    const Error* error = nullptr;  ///< Nothing when it went well.
};

/// Called after each call, from the thread that made it, perhaps from several at once; must return quickly and must not throw.
using StoreObserver = std::function<void(const StoreCall&)>;

/// `inner` with an observer of its calls.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ObjectStore> make_observed_store(std::shared_ptr<ObjectStore> inner,
                                                                                  StoreObserver observer);

/// `inner` with a log line for each call: `debug` when it went well, `warning` with the error when it did not. Lines hold keys, and
/// neither secrets nor what the remote said.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ObjectStore> make_logging_store(std::shared_ptr<ObjectStore> inner, LogSink log);

/// Counts of calls by operation. *Thread safety*: all calls.
class STREAMFORGE_EXPORT StoreMetrics {
public:
    struct Row {
        std::uint64_t calls = 0;
        std::uint64_t errors = 0;
        std::uint64_t bytes = 0;
        std::chrono::nanoseconds total{0};
        std::chrono::nanoseconds longest{0};
    };
    void count(const StoreCall& call);
    /// By operation.
    [[nodiscard]] std::map<std::string, Row, std::less<>> rows() const;
    /// In the text format of Prometheus: `streamforge_storage_calls_total{operation="put"} 3`, and so on.
    [[nodiscard]] std::string text() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, Row, std::less<>> rows_;
};

/// `inner` with its calls counted in `metrics`.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ObjectStore> make_metered_store(std::shared_ptr<ObjectStore> inner,
                                                                                 std::shared_ptr<StoreMetrics> metrics);

/// `inner` with calls that failed with `Retry::later` made again, and readers that broke off opened again where they were. What may
/// have been done already and cannot be done twice is not repeated: writes under a condition, the beginning and the completion of an
/// upload (unless the store only asked to slow down), and bodies that can be read only once. The `s3` backend repeats by itself; this is
/// for backends of your own and for networked file systems.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ObjectStore> make_retrying_store(std::shared_ptr<ObjectStore> inner,
                                                                                  http::RetryPolicy policy = {},
                                                                                  Random random = system_random(),
                                                                                  http::Sleep sleep = http::thread_sleep());

}  // namespace streamforge::storage
