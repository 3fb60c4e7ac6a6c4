find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_test(NAME layering.include_graph
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/include_graph.py ${PROJECT_SOURCE_DIR})
add_test(NAME layering.include_graph_sees_violations
  COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/include_graph_test.py)

# Each public header compiles alone, in a translation unit of its own.
get_property(modules GLOBAL PROPERTY STREAMFORGE_MODULES)
foreach(module IN LISTS modules)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include
    ${PROJECT_SOURCE_DIR}/include/streamforge/${module}/*.hpp)
  get_property(excluded GLOBAL PROPERTY STREAMFORGE_${module}_EXCLUDED)
  foreach(part IN LISTS excluded)
    list(FILTER headers EXCLUDE REGEX "/${part}")
  endforeach()
  set(units)
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} name)
    set(unit ${PROJECT_BINARY_DIR}/header_units/${name}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include <${header}>\n#include <${header}>  // twice: guarded\n")
    list(APPEND units ${unit})
  endforeach()
  if(units)
    add_library(header_units_${module} OBJECT ${units})
    target_link_libraries(header_units_${module} PRIVATE streamforge_${module} streamforge_warnings)
  endif()
endforeach()
