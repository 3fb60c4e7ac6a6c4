#pragma once

#include <cstdint>
#include <memory>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::packaging {

/// One sample as the index knows it. Times are ticks of the track's timescale on the media timeline (before edit lists).
struct IndexedSample {
    std::int64_t dts = 0;
    std::int64_t cts = 0;       ///< Composition offset: pts = dts + cts.
    std::int64_t duration = 0;  ///< To the next sample's dts; of the last: its own.
    std::uint64_t offset = 0;   ///< First byte in the source.
    std::uint32_t size_bytes = 0;
    bool sync = false;

    [[nodiscard]] std::int64_t pts() const noexcept { return dts + cts; }
    friend bool operator==(const IndexedSample&, const IndexedSample&) = default;
};

/// Where every sample of a track lies and when it plays. Immutable and compact: about 4–5 bytes for a video sample, 2–3
/// for an audio sample.
///
/// *Thread safety*: all calls. *Cost*: reading one sample decodes at most 128; a run is read at about 10 ns a sample.
class STREAMFORGE_EXPORT SampleIndex {
public:
    class Builder;
    /// Walks forward from one sample. *Lifetime*: the index must outlive it.
    class Cursor;

    SampleIndex(const SampleIndex&) = delete;
    SampleIndex& operator=(const SampleIndex&) = delete;
    ~SampleIndex();

    [[nodiscard]] std::uint64_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// `number` < size().
    [[nodiscard]] IndexedSample sample(std::uint64_t number) const;
    [[nodiscard]] Cursor cursor(std::uint64_t number = 0) const;
    [[nodiscard]] std::int64_t first_dts() const noexcept;
    /// dts of the last sample + its duration.
    [[nodiscard]] std::int64_t end_dts() const noexcept;
    [[nodiscard]] std::uint64_t total_bytes() const noexcept;
    [[nodiscard]] bool all_sync() const noexcept;
    [[nodiscard]] bool is_sync(std::uint64_t number) const noexcept;
    /// Number of the first sync sample at or after `number`; size() when there is none.
    [[nodiscard]] std::uint64_t next_sync(std::uint64_t number) const noexcept;
    /// Number of the last sample with dts ≤ `dts` (the first sample when all are later).
    [[nodiscard]] std::uint64_t sample_at_dts(std::int64_t dts) const;
    /// Heap bytes held.
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

private:
    struct Impl;
    explicit SampleIndex(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

class STREAMFORGE_EXPORT SampleIndex::Cursor {
public:
    Cursor(Cursor&&) noexcept;
    Cursor& operator=(Cursor&&) noexcept;
    ~Cursor();

    /// Number of the sample that `next` gives; the index's size at the end.
    [[nodiscard]] std::uint64_t number() const noexcept;
    [[nodiscard]] bool at_end() const noexcept;
    /// The sample at `number()`, and goes on. Not at the end.
    IndexedSample next();

private:
    friend class SampleIndex;
    struct State;
    explicit Cursor(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Takes samples in decode order; the first one's dts starts the timeline, later ones follow from the durations.
class STREAMFORGE_EXPORT SampleIndex::Builder {
public:
    explicit Builder(std::int64_t first_dts = 0);
    Builder(Builder&&) noexcept;
    Builder& operator=(Builder&&) noexcept;
    ~Builder();

    /// Adds the next sample. Its `dts` is not read: it is the first one's plus the durations so far.
    void append(const IndexedSample& sample);
    /// Lets the last sample last until `dts`, where the next one begins. Earlier times change nothing.
    void stretch_to(std::int64_t dts);
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// The dts that the next sample will have.
    [[nodiscard]] std::int64_t next_dts() const noexcept;
    [[nodiscard]] std::shared_ptr<const SampleIndex> build() &&;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace streamforge::packaging
