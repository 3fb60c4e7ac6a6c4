#include "support/callbacks.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/lint.hpp>
#include <streamforge/manifest/manifest_json.hpp>
#include <streamforge/manifest/mpd_parser.hpp>
#include <streamforge/manifest/mpd_writer.hpp>
#include <streamforge/manifest/webvtt.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::manifest::Severity, "streamforge.manifest.Severity")
STREAMFORGE_PYTHON_ENUM(streamforge::manifest::AudioPurpose, "streamforge.manifest.AudioPurpose")
STREAMFORGE_PYTHON_ENUM(streamforge::manifest::HlsUriKind, "streamforge.manifest.HlsUriKind")
STREAMFORGE_PYTHON_ENUM(streamforge::manifest::MpdUriKind, "streamforge.manifest.MpdUriKind")
STREAMFORGE_PYTHON_ENUM(streamforge::manifest::HlsLine::Kind, "streamforge.manifest.HlsLineKind")

namespace streamforge::python {
namespace {

using namespace manifest;

void bind_presentation(py::module_& module) {
    bind_enum<AudioPurpose>(module, "AudioPurpose",
                            {{"programme", AudioPurpose::programme}, {"commentary", AudioPurpose::commentary}, {"described_video", AudioPurpose::described_video}},
                            "What an audio rendition is for.");
    Record<SegmentFacts>(module, "SegmentFacts", "One media segment as it lies in the store.")
        .field<&SegmentFacts::start>("start").field<&SegmentFacts::duration>("duration").field<&SegmentFacts::bytes>("bytes").field<&SegmentFacts::range>("range")
        .field<&SegmentFacts::independent>("independent").field<&SegmentFacts::key_frame>("key_frame")
        .done();
    Record<TrackFiles>(module, "TrackFiles", "Where the files of one rendition are.")
        .field<&TrackFiles::playlist>("playlist").field<&TrackFiles::i_frame_playlist>("i_frame_playlist").field<&TrackFiles::init>("init")
        .field<&TrackFiles::init_range>("init_range").field<&TrackFiles::media>("media").field<&TrackFiles::start_number>("start_number")
        .field<&TrackFiles::segment_paths>("segment_paths").field<&TrackFiles::index_range>("index_range")
        .done();
    Record<TrackFacts>(module, "TrackFacts", "What all kinds of rendition have in common.")
        .field<&TrackFacts::id>("id").field<&TrackFacts::codecs>("codecs").field<&TrackFacts::codec>("codec").field<&TrackFacts::timescale>("timescale")
        .field<&TrackFacts::language>("language").field<&TrackFacts::files>("files").field<&TrackFacts::init_bytes>("init_bytes").field<&TrackFacts::segments>("segments")
        .done()
        .def("end", &TrackFacts::end).def("total_bytes", &TrackFacts::total_bytes);
    Record<VideoRendition>(module, "VideoRendition", "A picture of the presentation.")
        .field<&VideoRendition::track>("track").field<&VideoRendition::width_px>("width_px").field<&VideoRendition::height_px>("height_px")
        .field<&VideoRendition::sample_aspect>("sample_aspect").field<&VideoRendition::frame_rate>("frame_rate").field<&VideoRendition::range>("range")
        .field<&VideoRendition::colour>("colour").field<&VideoRendition::audio_groups>("audio_groups")
        .done();
    Record<AudioRendition>(module, "AudioRendition", "A sound of the presentation.")
        .field<&AudioRendition::track>("track").field<&AudioRendition::label>("label").field<&AudioRendition::channels>("channels")
        .field<&AudioRendition::sample_rate_hz>("sample_rate_hz").field<&AudioRendition::purpose>("purpose").field<&AudioRendition::is_default>("is_default")
        .field<&AudioRendition::autoselect>("autoselect").field<&AudioRendition::group>("group")
        .done();
    Record<TextRendition>(module, "TextRendition", "WebVTT text of the presentation.")
        .field<&TextRendition::track>("track").field<&TextRendition::label>("label").field<&TextRendition::is_default>("is_default")
        .field<&TextRendition::is_forced>("is_forced").field<&TextRendition::autoselect>("autoselect").field<&TextRendition::hearing_impaired>("hearing_impaired")
        .field<&TextRendition::whole_file>("whole_file").field<&TextRendition::whole_file_bytes>("whole_file_bytes")
        .done();
    Record<ThumbnailSheet>(module, "ThumbnailSheet", "One picture file of thumbnails.").field<&ThumbnailSheet::bytes>("bytes").field<&ThumbnailSheet::tiles>("tiles").done();
    Record<Thumbnails>(module, "Thumbnails", "Thumbnails for scrubbing, as sheets of tiles.")
        .field<&Thumbnails::id>("id").field<&Thumbnails::media>("media").field<&Thumbnails::start_number>("start_number").field<&Thumbnails::columns>("columns")
        .field<&Thumbnails::rows>("rows").field<&Thumbnails::tile_width_px>("tile_width_px").field<&Thumbnails::tile_height_px>("tile_height_px")
        .field<&Thumbnails::interval>("interval").field<&Thumbnails::sheets>("sheets").field<&Thumbnails::webvtt>("webvtt").field<&Thumbnails::mime_type>("mime_type")
        .done();
    Record<Poster>(module, "Poster", "The poster picture.")
        .field<&Poster::path>("path").field<&Poster::width_px>("width_px").field<&Poster::height_px>("height_px").field<&Poster::bytes>("bytes")
        .done();
    Record<Presentation>(module, "Presentation", "What was packaged, as facts: every manifest is a pure function of this.")
        .field<&Presentation::video>("video").field<&Presentation::audio>("audio").field<&Presentation::text>("text").field<&Presentation::thumbnails>("thumbnails")
        .field<&Presentation::poster>("poster")
        .done()
        .def("validate", [](const Presentation& presentation) { unwrap(presentation.validate()); })
        .def("duration", &Presentation::duration).def("target_duration_s", &Presentation::target_duration_s).def("audio_groups", &Presentation::audio_groups);
}

void bind_writers(py::module_& module) {
    Record<HlsOptions>(module, "HlsOptions", "How playlists are written.")
        .field<&HlsOptions::master_path>("master_path").field<&HlsOptions::i_frame_playlists>("i_frame_playlists")
        .field<&HlsOptions::start_bandwidth_bps>("start_bandwidth_bps").field<&HlsOptions::wvtt_in_codecs>("wvtt_in_codecs")
        .done();
    Record<TextFile>(module, "TextFile", "A text file of the presentation.").field<&TextFile::path>("path").field<&TextFile::text>("text").done();
    Record<HlsFiles>(module, "HlsFiles", "Playlists; publish the master last.").field<&HlsFiles::media>("media").field<&HlsFiles::master>("master").done();
    module.def("write_hls", [](const Presentation& presentation, const HlsOptions& options) { return unwrap(write_hls(presentation, options)); },
               py::arg("presentation"), py::arg("options") = HlsOptions{}, "The multivariant playlist and every media playlist.");
    module.def("write_mpd",
               [](const Presentation& presentation, const std::optional<MediaTime>& min_buffer_time) {
                   return unwrap(write_mpd(presentation, MpdOptions{min_buffer_time}));
               },
               py::arg("presentation"), py::kw_only(), py::arg("min_buffer_time") = py::none(), "A static MPD.");
    module.def("write_manifest_json",
               [](const Presentation& presentation, bool segments, int indent) {
                   ManifestJsonExtra extra;
                   extra.segments = segments;
                   extra.indent = indent;
                   return unwrap(write_manifest_json(presentation, extra));
               },
               py::arg("presentation"), py::kw_only(), py::arg("segments") = false, py::arg("indent") = 2, "The documented JSON form.");
    module.def("segment_path", [](const TrackFacts& track, std::size_t index) { return unwrap(segment_path(track, index)); }, py::arg("track"), py::arg("index"),
               "Path of a segment, template expanded.");
    Record<HlsBandwidth>(module, "HlsBandwidth", "HLS bandwidths of one playlist.").field<&HlsBandwidth::peak_bps>("peak_bps").field<&HlsBandwidth::average_bps>("average_bps").done();
    module.def("hls_bandwidth",
               [](const std::vector<SegmentFacts>& segments, std::int64_t target_duration_s) { return hls_bandwidth(segments, target_duration_s); },
               py::arg("segments"), py::arg("target_duration_s"), "Bandwidths of a media playlist, measured.");
    Record<WebVttCue>(module, "WebVttCue", "A cue, shown during [start, end).")
        .field<&WebVttCue::start>("start").field<&WebVttCue::end>("end").field<&WebVttCue::text>("text").field<&WebVttCue::settings>("settings")
        .done();
    module.def("write_webvtt", [](const std::vector<WebVttCue>& cues) { return write_webvtt(cues); }, py::arg("cues"), "One WebVTT file.");
    module.def("escape_cue_text", &escape_cue_text, py::arg("plain"), "Plain text as cue text.");
    module.def("segment_webvtt",
               [](const std::vector<WebVttCue>& cues, const std::vector<MediaTime>& boundaries) { return unwrap(segment_webvtt(cues, boundaries)); },
               py::arg("cues"), py::arg("boundaries"), "The cues as HLS segments.");
}

void bind_hls_model(py::module_& module) {
    bind_enum<HlsLine::Kind>(module, "HlsLineKind",
                             {{"tag", HlsLine::Kind::tag}, {"uri", HlsLine::Kind::uri}, {"comment", HlsLine::Kind::comment}, {"blank", HlsLine::Kind::blank}}, "A kind of line.");
    Record<ParseLimits>(module, "ParseLimits", "How much an untrusted manifest may ask for.")
        .field<&ParseLimits::max_bytes>("max_bytes").field<&ParseLimits::max_lines>("max_lines").field<&ParseLimits::max_attributes>("max_attributes")
        .field<&ParseLimits::max_elements>("max_elements").field<&ParseLimits::max_depth>("max_depth").field<&ParseLimits::max_segments>("max_segments")
        .done();
    Record<HlsAttribute>(module, "HlsAttribute", "One attribute of a tag.")
        .field<&HlsAttribute::name>("name").field<&HlsAttribute::value>("value").field<&HlsAttribute::quoted>("quoted").done();
    Record<HlsTag>(module, "HlsTag", "A line that begins with #EXT.")
        .field<&HlsTag::name>("name").field<&HlsTag::value>("value").field<&HlsTag::attributes>("attributes").field<&HlsTag::line>("line")
        .done()
        .def("attribute", [](const HlsTag& tag, std::string_view name) {
            const auto* found = tag.attribute(name);
            return found == nullptr ? std::nullopt : std::optional(*found);
        }, py::arg("name"));
    Record<HlsLine>(module, "HlsLine", "One line of a playlist.").field<&HlsLine::kind>("kind").field<&HlsLine::text>("text").field<&HlsLine::tag>("tag").done();
    Record<HlsMap>(module, "HlsMap", "EXT-X-MAP.").field<&HlsMap::uri>("uri").field<&HlsMap::range>("range").field<&HlsMap::line>("line").done();
    Record<HlsSegment>(module, "HlsSegment", "A segment of a media playlist.")
        .field<&HlsSegment::uri>("uri").field<&HlsSegment::duration>("duration").field<&HlsSegment::title>("title").field<&HlsSegment::range>("range")
        .field<&HlsSegment::map>("map").field<&HlsSegment::discontinuity>("discontinuity").field<&HlsSegment::gap>("gap").field<&HlsSegment::tags>("tags")
        .field<&HlsSegment::line>("line")
        .done();
    Record<HlsMedia>(module, "HlsMedia", "A media playlist.")
        .field<&HlsMedia::target_duration_s>("target_duration_s").field<&HlsMedia::media_sequence>("media_sequence")
        .field<&HlsMedia::discontinuity_sequence>("discontinuity_sequence").field<&HlsMedia::playlist_type>("playlist_type").field<&HlsMedia::end_list>("end_list")
        .field<&HlsMedia::i_frames_only>("i_frames_only").field<&HlsMedia::maps>("maps").field<&HlsMedia::segments>("segments")
        .done();
    Record<HlsVariant>(module, "HlsVariant", "A variant stream.")
        .field<&HlsVariant::uri>("uri").field<&HlsVariant::i_frames>("i_frames").field<&HlsVariant::bandwidth_bps>("bandwidth_bps")
        .field<&HlsVariant::average_bandwidth_bps>("average_bandwidth_bps").field<&HlsVariant::tag>("tag").field<&HlsVariant::line>("line")
        .done();
    Record<HlsMaster>(module, "HlsMaster", "A multivariant playlist.").field<&HlsMaster::variants>("variants").field<&HlsMaster::media>("media").done();
    Record<ParseProblem>(module, "ParseProblem", "What breaks the syntax but did not stop the parser.").field<&ParseProblem::line>("line").field<&ParseProblem::message>("message").done();
    Record<HlsPlaylist>(module, "HlsPlaylist", "A playlist, complete.")
        .field<&HlsPlaylist::version>("version").field<&HlsPlaylist::has_version>("has_version").field<&HlsPlaylist::independent_segments>("independent_segments")
        .field<&HlsPlaylist::lines>("lines").field<&HlsPlaylist::content>("content").field<&HlsPlaylist::problems>("problems")
        .done();
}

template <class Kind>
auto rewriter(const py::object& rewrite) {
    return [&rewrite](Kind kind, std::string_view uri) -> std::optional<std::string> {
        return rewrite(kind, std::string(uri)).template cast<std::optional<std::string>>();
    };
}

void bind_parsers(py::module_& module) {
    bind_enum<HlsUriKind>(module, "HlsUriKind",
                          {{"variant", HlsUriKind::variant}, {"i_frame_variant", HlsUriKind::i_frame_variant}, {"rendition", HlsUriKind::rendition},
                           {"segment", HlsUriKind::segment}, {"map", HlsUriKind::map}, {"key", HlsUriKind::key}, {"other", HlsUriKind::other}},
                          "What a URI of a playlist is for.");
    bind_enum<MpdUriKind>(module, "MpdUriKind",
                          {{"base_url", MpdUriKind::base_url}, {"media", MpdUriKind::media}, {"initialization", MpdUriKind::initialization},
                           {"index", MpdUriKind::index}, {"location", MpdUriKind::location}},
                          "What a URI of an MPD is for.");
    module.def("parse_hls", [](std::string_view text, const ParseLimits& limits) { return unwrap(parse_hls(text, limits)); }, py::arg("text"),
               py::arg("limits") = ParseLimits{}, "Reads a multivariant or media playlist.");
    module.def("rewrite_hls_uris",
               [](const HlsPlaylist& playlist, const py::object& rewrite) { return unwrap(rewrite_hls_uris(playlist, rewriter<HlsUriKind>(rewrite))); },
               py::arg("playlist"), py::arg("rewrite"), "The text with URIs replaced by `rewrite(kind, uri)`, which gives None to keep one.");
    module.def("rewrite_mpd_uris",
               [](std::string_view text, const py::object& rewrite, const ParseLimits& limits) {
                   auto mpd = unwrap(parse_mpd(text, limits));
                   rewrite_mpd_uris(mpd, rewriter<MpdUriKind>(rewrite));
                   return write_mpd(mpd);
               },
               py::arg("text"), py::arg("rewrite"), py::arg("limits") = ParseLimits{}, "An MPD's text with URIs replaced by `rewrite(kind, uri)`.");
    py::class_<XmlElement>(module, "XmlElement", "An element with everything in it.")
        .def_property_readonly("name", [](const XmlElement& element) { return element.name; })
        .def_property_readonly("attributes", [](const XmlElement& element) {
            return std::map<std::string, std::string>(element.attributes.begin(), element.attributes.end());
        })
        .def_property_readonly("children", [](const XmlElement& element) { return element.children; })
        .def_property_readonly("text", [](const XmlElement& element) { return element.text; })
        .def_property_readonly("line", [](const XmlElement& element) { return element.line; })
        .def("__repr__", [](const XmlElement& element) { return "<XmlElement " + element.name + ">"; });
    Record<MpdSegment>(module, "MpdSegment", "A segment that an MPD names.")
        .field<&MpdSegment::uri>("uri").field<&MpdSegment::range>("range").field<&MpdSegment::start>("start").field<&MpdSegment::duration>("duration")
        .done();
    Record<MpdRepresentation>(module, "MpdRepresentation", "A Representation with what it inherits.")
        .field<&MpdRepresentation::period>("period").field<&MpdRepresentation::id>("id").field<&MpdRepresentation::mime_type>("mime_type")
        .field<&MpdRepresentation::codecs>("codecs").field<&MpdRepresentation::bandwidth_bps>("bandwidth_bps").field<&MpdRepresentation::base_url>("base_url")
        .field<&MpdRepresentation::initialization>("initialization").field<&MpdRepresentation::index_range>("index_range")
        .field<&MpdRepresentation::segments>("segments")
        .done();
    py::class_<Mpd>(module, "Mpd", "A media presentation description, complete.")
        .def_property_readonly("root", [](const Mpd& mpd) { return mpd.root; })
        .def("to_xml", [](const Mpd& mpd) { return write_mpd(mpd); }, "The document as XML text.");
    module.def("parse_mpd", [](std::string_view text, const ParseLimits& limits) { return unwrap(parse_mpd(text, limits)); }, py::arg("text"),
               py::arg("limits") = ParseLimits{}, "Reads an MPD.");
    module.def("mpd_representations",
               [](const Mpd& mpd, const ParseLimits& limits) {
                   auto found = unwrap(mpd_representations(mpd, limits));
                   for (auto& representation : found) representation.adaptation_set = representation.element = nullptr;  // they point into `mpd`
                   return found;
               },
               py::arg("mpd"), py::arg("limits") = ParseLimits{}, "All representations of a static MPD with their segments.");
}

void bind_lint(py::module_& module) {
    bind_enum<Severity>(module, "Severity", {{"error", Severity::error}, {"warning", Severity::warning}, {"info", Severity::info}}, "How bad a finding is.");
    Record<Finding>(module, "Finding", "One broken rule.")
        .field<&Finding::rule>("rule").field<&Finding::severity>("severity").field<&Finding::message>("message").field<&Finding::path>("path").field<&Finding::line>("line")
        .done();
    Record<LintOptions>(module, "LintOptions", "What is checked.").field<&LintOptions::limits>("limits").field<&LintOptions::vod>("vod").field<&LintOptions::apple>("apple").done();
    module.def("passes", [](const std::vector<Finding>& findings) { return passes(findings); }, py::arg("findings"), "True when no finding is an error.");
    module.def("lint_hls_master", &lint_hls_master, py::arg("text"), py::arg("options") = LintOptions{}, "Checks a multivariant playlist.");
    module.def("lint_hls_media", &lint_hls_media, py::arg("text"), py::arg("options") = LintOptions{}, "Checks a media playlist.");
    module.def("lint_mpd", &lint_mpd, py::arg("text"), py::arg("options") = LintOptions{}, "Checks an MPD.");
    module.def("lint_presentation",
               [](const std::string& entry, const py::object& read, const LintOptions& options) {
                   LintReader reader;
                   reader.read = [call = PythonReference(read)](const std::string& path) {
                       return from_python<Bytes>("python.lint.read", [&] { return call.get()(path).cast<Bytes>(); });
                   };
                   return blocking(nullptr, [&](const std::stop_token&) { return lint_presentation(entry, reader, options); });
               },
               py::arg("entry_path"), py::arg("read"), py::arg("options") = LintOptions{},
               "Checks a whole presentation; `read(path) -> bytes` raises FileNotFoundError for what is absent.");
}

}  // namespace

void bind_manifest(py::module_& parent) {
    auto module = submodule(parent, "manifest", "HLS and DASH as data: model, writers, parsers, lint.");
    bind_presentation(module);
    bind_writers(module);
    bind_hls_model(module);
    bind_parsers(module);
    bind_lint(module);
}

}  // namespace streamforge::python
