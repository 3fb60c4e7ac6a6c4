include(GoogleTest)

# streamforge_test(NAME DIRECTORY LIBRARIES… ) builds one GoogleTest program from every *_test.cpp under DIRECTORY.
function(streamforge_test name directory)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    STREAMFORGE_TEST_SOURCE_DIR="${PROJECT_SOURCE_DIR}/tests"
    STREAMFORGE_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  # The library under test is optimised; a test's own code is quick anyway, and three times quicker to compile like this.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_link_libraries(${name} PRIVATE ${ARGN} streamforge_warnings GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${directory})
endfunction()

# streamforge_unit_tests(MODULE LIBRARIES…): tests/unit/MODULE against streamforge::MODULE and what it needs privately.
function(streamforge_unit_tests module)
  if(TARGET streamforge_${module})
    streamforge_test(unit_${module} unit/${module} streamforge_${module} ${ARGN})
  endif()
endfunction()
