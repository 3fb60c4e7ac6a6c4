#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <streamforge/storage/mirrored_store.hpp>

#include "storage/mirrored/circuit_breaker.hpp"

namespace streamforge::storage {

/// The stores behind a mirrored one, and how they are doing.
class Mirrors {
public:
    Mirrors(std::vector<std::shared_ptr<ObjectStore>> stores, MirrorOptions options);

    [[nodiscard]] std::size_t count() const noexcept { return stores_.size(); }
    [[nodiscard]] ObjectStore& store(std::size_t index) const noexcept { return *stores_[index]; }
    [[nodiscard]] std::shared_ptr<ObjectStore> shared(std::size_t index) const noexcept { return stores_[index]; }
    [[nodiscard]] const MirrorOptions& options() const noexcept { return options_; }
    [[nodiscard]] std::uint32_t least_copies() const noexcept {
        return options_.least_copies == 0 ? static_cast<std::uint32_t>(stores_.size()) : options_.least_copies;
    }

    /// Whether store `index` may be asked now.
    [[nodiscard]] bool allows(std::size_t index);
    /// Takes note of how a call at store `index` went. An answer that says no is a working store's.
    void note(std::size_t index, const Error* error);

    /// Remembers which version an ETag stands for, so that other stores, which may call it otherwise, can be asked for the same.
    void remember(const ObjectInfo& info);
    /// What was remembered of `key` under `etag`, if anything.
    [[nodiscard]] std::optional<ObjectInfo> recall(const std::string& key, const std::string& etag) const;

    /// The first working store's answer. Errors that are a store's own failure lead to the next store.
    template <class T, class Ask>
    Result<T> first(Ask&& ask) {
        std::optional<Error> error;
        for (const bool desperate : {false, true}) {
            for (std::size_t index = 0; index < stores_.size(); ++index) {
                if (!desperate && !allows(index)) continue;
                Result<T> answer = ask(index);
                note(index, answer ? nullptr : &answer.error());
                if (answer || !is_failure(answer.error())) return answer;
                if (!error) error = answer.error();
            }
            if (error) break;  // left-alone stores are asked only where no other could be
        }
        return *error;
    }

    /// The store itself failed, rather than what it was asked for.
    [[nodiscard]] static bool is_failure(const Error& error) noexcept;

private:
    std::vector<std::shared_ptr<ObjectStore>> stores_;
    MirrorOptions options_;
    std::vector<std::unique_ptr<CircuitBreaker>> breakers_;
    mutable std::mutex mutex_;  // guards what follows
    std::unordered_map<std::string, ObjectInfo> versions_;
};

/// Whether two stores tell of the same bytes.
[[nodiscard]] bool same_version(const ObjectInfo& a, const ObjectInfo& b) noexcept;

/// Reads from one store, and from the next in the same version when that one fails.
[[nodiscard]] Result<std::unique_ptr<ObjectReader>> open_mirrored_reader(std::shared_ptr<Mirrors> mirrors, const std::string& key,
                                                                         const GetOptions& options, std::stop_token stop);

}  // namespace streamforge::storage
