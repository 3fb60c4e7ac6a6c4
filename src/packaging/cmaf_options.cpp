#include <streamforge/packaging/cmaf_options.hpp>

namespace streamforge::packaging {

Result<void> CmafOptions::validate() const {
    const auto bad = [](const char* field, const char* what) {
        return make_error(Errc::invalid_argument, "packaging.cmaf_options", what).with("field", field);
    };
    if (track_id == 0) return bad("track_id", "the track number must be at least 1");
    if (first_number < 1) return bad("first_number", "segments are numbered from at least 1");
    if (duration && (duration->timescale <= 0 || duration->ticks < 0)) return bad("duration", "the duration must not be negative");
    return {};
}

}  // namespace streamforge::packaging
