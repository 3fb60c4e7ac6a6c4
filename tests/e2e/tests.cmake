# The back end of the uploader's browser test; tests/e2e/run_uploads.sh uses it.
if(TARGET streamforge_storage)
  add_executable(upload_desk ${CMAKE_CURRENT_LIST_DIR}/upload_desk.cpp)
  target_link_libraries(upload_desk PRIVATE streamforge_storage streamforge_warnings)
endif()
