#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <condition_variable>
#include <stop_token>

#include <streamforge/core/byte_budget.hpp>
#include <streamforge/storage/transfer.hpp>

#include "storage/transfer/upload_state.hpp"

namespace streamforge::storage {

/// Memory for one part, the right to hold it, and the body that lies in it or is read into it.
struct PreparedPart {
    ByteTicket ticket;
    Bytes bytes;
    Body body;
};

/// Where parts come from. *Thread safety*: `prepare` is called from several threads for sources that allow it, else by one at a time
/// and in order.
class PartSource {
public:
    virtual ~PartSource() = default;
    /// Part `number`, at most `range.length` bytes of it; fewer only where a stream ends. Moving it does not move its memory.
    [[nodiscard]] virtual Result<PreparedPart> prepare(std::uint32_t number, ByteRange range, ByteBudget& budget,
                                                       const std::stop_token& stop) = 0;
    [[nodiscard]] virtual bool in_order() const noexcept = 0;
    /// Takes a part's memory back once it was sent, to be used again.
    virtual void take_back(PreparedPart) {}
    /// A part too long for memory, to be sent straight from its source; nothing where that cannot be.
    [[nodiscard]] virtual std::optional<Body> direct(ByteRange) { return std::nullopt; }
};

[[nodiscard]] std::unique_ptr<PartSource> source_of_bytes(std::shared_ptr<const ByteSource> bytes);
/// `beginning` was read from the body already; `held` is its right to be in memory.
[[nodiscard]] std::unique_ptr<PartSource> source_of_body(Body body, Bytes beginning, ByteTicket held);

/// Called for each acknowledged part before it counts, one at a time. An error ends the upload.
using OnAcknowledged = std::function<Result<void>(const PartInfo&)>;

struct SendOptions {
    std::uint32_t parallel = 8;
    ProgressObserver progress{};
    OnAcknowledged on_acknowledged{};
};

/// Sends what is missing in `state` by some threads and completes the upload. On an error the parts stay at the store.
[[nodiscard]] Result<ObjectInfo> send_parts(MultipartUpload& upload, PartSource& source, UploadState& state, ByteBudget& budget,
                                            const SendOptions& options, std::stop_token stop);

/// `upload_body` within a budget that others share. `beginning`, already read, is at most the first part.
[[nodiscard]] Result<UploadReport> upload_stream(ObjectStore& store, Body body, Bytes beginning, ByteTicket held, std::string_view key,
                                                 const PutOptions& put, const TransferOptions& options, ByteBudget& budget,
                                                 std::stop_token stop);

}  // namespace streamforge::storage
