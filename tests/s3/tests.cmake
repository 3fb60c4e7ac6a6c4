# Against real S3 servers on loopback, where tests/s3/install_servers.sh has built them; without them every test says so and skips.
if(TARGET streamforge_storage)
  add_library(s3_test_support STATIC EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/server.cpp)
  target_include_directories(s3_test_support PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(s3_test_support PUBLIC streamforge_storage http_test_support PRIVATE streamforge_warnings Threads::Threads)
  add_executable(s3_upload_once ${CMAKE_CURRENT_LIST_DIR}/upload_once.cpp)
  target_include_directories(s3_upload_once PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(s3_upload_once PRIVATE streamforge_storage streamforge_warnings)
  streamforge_test(s3_servers s3 s3_test_support streamforge_storage)
  # Waits for servers, not for itself: quick to compile matters more.
  target_compile_options(s3_servers PRIVATE -O0)
  target_compile_definitions(s3_servers PRIVATE STREAMFORGE_UPLOAD_ONCE="$<TARGET_FILE:s3_upload_once>")
  add_dependencies(s3_servers s3_upload_once)
endif()
