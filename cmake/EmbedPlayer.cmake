# cmake -DPAGE=apps/player/page -DVENDOR=<folder> -DOUTPUT=<file.cpp> -P EmbedPlayer.cmake
#
# Writes a translation unit that holds every file of the page. The bytes are taken in by the assembler, which costs no
# compile time; the ETags make the text, and so the object file, change with the content.

set(types .html=text/html .js=text/javascript .css=text/css .txt=text/plain .svg=image/svg+xml .json=application/json)

set(blobs "")
set(declarations "")
set(rows "")
set(count 0)
set(engines false)

function(add_file path url)
  get_filename_component(extension ${path} LAST_EXT)
  set(type "application/octet-stream")
  foreach(entry IN LISTS types)
    if(entry MATCHES "^\\${extension}=(.*)$")
      set(type "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  if(type MATCHES "^text/")
    set(type "${type}; charset=utf-8")
  endif()
  file(SHA256 ${path} hash)
  string(SUBSTRING ${hash} 0 20 etag)
  set(symbol streamforge_player_asset_${count})
  string(APPEND blobs "    \".global ${symbol}\\n.hidden ${symbol}\\n${symbol}:\\n.incbin \\\"${path}\\\"\\n\"\n"
                      "    \".global ${symbol}_end\\n.hidden ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n\"\n")
  string(APPEND declarations "extern const std::uint8_t ${symbol}[];\nextern const std::uint8_t ${symbol}_end[];\n")
  string(APPEND rows "        {\"${url}\", \"${type}\", \"\\\"${etag}\\\"\", {${symbol}, ${symbol}_end}},\n")
  math(EXPR next "${count} + 1")
  foreach(variable blobs declarations rows)
    set(${variable} "${${variable}}" PARENT_SCOPE)
  endforeach()
  set(count ${next} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE page_files RELATIVE ${PAGE} ${PAGE}/*)
list(SORT page_files)
foreach(file IN LISTS page_files)
  if(file STREQUAL "index.html")
    add_file(${PAGE}/${file} "/")
  else()
    add_file(${PAGE}/${file} "/player/${file}")
  endif()
endforeach()
file(GLOB vendor_files RELATIVE ${VENDOR} ${VENDOR}/*)
list(SORT vendor_files)
foreach(file IN LISTS vendor_files)
  set(engines true)
  add_file(${VENDOR}/${file} "/player/vendor/${file}")
endforeach()

file(WRITE ${OUTPUT} "#include \"server/embedded_player.hpp\"

#include <array>
#include <cstdint>

__asm__(
    \".pushsection .rodata\\n\"
${blobs}    \".popsection\\n\");

extern \"C\" {
#pragma GCC visibility push(hidden)
${declarations}#pragma GCC visibility pop
}

namespace streamforge::server {

const bool embedded_engines = ${engines};

std::span<const PlayerAsset> embedded_player_assets() noexcept {
    static const std::array<PlayerAsset, ${count}> assets{{
${rows}    }};
    return assets;
}

}  // namespace streamforge::server
")
