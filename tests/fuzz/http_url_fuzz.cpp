// libraries: http
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <streamforge/http/url.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace http = streamforge::http;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = http::parse_url(text)) {
        const auto again = http::parse_url(http::to_string(*url));
        if (!again || !(*again == *url)) std::abort();
    }
    const auto encoded = http::percent_encode(text);
    const auto decoded = http::percent_decode(encoded);
    if (!decoded || *decoded != text) std::abort();
    (void)http::percent_decode(text, true);
    return 0;
}
