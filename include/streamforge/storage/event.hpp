#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// What a bucket tells of one of its objects.
struct StoreEvent {
    enum class Kind : std::uint8_t {
        created,   ///< Put, post, copy, or an upload that was completed.
        removed,   ///< Also a delete marker.
        restored,  ///< Back from an archive.
        other,
    };
    Kind kind = Kind::other;
    std::string name{};  ///< As the store calls it, without "s3:": "ObjectCreated:Put", "Object Created".
    std::string bucket{};
    std::string key{};  ///< As it is, not as notifications encode it.
    std::string version_id{};
    std::string etag{};  ///< Without quotes, as events have it.
    std::optional<std::uint64_t> size_bytes{};
    std::string sequencer{};  ///< Orders the events of one key; not all have it.
    std::string region{};
    std::optional<std::chrono::system_clock::time_point> time{};

    /// The same text for every delivery of the same event, by whatever way it came: deliveries may come twice. Where a store gives no
    /// sequencer, the event's name, ETag and time stand for it.
    [[nodiscard]] STREAMFORGE_EXPORT std::string deduplication_key() const;
};

/// Whether `a` is older than `b`, of the same key: deliveries may come in any order. Nothing when that cannot be said.
[[nodiscard]] STREAMFORGE_EXPORT std::optional<bool> happened_before(const StoreEvent& a, const StoreEvent& b);

/// The events in a message: as S3 (any 2.x), MinIO and versitygw write them, in SNS and SQS envelopes (from the queue, or as a function
/// gets them) around each other, and EventBridge's. A test message holds none.
/// *Errors*: `malformed` for what is no such message, `limit_exceeded` above 4 MiB or 10,000 events. *Source*: Amazon S3 user guide,
/// "Event message structure" and "EventBridge event message structure".
[[nodiscard]] STREAMFORGE_EXPORT Result<std::vector<StoreEvent>> parse_store_events(std::string_view message);

}  // namespace streamforge::storage
