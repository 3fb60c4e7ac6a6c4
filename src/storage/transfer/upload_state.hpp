#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include <streamforge/storage/multipart.hpp>

#include "storage/transfer/part_plan.hpp"

namespace streamforge::storage {

/// Where an upload in parts stands. Changed by `apply` only; knows nothing of threads, stores or files.
struct UploadState {
    enum class Phase : std::uint8_t { sending, completing, finished, failed };

    explicit UploadState(PartPlan the_plan);
    /// Goes on with parts that the store holds already.
    UploadState(PartPlan the_plan, const std::vector<PartInfo>& held);

    [[nodiscard]] std::vector<PartInfo> parts() const;
    [[nodiscard]] std::uint64_t acknowledged_bytes() const noexcept;

    PartPlan plan;
    Phase phase = Phase::sending;
    std::map<std::uint32_t, PartInfo> acknowledged;
    std::set<std::uint32_t> on_the_way;
    std::uint32_t next = 1;             ///< No part below it is still to be begun.
    std::optional<std::uint32_t> last;  ///< Known from the start, or once a stream ended.
    std::optional<Error> failure;
};

/// What to do now.
struct UploadStep {
    enum class Kind : std::uint8_t {
        send_part,  ///< `number`; then say `PartBegun`.
        wait,       ///< For a part on its way.
        complete,   ///< All parts are there; then say `CompletionBegun`.
        stop,       ///< It is over, well or not.
    };
    Kind kind = Kind::wait;
    std::uint32_t number = 0;

    friend bool operator==(const UploadStep&, const UploadStep&) = default;
};

struct PartBegun {
    std::uint32_t number;
};
struct PartAcknowledged {
    PartInfo part;
};
struct PartFailed {
    std::uint32_t number;
    Error error;
};
/// A stream held nothing more when `number` was to be read.
struct StreamEnded {
    std::uint32_t number;
};
struct CompletionBegun {};
struct Completed {};
struct UploadFailed {
    Error error;
};
using UploadEvent = std::variant<PartBegun, PartAcknowledged, PartFailed, StreamEnded, CompletionBegun, Completed, UploadFailed>;

/// Pure: the same state gives the same step.
[[nodiscard]] UploadStep next_step(const UploadState& state);
/// The first failure counts; what comes after it only empties the way.
void apply(UploadState& state, UploadEvent event);

}  // namespace streamforge::storage
