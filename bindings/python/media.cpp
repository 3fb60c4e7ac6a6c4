#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/input_policy.hpp>
#include <streamforge/media/ladder.hpp>
#include <streamforge/media/media_info.hpp>
#include <streamforge/media/probe.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::media::ScanType, "streamforge.media.ScanType")
STREAMFORGE_PYTHON_ENUM(streamforge::media::StreamInfo::Kind, "streamforge.media.StreamKind")
STREAMFORGE_PYTHON_ENUM(streamforge::media::RateControl::Mode, "streamforge.media.RateControlMode")

namespace streamforge::python {
namespace {

using namespace media;

void bind_info(py::module_& module) {
    bind_enum<ScanType>(module, "ScanType",
                        {{"progressive", ScanType::progressive}, {"interlaced_tff", ScanType::interlaced_tff},
                         {"interlaced_bff", ScanType::interlaced_bff}, {"telecine", ScanType::telecine}},
                        "How pictures were scanned.");
    bind_enum<StreamInfo::Kind>(module, "StreamKind",
                                {{"video", StreamInfo::Kind::video}, {"audio", StreamInfo::Kind::audio},
                                 {"subtitle", StreamInfo::Kind::subtitle}, {"data", StreamInfo::Kind::data}},
                                "What a stream holds.");
    Record<Orientation>(module, "Orientation", "How pictures must be turned to stand upright: mirrored first, then turned clockwise.")
        .field<&Orientation::mirrored>("mirrored").field<&Orientation::clockwise_degrees>("clockwise_degrees")
        .done();
    Record<VideoInfo>(module, "VideoInfo", "A picture as it was found.")
        .field<&VideoInfo::width_px>("width_px", "As coded, before rotation and aspect correction.")
        .field<&VideoInfo::height_px>("height_px").field<&VideoInfo::sample_aspect>("sample_aspect")
        .field<&VideoInfo::orientation>("orientation").field<&VideoInfo::frame_rate>("frame_rate", "Exact; 0 when unknown.")
        .field<&VideoInfo::variable_frame_rate>("variable_frame_rate").field<&VideoInfo::scan>("scan")
        .field<&VideoInfo::scan_from_content>("scan_from_content").field<&VideoInfo::pixel_format>("pixel_format", "FFmpeg's name.")
        .field<&VideoInfo::bit_depth>("bit_depth").field<&VideoInfo::colour>("colour").field<&VideoInfo::range>("range")
        .field<&VideoInfo::mastering_display>("mastering_display").field<&VideoInfo::content_light>("content_light")
        .field<&VideoInfo::dolby_vision>("dolby_vision").field<&VideoInfo::attached_picture>("attached_picture")
        .done();
    Record<AudioInfo>(module, "AudioInfo", "Sound as it was found.")
        .field<&AudioInfo::sample_rate_hz>("sample_rate_hz").field<&AudioInfo::channels>("channels")
        .field<&AudioInfo::channel_layout>("channel_layout")
        .done();
    Record<StreamInfo>(module, "StreamInfo", "One stream of an input.")
        .field<&StreamInfo::index>("index").field<&StreamInfo::kind>("kind").field<&StreamInfo::codec>("codec", "FFmpeg's name.")
        .field<&StreamInfo::profile>("profile").field<&StreamInfo::decodable>("decodable")
        .field<&StreamInfo::text_subtitle>("text_subtitle").field<&StreamInfo::language>("language").field<&StreamInfo::title>("title")
        .field<&StreamInfo::is_default>("is_default").field<&StreamInfo::is_forced>("is_forced")
        .field<&StreamInfo::hearing_impaired>("hearing_impaired").field<&StreamInfo::visual_impaired>("visual_impaired")
        .field<&StreamInfo::commentary>("commentary").field<&StreamInfo::start>("start").field<&StreamInfo::duration>("duration")
        .field<&StreamInfo::bitrate_bps>("bitrate_bps", "0 when unknown.").field<&StreamInfo::video>("video").field<&StreamInfo::audio>("audio")
        .done();
    Record<MediaInfo>(module, "MediaInfo", "What an input is, as `probe` found it.")
        .field<&MediaInfo::name>("name").field<&MediaInfo::format>("format").field<&MediaInfo::size_bytes>("size_bytes")
        .field<&MediaInfo::duration>("duration").field<&MediaInfo::bitrate_bps>("bitrate_bps")
        .field<&MediaInfo::has_edit_list>("has_edit_list").field<&MediaInfo::seekable_index>("seekable_index")
        .field<&MediaInfo::streams>("streams").field<&MediaInfo::warnings>("warnings")
        .done()
        .def("main_video", [](const MediaInfo& info) { return info.main_video() == nullptr ? std::nullopt : std::optional(*info.main_video()); },
             "The stream that `plan` takes as the picture, or None.")
        .def("stream",
             [](const MediaInfo& info, int index) {
                 return info.stream(index) == nullptr ? std::nullopt : std::optional(*info.stream(index));
             },
             py::arg("index"), "The stream of that number, or None.")
        .def("to_json", &to_json, py::arg("indent") = 2, "The documented JSON form.");
}

void bind_policies(py::module_& module) {
    bind_enum<RateControl::Mode>(module, "RateControlMode",
                                 {{"capped_crf", RateControl::Mode::capped_crf}, {"average", RateControl::Mode::average}},
                                 "Constant quality under a cap, or an average.");
    Record<InputPolicy>(module, "InputPolicy", "Limits under which an untrusted input is opened.")
        .field<&InputPolicy::formats>("formats", "Demuxers that may be used; empty: the plain media containers.")
        .field<&InputPolicy::max_streams>("max_streams").field<&InputPolicy::max_pixels>("max_pixels", "Per frame.")
        .field<&InputPolicy::max_sample_rate_hz>("max_sample_rate_hz").field<&InputPolicy::max_channels>("max_channels")
        .field<&InputPolicy::max_duration>("max_duration").field<&InputPolicy::max_input_bytes>("max_input_bytes")
        .field<&InputPolicy::probe_bytes>("probe_bytes").field<&InputPolicy::decoder_threads>("decoder_threads")
        .field<&InputPolicy::max_probe_time>("max_probe_time")
        .done();
    Record<ProbeOptions>(module, "ProbeOptions", "How closely `probe` looks.")
        .field<&ProbeOptions::policy>("policy").field<&ProbeOptions::inspect_content>("inspect_content")
        .field<&ProbeOptions::inspect_packets>("inspect_packets").field<&ProbeOptions::inspect_frames>("inspect_frames")
        .done();
    Record<RateControl>(module, "RateControl", "How a video rendition spends its bits.")
        .field<&RateControl::mode>("mode").field<&RateControl::crf>("crf").field<&RateControl::target_bps>("target_bps")
        .field<&RateControl::max_bps>("max_bps", "0: no cap.").field<&RateControl::buffer_bits>("buffer_bits")
        .done();
    Record<Rung>(module, "Rung", "One rung of a ladder, named by the short side of the picture.")
        .field<&Rung::short_side_px>("short_side_px").field<&Rung::rate>("rate").field<&Rung::audio_bps>("audio_bps")
        .done();
    Record<PicturePlan>(module, "PicturePlan", "Pictures taken from the same decode.")
        .field<&PicturePlan::poster>("poster").field<&PicturePlan::poster_max_width_px>("poster_max_width_px")
        .field<&PicturePlan::storyboard>("storyboard").field<&PicturePlan::storyboard_interval>("storyboard_interval")
        .field<&PicturePlan::tile_width_px>("tile_width_px").field<&PicturePlan::tile_height_px>("tile_height_px")
        .field<&PicturePlan::columns>("columns").field<&PicturePlan::rows>("rows").field<&PicturePlan::jpeg_quality>("jpeg_quality")
        .done();
    Record<LadderPolicy>(module, "LadderPolicy", "What renditions are to be made.")
        .field<&LadderPolicy::preset>("preset", "\"default\" or \"classic\".").field<&LadderPolicy::rungs>("rungs", "Replaces the preset's.")
        .field<&LadderPolicy::codecs>("codecs").field<&LadderPolicy::speed>("speed", "ultrafast to veryslow.")
        .field<&LadderPolicy::segment>("segment", "Asked segment length, 1 to 30 s.")
        .field<&LadderPolicy::max_short_side_px>("max_short_side_px").field<&LadderPolicy::surround>("surround")
        .field<&LadderPolicy::text>("text").field<&LadderPolicy::measure_quality>("measure_quality")
        .field<&LadderPolicy::pictures>("pictures").field<&LadderPolicy::field_rate>("field_rate")
        .field<&LadderPolicy::encoder_threads>("encoder_threads")
        .done();
}

void bind_encode_plan(py::module_& module) {
    Record<VideoRendition>(module, "VideoRendition", "A video rendition to be made.")
        .field<&VideoRendition::id>("id").field<&VideoRendition::codec>("codec").field<&VideoRendition::width_px>("width_px")
        .field<&VideoRendition::height_px>("height_px").field<&VideoRendition::range>("range")
        .field<&VideoRendition::bit_depth>("bit_depth").field<&VideoRendition::rate>("rate").field<&VideoRendition::speed>("speed")
        .field<&VideoRendition::threads>("threads").field<&VideoRendition::audio_bps>("audio_bps")
        .done();
    Record<AudioRendition>(module, "AudioRendition", "An audio rendition to be made.")
        .field<&AudioRendition::id>("id").field<&AudioRendition::source_stream>("source_stream").field<&AudioRendition::codec>("codec")
        .field<&AudioRendition::channels>("channels").field<&AudioRendition::sample_rate_hz>("sample_rate_hz")
        .field<&AudioRendition::bitrate_bps>("bitrate_bps").field<&AudioRendition::language>("language")
        .field<&AudioRendition::label>("label").field<&AudioRendition::is_default>("is_default")
        .done();
    Record<TextRendition>(module, "TextRendition", "Subtitles to be made.")
        .field<&TextRendition::id>("id").field<&TextRendition::source_stream>("source_stream")
        .field<&TextRendition::language>("language").field<&TextRendition::label>("label")
        .field<&TextRendition::is_default>("is_default").field<&TextRendition::is_forced>("is_forced")
        .field<&TextRendition::hearing_impaired>("hearing_impaired")
        .done();
    using VideoSource = EncodePlan::VideoSource;
    Record<VideoSource>(module, "VideoSource", "The video input and how it is brought to the presentation's form.")
        .field<&VideoSource::stream>("stream").field<&VideoSource::scan>("scan").field<&VideoSource::orientation>("orientation")
        .field<&VideoSource::colour>("colour").field<&VideoSource::range>("range").field<&VideoSource::frame_rate>("frame_rate")
        .field<&VideoSource::timescale>("timescale")
        .done();
    Record<CutList>(module, "CutList", "Where every rendition is cut: at 0, period, 2·period, …")
        .field<&CutList::period>("period")
        .done();
    Record<EncodePlan>(module, "EncodePlan", "Everything the transcoder obeys.")
        .field<&EncodePlan::video_source>("video_source").field<&EncodePlan::video>("video").field<&EncodePlan::audio>("audio")
        .field<&EncodePlan::text>("text").field<&EncodePlan::pictures>("pictures").field<&EncodePlan::cuts>("cuts")
        .field<&EncodePlan::origin>("origin").field<&EncodePlan::measure_quality>("measure_quality").field<&EncodePlan::notes>("notes")
        .done();
}

}  // namespace

void bind_media(py::module_& parent) {
    auto module = submodule(parent, "media", "Probe and ladder planning, with FFmpeg.");
    bind_info(module);
    bind_policies(module);
    bind_encode_plan(module);
    module.def("probe",
               [](const Input& input, const ProbeOptions& options, const StopSource* stop) {
                   return blocking(stop, [&](const std::stop_token& token) -> Result<MediaInfo> {
                       auto source = input.open();
                       if (!source) return std::move(source).error();
                       return probe(*std::move(source), options, token);
                   });
               },
               py::arg("input"), py::arg("options") = ProbeOptions{}, py::kw_only(), py::arg("stop") = nullptr,
               "What the input is: container, streams, exact rates, orientation, colour, scan type.");
    module.def("preset_rungs", [](const std::string& name) { return unwrap(preset_rungs(name)); }, py::arg("name"), "The rungs of a preset.");
    module.def("plan_encode", [](const MediaInfo& info, const LadderPolicy& policy) { return unwrap(plan_encode(info, policy)); },
               py::arg("info"), py::arg("policy") = LadderPolicy{}, "Decides renditions, cuts, filters and names. Pure.");
}

}  // namespace streamforge::python
