# The package config (components = modules) and one pkg-config file per module.
include(CMakePackageConfigHelpers)

get_property(modules GLOBAL PROPERTY STREAMFORGE_MODULES)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/streamforge)

set(STREAMFORGE_REQUIRES_LINES "")
foreach(module IN LISTS modules)
  get_property(requires GLOBAL PROPERTY STREAMFORGE_${module}_REQUIRES)
  string(APPEND STREAMFORGE_REQUIRES_LINES "set(_streamforge_requires_${module} ${requires})\n")
endforeach()
string(REPLACE ";" " " STREAMFORGE_MODULE_LIST "${modules}")
set(STREAMFORGE_STATIC_PACKAGE ON)
if(BUILD_SHARED_LIBS)
  set(STREAMFORGE_STATIC_PACKAGE OFF)
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/streamforge-config.cmake.in
  ${PROJECT_BINARY_DIR}/streamforge-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/streamforge-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/include/streamforge/core/version.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/streamforge/core)
install(FILES ${PROJECT_BINARY_DIR}/streamforge-config.cmake ${PROJECT_BINARY_DIR}/streamforge-config-version.cmake
  DESTINATION ${package_dir})

# The prefix as seen from the .pc file, so that an installed tree can be moved.
file(RELATIVE_PATH PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PC_UP "${PC_UP}")

foreach(module IN LISTS modules)
  get_property(requires GLOBAL PROPERTY STREAMFORGE_${module}_REQUIRES)
  get_property(PC_DESCRIPTION GLOBAL PROPERTY STREAMFORGE_${module}_DESCRIPTION)
  get_property(PC_PRIVATE GLOBAL PROPERTY STREAMFORGE_${module}_PKG_CONFIG_PRIVATE)
  string(REPLACE ";" " " PC_PRIVATE "${PC_PRIVATE}")
  list(TRANSFORM requires PREPEND "streamforge-")
  string(REPLACE ";" " " PC_REQUIRES "${requires}")
  set(PC_MODULE ${module})
  set(PC_CFLAGS "")
  if(NOT BUILD_SHARED_LIBS)
    set(PC_CFLAGS "-DSTREAMFORGE_STATIC")
  endif()
  configure_file(${CMAKE_CURRENT_LIST_DIR}/streamforge.pc.in ${PROJECT_BINARY_DIR}/streamforge-${module}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/streamforge-${module}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
