// libraries: storage
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <streamforge/storage/event.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace streamforge::storage;
    const auto events = parse_store_events({reinterpret_cast<const char*>(data), size});
    if (!events) return 0;
    for (const auto& event : *events) {
        if (event.bucket.empty() || event.key.empty()) std::abort();
        // A key stands for one event, and an event never comes before itself.
        if (event.deduplication_key() != event.deduplication_key()) std::abort();
        if (happened_before(event, event).value_or(false)) std::abort();
    }
    return 0;
}
