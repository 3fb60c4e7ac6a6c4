find_package(nlohmann_json REQUIRED)
streamforge_unit_tests(storage nlohmann_json::nlohmann_json)
