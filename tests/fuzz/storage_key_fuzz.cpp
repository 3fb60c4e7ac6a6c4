// libraries: storage
// libraries: storage
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <streamforge/storage/content_type.hpp>
#include <streamforge/storage/key.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace streamforge::storage;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)content_type_for(text);
    if (!validate_key(text)) return 0;
    // What a valid key must never be, checked another way: its path stays where it is put.
    const auto guarded = "/" + std::string(text) + "/";
    for (const char* way_out : {"/../", "/./", "//"}) {
        if (guarded.find(way_out) != std::string::npos) std::abort();
    }
    if (!validate_prefix(text) || text.find('\0') != std::string_view::npos) std::abort();
    return 0;
}
