# Against real S3 servers on loopback, where tests/s3/install_servers.sh has built them; without them every test says so and skips.
if(TARGET streamforge_storage)
  find_package(nlohmann_json REQUIRED)
  set(here ${CMAKE_CURRENT_LIST_DIR})
  add_executable(s3_upload_once ${here}/upload_once.cpp)
  target_include_directories(s3_upload_once PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(s3_upload_once PRIVATE streamforge_storage streamforge_warnings)

  file(GLOB sources CONFIGURE_DEPENDS ${here}/*_test.cpp)
  add_executable(s3_servers ${sources} ${here}/server.cpp ${here}/fault_proxy.cpp)
  target_include_directories(s3_servers PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(s3_servers PRIVATE STREAMFORGE_UPLOAD_ONCE="$<TARGET_FILE:s3_upload_once>")
  # Waits for servers, not for itself: quick to compile matters more.
  target_compile_options(s3_servers PRIVATE -O0)
  target_link_libraries(s3_servers PRIVATE streamforge_storage http_test_support nlohmann_json::nlohmann_json streamforge_warnings Threads::Threads
    GTest::gtest GTest::gmock GTest::gtest_main)
  add_dependencies(s3_servers s3_upload_once)
  # A process starts its servers once: a suite is one test, rather than each of its cases.
  foreach(suite Versitygw/* Minio/* Servers/S3Faults.* Servers/S3Kill.* Servers/S3Browser.* S3Wire.*:FaultProxy.*)
    string(REGEX MATCH "[A-Za-z0-9]+/?[A-Za-z0-9]*" name ${suite})
    string(REPLACE "Servers/" "" name ${name})
    string(REPLACE "/" "" name ${name})
    add_test(NAME s3.${name} COMMAND s3_servers --gtest_filter=${suite})
    set_tests_properties(s3.${name} PROPERTIES LABELS s3 TIMEOUT 900 SKIP_REGULAR_EXPRESSION "is not installed: run tests/s3")
  endforeach()
endif()
