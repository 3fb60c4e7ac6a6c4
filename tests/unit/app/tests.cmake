# The program's own parts; its behaviour as a whole is judged by tests/integration.
add_executable(unit_app ${CMAKE_CURRENT_LIST_DIR}/duration_test.cpp ${PROJECT_SOURCE_DIR}/apps/streamforge/duration.cpp)
target_include_directories(unit_app PRIVATE ${PROJECT_SOURCE_DIR}/apps/streamforge)
target_link_libraries(unit_app PRIVATE streamforge_core streamforge_warnings GTest::gtest GTest::gtest_main)
gtest_discover_tests(unit_app DISCOVERY_MODE PRE_TEST PROPERTIES LABELS unit/app)
