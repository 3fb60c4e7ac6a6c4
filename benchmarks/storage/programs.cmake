# The server of storage.py.
add_executable(null_s3_server ${CMAKE_CURRENT_LIST_DIR}/null_server.cpp)
target_compile_features(null_s3_server PRIVATE cxx_std_20)
find_package(Threads REQUIRED)
target_link_libraries(null_s3_server PRIVATE streamforge_warnings Threads::Threads)
