find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME docs.snippets_are_the_tested_code
  COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/snippets.py ${PROJECT_SOURCE_DIR} README.md)
