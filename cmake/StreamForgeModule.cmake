include(GNUInstallDirs)

# streamforge_module(NAME [PUBLIC modules…] [PRIVATE targets…] [EXCLUDE parts…] [DESCRIPTION text])
#
# One library per module: every .cpp under src/NAME, public headers in include/streamforge/NAME.
# PUBLIC names modules of this project; PRIVATE names third-party targets, which no public header mentions.
# EXCLUDE lists parts of paths: matching sources are not built and matching public headers not installed.
function(streamforge_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION" "PUBLIC;PRIVATE;EXCLUDE")
  set(target streamforge_${name})

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  set(excluded_headers)
  foreach(part IN LISTS arg_EXCLUDE)
    string(REPLACE "." "\\." pattern ${part})
    list(FILTER sources EXCLUDE REGEX "/src/${pattern}")
    list(APPEND excluded_headers REGEX "/${pattern}$" EXCLUDE)
  endforeach()
  set_property(GLOBAL PROPERTY STREAMFORGE_${name}_EXCLUDED "${arg_EXCLUDE}")
  if(NOT sources)
    return()
  endif()
  add_library(${target} ${sources})
  add_library(streamforge::${name} ALIAS ${target})

  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(${target} PUBLIC cxx_std_20)
  if(NOT BUILD_SHARED_LIBS)
    target_compile_definitions(${target} PUBLIC STREAMFORGE_STATIC)
  endif()
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:streamforge_warnings>)
  if(STREAMFORGE_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <charconv> <chrono> <functional> <map> <memory> <mutex> <optional>
      <set> <span> <stop_token> <string> <string_view> <utility> <variant> <vector>)
  endif()
  foreach(module IN LISTS arg_PUBLIC)
    target_link_libraries(${target} PUBLIC streamforge_${module})
  endforeach()
  foreach(dependency IN LISTS arg_PRIVATE)
    target_link_libraries(${target} PRIVATE ${dependency})
  endforeach()

  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name}
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    INSTALL_RPATH "$ORIGIN")  # the modules find each other wherever the prefix lies

  set_property(GLOBAL APPEND PROPERTY STREAMFORGE_MODULES ${name})
  set_property(GLOBAL PROPERTY STREAMFORGE_${name}_REQUIRES "${arg_PUBLIC}")
  set_property(GLOBAL PROPERTY STREAMFORGE_${name}_DESCRIPTION "${arg_DESCRIPTION}")

  if(STREAMFORGE_INSTALL)
    install(TARGETS ${target} EXPORT streamforge-${name}-targets
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT streamforge-${name}-targets NAMESPACE streamforge::
      DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/streamforge)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/streamforge/${name}
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/streamforge FILES_MATCHING PATTERN *.hpp ${excluded_headers})
  endif()
endfunction()
