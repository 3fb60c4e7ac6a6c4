#pragma once

#include <string>

namespace streamforge::manifest::testing {

/// Compares with tests/golden/manifest/<name>; with STREAMFORGE_UPDATE_GOLDEN=1 in the environment writes it instead.
void expect_golden(const std::string& name, const std::string& actual);

/// Validates an MPD against the schema with xmllint. False: the schema or xmllint is absent, and the test should skip.
[[nodiscard]] bool expect_valid_by_schema(const std::string& mpd);

}  // namespace streamforge::manifest::testing
