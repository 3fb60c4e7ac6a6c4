find_package(nlohmann_json REQUIRED)
streamforge_unit_tests(cdn $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> http_test_support)
