#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamforge::pipeline {

/// What stands in the marker of an unfinished presentation: a sentence for people, and which process writes it.
[[nodiscard]] std::string make_run_mark();

enum class RunState : std::uint8_t {
    running,
    ended,
    unknown,  ///< It ran on another machine or in another container, or the mark is no mark.
};

/// Whether the process that made a mark still runs. Only told for processes that this one can see.
[[nodiscard]] RunState state_of_run(std::string_view mark);

}  // namespace streamforge::pipeline
