#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/packaging/cmaf_writer.hpp>
#include <streamforge/packaging/codec_string.hpp>
#include <streamforge/packaging/mp4_reader.hpp>
#include <streamforge/packaging/remux.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::packaging::AudioPriming, "streamforge.packaging.AudioPriming")
STREAMFORGE_PYTHON_ENUM(streamforge::packaging::VideoReordering, "streamforge.packaging.VideoReordering")

namespace streamforge::python {
namespace {

using namespace packaging;

void bind_options(py::module_& module) {
    bind_enum<AudioPriming>(module, "AudioPriming", {{"edit_list", AudioPriming::edit_list}, {"drop_packets", AudioPriming::drop_packets}},
                            "What is done with the samples before the sound.");
    bind_enum<VideoReordering>(module, "VideoReordering", {{"edit_list", VideoReordering::edit_list}, {"signed_offsets", VideoReordering::signed_offsets}},
                               "How decode times are kept from being negative.");
    Record<BitrateHint>(module, "BitrateHint", "Bit rates to announce.").field<&BitrateHint::max_bps>("max_bps").field<&BitrateHint::average_bps>("average_bps").done();
    Record<CmafOptions>(module, "CmafOptions", "How one CMAF track is written.")
        .field<&CmafOptions::audio_priming>("audio_priming").field<&CmafOptions::video_reordering>("video_reordering")
        .field<&CmafOptions::segment_type_box>("segment_type_box").field<&CmafOptions::duration>("duration").field<&CmafOptions::bitrate>("bitrate")
        .field<&CmafOptions::track_id>("track_id").field<&CmafOptions::first_number>("first_number")
        .done();
    Record<SegmentFacts>(module, "SegmentFacts", "What a manifest needs to know of one media segment.")
        .field<&SegmentFacts::number>("number").field<&SegmentFacts::start>("start").field<&SegmentFacts::duration>("duration")
        .field<&SegmentFacts::size_bytes>("size_bytes").field<&SegmentFacts::starts_with_sync>("starts_with_sync").field<&SegmentFacts::key_frame>("key_frame")
        .done();
    Record<Mp4Limits>(module, "Mp4Limits", "Bounds on what a file may ask for.")
        .field<&Mp4Limits::max_moov_bytes>("max_moov_bytes").field<&Mp4Limits::max_tracks>("max_tracks").field<&Mp4Limits::max_samples>("max_samples")
        .field<&Mp4Limits::max_fragments>("max_fragments").field<&Mp4Limits::max_config_bytes>("max_config_bytes")
        .done();
    Record<RemuxOptions>(module, "RemuxOptions", "How a remux cuts.")
        .field<&RemuxOptions::period>("period").field<&RemuxOptions::audio_priming>("audio_priming").field<&RemuxOptions::video_reordering>("video_reordering")
        .field<&RemuxOptions::single_file>("single_file")
        .done();
}

void bind_files(py::module_& module) {
    Record<IndexedSample>(module, "IndexedSample", "One sample as the index knows it.")
        .field<&IndexedSample::dts>("dts").field<&IndexedSample::cts>("cts").field<&IndexedSample::duration>("duration").field<&IndexedSample::offset>("offset")
        .field<&IndexedSample::size_bytes>("size_bytes").field<&IndexedSample::sync>("sync")
        .done();
    py::class_<SampleIndex, std::shared_ptr<SampleIndex>>(module, "SampleIndex", "Where every sample of a track lies and when it plays.")
        .def("__len__", &SampleIndex::size)
        .def("__getitem__",
             [](const SampleIndex& index, std::int64_t number) {
                 if (number < 0) number += static_cast<std::int64_t>(index.size());
                 if (number < 0 || number >= static_cast<std::int64_t>(index.size())) throw py::index_error("no such sample");
                 return index.sample(static_cast<std::uint64_t>(number));
             },
             py::arg("number"))
        .def_property_readonly("total_bytes", &SampleIndex::total_bytes)
        .def_property_readonly("memory_bytes", &SampleIndex::memory_bytes);
    Record<Mp4Track>(module, "Mp4Track", "A track that can be packaged.")
        .field<&Mp4Track::track_id>("track_id").field<&Mp4Track::format>("format").field<&Mp4Track::nal_length_bytes>("nal_length_bytes")
        .field<&Mp4Track::index>("index").field<&Mp4Track::media_start>("media_start").field<&Mp4Track::presentation_start>("presentation_start")
        .field<&Mp4Track::duration>("duration").field<&Mp4Track::handler_name>("handler_name").field<&Mp4Track::enabled>("enabled")
        .field<&Mp4Track::clockwise_degrees>("clockwise_degrees")
        .done();
    Record<Mp4SkippedTrack>(module, "Mp4SkippedTrack", "A track that cannot be packaged, and why.")
        .field<&Mp4SkippedTrack::track_id>("track_id").field<&Mp4SkippedTrack::handler>("handler").field<&Mp4SkippedTrack::reason>("reason")
        .done();
    Record<Mp4File>(module, "Mp4File", "The index of an MP4 or MOV.")
        .field<&Mp4File::tracks>("tracks").field<&Mp4File::skipped>("skipped").field<&Mp4File::fragmented>("fragmented").field<&Mp4File::major_brand>("major_brand")
        .field<&Mp4File::warnings>("warnings")
        .done();
    module.def("read_mp4",
               [](const Input& source, const Mp4Limits& limits) {
                   return blocking(nullptr, [&](const std::stop_token&) -> Result<Mp4File> {
                       auto opened = source.open();
                       if (!opened) return std::move(opened).error();
                       return read_mp4(**opened, limits);
                   });
               },
               py::arg("source"), py::arg("limits") = Mp4Limits{}, "Reads the index of an MP4 or MOV; media bytes are not read.");
    module.def("codec_string", [](const TrackFormat& format) { return unwrap(codec_string(format)); }, py::arg("format"), "The CODECS value of one track.");
}

void bind_remux(py::module_& module) {
    Record<RemuxInput>(module, "RemuxInput", "One input of a remux.")
        .field<&RemuxInput::name>("name").field<&RemuxInput::file>("file").field<&RemuxInput::tracks>("tracks", "Empty: all.")
        .done();
    Record<SegmentLayout>(module, "SegmentLayout", "Bytes that do not exist yet: a header, then ranges of the input.")
        .field<&SegmentLayout::facts>("facts").field<&SegmentLayout::header>("header").field<&SegmentLayout::ranges>("ranges")
        .done();
    py::class_<RemuxTrack>(module, "RemuxTrack", "One output track: every segment can be asked for, in any order.")
        .def_property_readonly("input", &RemuxTrack::input)
        .def_property_readonly("input_track", &RemuxTrack::input_track)
        .def_property_readonly("format", [](const RemuxTrack& track) { return track.format(); })
        .def_property_readonly("codec_string", [](const RemuxTrack& track) { return track.codec_string(); })
        .def_property_readonly("init_segment", [](py::handle self) {
            return FieldValue<Bytes>{detail::to_python(self.cast<const RemuxTrack&>().init_segment(), self)};
        })
        .def("__len__", &RemuxTrack::segment_count)
        .def("segment", [](const RemuxTrack& track, std::size_t index) {
            if (index >= track.segment_count()) throw py::index_error("no such segment");
            return track.segment(index);
        }, py::arg("index"))
        .def("facts", [](const RemuxTrack& track, std::size_t index) {
            if (index >= track.segment_count()) throw py::index_error("no such segment");
            return track.facts(index);
        }, py::arg("index"));
    py::class_<RemuxPlan, std::shared_ptr<RemuxPlan>>(module, "RemuxPlan", "Every segment of every track, decided.")
        .def_property_readonly("tracks",
                               [](py::object self) {
                                   py::list tracks;
                                   for (auto& track : self.cast<RemuxPlan&>().tracks) {
                                       tracks.append(py::cast(track, py::return_value_policy::reference_internal, self));
                                   }
                                   return tracks;
                               })
        .def_property_readonly("cuts", [](const RemuxPlan& plan) { return plan.cuts; })
        .def_property_readonly("duration", [](const RemuxPlan& plan) { return plan.duration; })
        .def_property_readonly("single_file", [](const RemuxPlan& plan) { return plan.single_file; })
        .def_property_readonly("warnings", [](const RemuxPlan& plan) { return plan.warnings; });
    module.def("plan_remux",
               [](const std::vector<RemuxInput>& inputs, const RemuxOptions& options) {
                   return std::make_shared<RemuxPlan>(unwrap(plan_remux(inputs, options)));
               },
               py::arg("inputs"), py::arg_v("options", RemuxOptions{}, "RemuxOptions()"), "Decides every segment of every track. Pure: reads only indexes.");
    module.def("run_remux",
               [](const RemuxPlan& plan, const std::vector<Input>& sources, const std::string& folder, const std::vector<std::string>& track_folders,
                  const py::object& progress, const StopSource* stop) {
                   Operation operation(stop);
                   const auto observer = progress_observer(progress, operation);
                   blocking(operation, [&](const std::stop_token& token) -> Result<void> {
                       std::vector<std::shared_ptr<ByteSource>> opened;
                       for (const auto& source : sources) {
                           auto one = source.open();
                           if (!one) return std::move(one).error();
                           opened.push_back(*std::move(one));
                       }
                       const auto sink = folder_sink(folder, track_folders);
                       return run_remux(plan, opened, *sink, observer, token);
                   });
               },
               py::arg("plan"), py::arg("sources"), py::arg("folder"), py::arg("track_folders"), py::kw_only(), py::arg("progress") = py::none(),
               py::arg("stop") = nullptr, "Writes all files of a plan to folder/track_folders[i].");
    module.def("materialise",
               [](const SegmentLayout& layout, const Input& source) {
                   return blocking(nullptr, [&](const std::stop_token&) -> Result<Bytes> {
                       auto opened = source.open();
                       if (!opened) return std::move(opened).error();
                       return materialise(layout, **opened);
                   });
               },
               py::arg("layout"), py::arg("source"), "The bytes of one segment.");
}

}  // namespace

void bind_packaging(py::module_& parent) {
    auto module = submodule(parent, "packaging", "ISO BMFF reading, sample index, CMAF segments, remux. No FFmpeg.");
    bind_options(module);
    bind_files(module);
    bind_remux(module);
}

}  // namespace streamforge::python
