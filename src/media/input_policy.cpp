#include <streamforge/media/input_policy.hpp>

#include <limits>

namespace streamforge::media {
namespace {

Error bad_field(const char* field, const char* rule) {
    return make_error(Errc::invalid_argument, "media.input_policy", std::string(field) + " " + rule).with("field", field);
}

}  // namespace

Result<void> InputPolicy::validate() const {
    for (const auto& format : formats) {
        if (format.empty() || format.find_first_of(" \t\r\n") != std::string::npos) {
            return bad_field("formats", "must hold FFmpeg's demuxer names, without spaces");
        }
    }
    if (max_streams == 0 || max_streams > 1000) return bad_field("max_streams", "must be 1 to 1000");
    if (max_pixels == 0 || max_pixels > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
        return bad_field("max_pixels", "must be 1 to 2147483647");
    }
    if (max_sample_rate_hz == 0) return bad_field("max_sample_rate_hz", "must be positive");
    if (max_channels == 0 || max_channels > 512) return bad_field("max_channels", "must be 1 to 512");
    if (max_duration <= std::chrono::seconds::zero()) return bad_field("max_duration", "must be positive");
    if (max_input_bytes == 0) return bad_field("max_input_bytes", "must be positive");
    if (probe_bytes < 4096 || probe_bytes > (1ULL << 31)) return bad_field("probe_bytes", "must be 4096 bytes to 2 GiB");
    if (decoder_threads < 0 || decoder_threads > 64) return bad_field("decoder_threads", "must be 0 to 64");
    if (max_probe_time < std::chrono::milliseconds::zero()) return bad_field("max_probe_time", "must not be negative");
    return {};
}

}  // namespace streamforge::media
