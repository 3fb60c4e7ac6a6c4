if(TARGET streamforge_packaging)
  add_library(packaging_test_support STATIC EXCLUDE_FROM_ALL
    ${CMAKE_CURRENT_LIST_DIR}/support/tools.cpp
    ${CMAKE_CURRENT_LIST_DIR}/support/media.cpp
    ${CMAKE_CURRENT_LIST_DIR}/support/mp4_builder.cpp
    ${CMAKE_CURRENT_LIST_DIR}/support/remux_support.cpp)
  target_include_directories(packaging_test_support PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(packaging_test_support PUBLIC streamforge_packaging PRIVATE streamforge_warnings)
endif()
streamforge_unit_tests(packaging packaging_test_support)
