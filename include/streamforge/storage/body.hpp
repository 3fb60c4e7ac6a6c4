#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <variant>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// The bytes of a `put`: borrowed memory, owned memory, a `ByteSource`, or a callback that produces them once.
///
/// *Lifetime*: a borrowed view must stay valid for the call it is given to. *Thread safety*: none.
class STREAMFORGE_EXPORT Body {
public:
    /// Fills the span as far as it can and returns how many bytes; 0 is the end. Called in order, from one thread.
    using Producer = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

    Body() = default;                                                ///< Empty.
    Body(ByteView bytes) : content_(bytes) {}                        // NOLINT: implicit by design, borrows
    Body(const Bytes& bytes) : content_(ByteView(bytes)) {}          // NOLINT: implicit by design, borrows
    Body(Bytes&& bytes) : content_(std::move(bytes)) {}              // NOLINT: implicit by design, owns
    Body(std::string_view text);                                     // NOLINT: implicit by design, borrows
    Body(const char* text) : Body(std::string_view(text)) {}         // NOLINT: implicit by design, borrows
    Body(const std::string& text) : Body(std::string_view(text)) {}  // NOLINT: implicit by design, borrows
    Body(std::shared_ptr<const ByteSource> source);                  // NOLINT: implicit by design, shares
    Body(std::shared_ptr<ByteSource> source)                         // NOLINT: implicit by design, shares
        : Body(std::shared_ptr<const ByteSource>(std::move(source))) {}
    /// A part of a source; the range must lie inside it, or reading fails with `integrity`.
    Body(std::shared_ptr<const ByteSource> source, ByteRange range);
    /// The same, with memory of the range's length that `load` reads it into. Copies share that memory: to use some at once, load
    /// first and copy then. *Lifetime*: of the memory, as of a borrowed view.
    Body(std::shared_ptr<const ByteSource> source, ByteRange range, std::span<std::uint8_t> room);
    /// A stream that can be read once. With a size, producing more or fewer bytes fails the put with `integrity`.
    [[nodiscard]] static Body stream(Producer producer, std::optional<std::uint64_t> size_bytes = std::nullopt);

    /// Total length; empty when a stream does not say.
    [[nodiscard]] std::optional<std::uint64_t> size_bytes() const noexcept;
    /// Whether `rewind` works, so that a failed transfer can be repeated.
    [[nodiscard]] bool is_rewindable() const noexcept;
    /// The whole body, when it lies in memory already.
    [[nodiscard]] std::optional<ByteView> in_memory() const noexcept;
    /// Whether `load` needs no memory of its own.
    [[nodiscard]] bool has_room() const noexcept;

    /// Next bytes into `into`, as many as there are; 0 at the end. Short only at the end.
    /// *Errors*: what the source or producer gives; `integrity` when a sized body is longer or shorter than it said.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into);
    /// Back to the first byte. *Errors*: `unsupported` for a stream.
    [[nodiscard]] Result<void> rewind();
    /// Shown each piece of a body while it is still in the processor's cache.
    using Observer = std::function<void(ByteView)>;
    /// The whole body in memory, read in one pass unless it lies there already; `seen` is shown all of it in order.
    /// A stream gives what was not read before.
    /// *Errors*: those of `read`; `limit_exceeded` when it needs more memory than `max_bytes`; `cancelled`.
    /// *Lifetime* of the view: the body's.
    [[nodiscard]] Result<ByteView> load(const Observer& seen, std::uint64_t max_bytes, const std::stop_token& stop = {});

private:
    struct Part {
        std::shared_ptr<const ByteSource> source;
        ByteRange range;
        std::span<std::uint8_t> room{};
    };
    struct Stream {
        Producer producer;
        std::optional<std::uint64_t> size_bytes;
    };
    [[nodiscard]] Result<std::size_t> read_stream(Stream& stream, std::span<std::uint8_t> into);
    /// Reads until `into` is full or the body ends.
    [[nodiscard]] Result<std::size_t> read_observed(std::span<std::uint8_t> into, const Observer& seen, const std::stop_token& stop);
    [[nodiscard]] Result<Bytes> collect(const Observer& seen, std::uint64_t max_bytes, const std::stop_token& stop);

    std::variant<ByteView, Bytes, Part, Stream> content_;
    std::uint64_t position_ = 0;
};

}  // namespace streamforge::storage
