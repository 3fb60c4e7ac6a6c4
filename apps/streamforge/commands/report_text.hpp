#pragma once

#include <string>

#include "console.hpp"

#include <streamforge/pipeline/report.hpp>

namespace streamforge::app {

/// Prints what a run made: a table for people, or one JSON line.
void print_report(Console& console, const pipeline::Report& report, const std::string& output);

}  // namespace streamforge::app
