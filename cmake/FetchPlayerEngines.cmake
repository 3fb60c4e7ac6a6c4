# cmake -DSOURCE=apps/player -DWORK=<build folder> -DMODE=ON|AUTO|OFF -DNPM=<program> -P FetchPlayerEngines.cmake
#
# Puts the built files of hls.js, dash.js and shaka-player into WORK/vendor, from the versions that package-lock.json pins.
# With AUTO a machine without npm or network gets an empty folder and a notice; with ON that is an error.

file(REMOVE_RECURSE ${WORK}/vendor)
file(MAKE_DIRECTORY ${WORK}/vendor ${WORK}/npm)

function(give_up reason)
  file(REMOVE_RECURSE ${WORK}/vendor)
  if(MODE STREQUAL "ON")
    message(FATAL_ERROR "${reason}")
  endif()
  message(WARNING "${reason}\nThe player page is built without hls.js, dash.js and shaka-player; "
                  "delete ${WORK}/engines.stamp and build again to retry.")
endfunction()

if(MODE STREQUAL "OFF")
  return()
endif()
if(NOT NPM)
  give_up("npm was not found.")
  return()
endif()

configure_file(${SOURCE}/package.json ${WORK}/npm/package.json COPYONLY)
configure_file(${SOURCE}/package-lock.json ${WORK}/npm/package-lock.json COPYONLY)
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --omit=dev
  WORKING_DIRECTORY ${WORK}/npm RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(failed)
  give_up("npm ci failed:\n${output}")
  return()
endif()

set(modules ${WORK}/npm/node_modules)
set(licenses "")
foreach(engine "hls.js|dist/hls.min.js|hls.js|LICENSE"
               "dashjs|dist/modern/umd/dash.all.min.js|dash.js|LICENSE.md"
               "shaka-player|dist/shaka-player.compiled.js|shaka-player.js|LICENSE")
  string(REPLACE "|" ";" engine "${engine}")
  list(GET engine 0 package)
  list(GET engine 1 file)
  list(GET engine 2 name)
  list(GET engine 3 license)
  if(NOT EXISTS ${modules}/${package}/${file})
    give_up("${package} holds no ${file}.")
    return()
  endif()
  # Without the pointer to a source map that is not served.
  file(READ ${modules}/${package}/${file} text)
  string(REGEX REPLACE "\n//# sourceMappingURL=[^\n]*\n?$" "\n" text "${text}")
  file(WRITE ${WORK}/vendor/${name} "${text}")
  file(READ ${modules}/${package}/${license} license_text)
  string(APPEND licenses "==== ${package} ====\n\n${license_text}\n\n")
endforeach()
file(WRITE ${WORK}/vendor/licenses.txt "${licenses}")
