#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/packaging/mp4_reader.hpp>

#include "packaging/box_reader.hpp"

namespace streamforge::packaging {

/// The tables of `stbl` that together say where samples lie.
struct SampleTables {
    std::optional<Box> times;          ///< stts
    std::optional<Box> compositions;   ///< ctts
    std::optional<Box> sync;           ///< stss
    std::optional<Box> chunks;         ///< stsc
    std::optional<Box> sizes;          ///< stsz
    std::optional<Box> compact_sizes;  ///< stz2
    std::optional<Box> offsets_32;     ///< stco
    std::optional<Box> offsets_64;     ///< co64
};

/// Walks all tables at once and gives their samples to `builder`. What is left of `max_samples` goes down by their number.
///
/// *Errors*: `malformed` (tables that contradict each other or the file), `unsupported` (more than one sample description in
/// use), `limit_exceeded`, `io`.
[[nodiscard]] Result<void> read_sample_tables(const ByteSource& source, const SampleTables& tables, std::uint64_t& samples_left,
                                              SampleIndex::Builder& builder, std::vector<std::string>& warnings);

}  // namespace streamforge::packaging
