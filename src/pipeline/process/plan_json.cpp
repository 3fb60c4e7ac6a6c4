#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include <streamforge/pipeline/plan.hpp>

namespace streamforge::pipeline {
namespace {

using nlohmann::json;

constexpr int plan_format = 1;

/// What a reader found wrong, at `pointer`; caught at the module's boundary.
struct BadValue : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class Enum>
struct Names;  // one table per enumeration, the words of the JSON form

template <>
struct Names<media::ScanType> {
    static constexpr std::array<std::string_view, 4> words{"progressive", "interlaced_tff", "interlaced_bff", "telecine"};
};
template <>
struct Names<media::RateControl::Mode> {
    static constexpr std::array<std::string_view, 2> words{"capped_crf", "average"};
};
template <>
struct Names<VideoRange> {
    static constexpr std::array<std::string_view, 3> words{"SDR", "HLG", "PQ"};
};

template <class Enum>
concept NamedEnum = requires {
    Names<Enum>::words;
};

std::pair<std::int64_t, std::int64_t> parse_fraction(const json& value) {
    const auto& text = value.get_ref<const std::string&>();
    const auto* end = text.data() + text.size();
    std::int64_t first = 0;
    std::int64_t second = 1;
    auto parsed = std::from_chars(text.data(), end, first);
    if (parsed.ec == std::errc{} && parsed.ptr != end && *parsed.ptr == '/') {
        parsed = std::from_chars(parsed.ptr + 1, end, second);
    }
    if (parsed.ec != std::errc{} || parsed.ptr != end || second <= 0) throw BadValue("needs a fraction like \"1001/30000\"");
    return {first, second};
}

class Writer;
class Reader;

// One description of each structure serves both directions, so that the two cannot drift apart.
template <class Archive>
void fields(Archive& a, ColourInfo& v) {
    a("primaries", v.primaries);
    a("transfer", v.transfer);
    a("matrix", v.matrix);
    a("full_range", v.full_range);
}
template <class Archive>
void fields(Archive& a, media::Orientation& v) {
    a("mirrored", v.mirrored);
    a("clockwise_degrees", v.clockwise_degrees);
}
template <class Archive>
void fields(Archive& a, media::RateControl& v) {
    a("mode", v.mode);
    a("crf", v.crf);
    a("target_bps", v.target_bps);
    a("max_bps", v.max_bps);
    a("buffer_bits", v.buffer_bits);
}
template <class Archive>
void fields(Archive& a, media::EncodePlan::VideoSource& v) {
    a("stream", v.stream);
    a("scan", v.scan);
    a("orientation", v.orientation);
    a("colour", v.colour);
    a("range", v.range);
    a("frame_rate", v.frame_rate);
    a("timescale", v.timescale);
}
template <class Archive>
void fields(Archive& a, media::VideoRendition& v) {
    a("id", v.id);
    a("codec", v.codec);
    a("width_px", v.width_px);
    a("height_px", v.height_px);
    a("range", v.range);
    a("bit_depth", v.bit_depth);
    a("rate", v.rate);
    a("speed", v.speed);
    a("threads", v.threads);
    a("audio_bps", v.audio_bps);
}
template <class Archive>
void fields(Archive& a, media::AudioRendition& v) {
    a("id", v.id);
    a("source_stream", v.source_stream);
    a("codec", v.codec);
    a("channels", v.channels);
    a("sample_rate_hz", v.sample_rate_hz);
    a("bitrate_bps", v.bitrate_bps);
    a("language", v.language);
    a("label", v.label);
    a("is_default", v.is_default);
}
template <class Archive>
void fields(Archive& a, media::TextRendition& v) {
    a("id", v.id);
    a("source_stream", v.source_stream);
    a("language", v.language);
    a("label", v.label);
    a("is_default", v.is_default);
    a("is_forced", v.is_forced);
    a("hearing_impaired", v.hearing_impaired);
}
template <class Archive>
void fields(Archive& a, media::PicturePlan& v) {
    a("poster", v.poster);
    a("poster_max_width_px", v.poster_max_width_px);
    a("storyboard", v.storyboard);
    a("storyboard_interval", v.storyboard_interval);
    a("tile_width_px", v.tile_width_px);
    a("tile_height_px", v.tile_height_px);
    a("columns", v.columns);
    a("rows", v.rows);
    a("jpeg_quality", v.jpeg_quality);
}
template <class Archive>
void fields(Archive& a, Plan& v) {
    a("input_name", v.input_name);
    a("input_bytes", v.input_bytes);
    a("input_duration", v.input_duration);
    a("origin", v.encode.origin);
    a("segment", v.encode.cuts.period);
    a("single_file", v.single_file);
    a("measure_quality", v.encode.measure_quality);
    a("video_source", v.encode.video_source);
    a("video", v.encode.video);
    a("audio", v.encode.audio);
    a("text", v.encode.text);
    a("pictures", v.encode.pictures);
    a("notes", v.encode.notes);
}

class Writer {
public:
    template <class T>
    void operator()(const char* name, T& value) {
        object_[name] = write(value);
    }
    [[nodiscard]] nlohmann::ordered_json take() && { return std::move(object_); }

private:
    using ordered = nlohmann::ordered_json;
    static ordered write(const std::string& value) { return value; }
    template <class T>
    requires std::is_arithmetic_v<T>
    static ordered write(const T& value) { return value; }
    static ordered write(const Codec& value) { return std::string(to_string(value)); }
    static ordered write(const MediaTime& value) { return value.to_string(); }
    static ordered write(const Rational& value) { return value.to_string(); }
    template <NamedEnum T>
    static ordered write(const T& value) {
        return std::string(Names<T>::words.at(static_cast<std::size_t>(value)));
    }
    template <class T>
    static ordered write(std::optional<T>& value) {
        return value ? write(*value) : ordered(nullptr);
    }
    template <class T>
    static ordered write(std::vector<T>& values) {
        auto list = ordered::array();
        for (auto& value : values) list.push_back(write(value));
        return list;
    }
    template <class T>
    requires requires(Writer& w, T& v) { fields(w, v); }
    static ordered write(T& value) {
        Writer inner;
        fields(inner, value);
        return std::move(inner).take();
    }
    ordered object_ = ordered::object();
};

class Reader {
public:
    Reader(const json& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

    template <class T>
    void operator()(const char* name, T& value) {
        const std::string at = pointer_ + "/" + name;
        const auto found = object_.find(name);
        if (found == object_.end()) throw BadValue(at + ": is missing");
        read(*found, value, at);
    }

private:
    template <class T>
    static void read(const json& from, T& value, const std::string& at) {
        try {
            assign(from, value, at);
        } catch (const json::exception&) {
            throw BadValue(at + ": has the wrong type");
        } catch (const BadValue& bad) {
            const std::string what = bad.what();
            throw BadValue(what.starts_with('/') ? what : at + ": " + what);
        }
    }
    static void assign(const json& from, std::string& value, const std::string&) { from.get_to(value); }
    static void assign(const json& from, bool& value, const std::string&) { from.get_to(value); }
    static void assign(const json& from, double& value, const std::string&) { from.get_to(value); }
    template <class T>
    requires(std::is_integral_v<T>) static void assign(const json& from, T& value, const std::string&) {
        if (!from.is_number_integer()) throw BadValue("needs a whole number");
        const bool fits =
            from.is_number_unsigned() ? std::in_range<T>(from.get<std::uint64_t>()) : std::in_range<T>(from.get<std::int64_t>());
        if (!fits) throw BadValue("is out of range");
        value = from.get<T>();
    }
    static void assign(const json& from, Codec& value, const std::string&) {
        value = codec_from_string(from.get_ref<const std::string&>());
        if (value == Codec::unknown) throw BadValue("is no codec known here");
    }
    static void assign(const json& from, MediaTime& value, const std::string&) {
        const auto [ticks, timescale] = parse_fraction(from);
        value = {ticks, timescale};
    }
    static void assign(const json& from, Rational& value, const std::string&) {
        const auto [num, den] = parse_fraction(from);
        value = {num, den};
    }
    template <NamedEnum T>
    static void assign(const json& from, T& value, const std::string&) {
        const auto& word = from.get_ref<const std::string&>();
        for (std::size_t i = 0; i < Names<T>::words.size(); ++i) {
            if (Names<T>::words.at(i) == word) {
                value = static_cast<T>(i);
                return;
            }
        }
        throw BadValue("has an unknown word: " + word);
    }
    template <class T>
    static void assign(const json& from, std::optional<T>& value, const std::string& at) {
        value.reset();
        if (from.is_null()) return;
        value = T{};
        read(from, *value, at);
    }
    template <class T>
    static void assign(const json& from, std::vector<T>& values, const std::string& at) {
        if (!from.is_array()) throw BadValue("needs a list");
        values.clear();
        for (const auto& item : from) {
            const std::string place = at + "/" + std::to_string(values.size());
            read(item, values.emplace_back(), place);
        }
    }
    template <class T>
    requires requires(Reader& r, T& v) { fields(r, v); }
    static void assign(const json& from, T& value, const std::string& at) {
        if (!from.is_object()) throw BadValue("needs an object");
        Reader inner(from, at);
        fields(inner, value);
    }

    const json& object_;
    std::string pointer_;
};

/// What the types cannot say: values that would make `run` misbehave.
void check(const Plan& plan) {
    if (plan.encode.cuts.period.ticks <= 0) throw BadValue("/segment: must be above 0");
    if (plan.encode.video_source && plan.encode.video_source->timescale <= 0) {
        throw BadValue("/video_source/timescale: must be above 0");
    }
    if (plan.encode.video.empty() != !plan.encode.video_source) throw BadValue("/video: goes with /video_source");
    if (plan.encode.video.empty() && plan.encode.audio.empty()) throw BadValue("/audio: the plan makes nothing");
}

}  // namespace

std::string to_json(const Plan& plan, int indent) {
    Plan copy = plan;  // the shared description takes its structure by reference
    Writer writer;
    int format = plan_format;
    writer("format", format);
    fields(writer, copy);
    return std::move(writer).take().dump(indent, ' ', false, json::error_handler_t::replace);
}

Result<Plan> plan_from_json(std::string_view text) {
    const auto malformed = [](std::string why) {
        return make_error(Errc::malformed, "pipeline.plan_from_json", "not a plan: " + std::move(why));
    };
    const json document = json::parse(text, nullptr, false);
    if (document.is_discarded()) return malformed("invalid JSON");
    if (!document.is_object()) return malformed("the document is not an object");
    try {
        Plan plan;
        Reader reader(document, "");
        int format = 0;
        reader("format", format);
        if (format != plan_format) throw BadValue("/format: is " + std::to_string(format) + ", this version reads 1");
        fields(reader, plan);
        check(plan);
        return plan;
    } catch (const BadValue& bad) {
        return malformed(bad.what());
    }
}

}  // namespace streamforge::pipeline
