#include <streamforge/manifest/hls_writer.hpp>

#include <gtest/gtest.h>

#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/manifest/hls_parser.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

using testing::full_presentation;

HlsPlaylist master_of(const Presentation& presentation, const HlsOptions& options = {}) {
    return parse_hls(write_hls(presentation, options).value().master.text).value();
}

HlsPlaylist playlist_at(const HlsFiles& files, const std::string& path) {
    for (const auto& file : files.media) {
        if (file.path == path) return parse_hls(file.text).value();
    }
    ADD_FAILURE() << path << " was not written";
    return {};
}

std::string attribute(const HlsTag& tag, std::string_view name) {
    const std::string* value = tag.attribute(name);
    return value == nullptr ? "<none>" : *value;
}

std::vector<HlsVariant> variants_of(const Presentation& presentation) { return master_of(presentation).master()->variants; }

std::vector<std::string> uris(const HlsPlaylist& playlist) {
    std::vector<std::string> found;
    for (const auto& variant : playlist.master()->variants) {
        if (!variant.i_frames) found.push_back(variant.uri);
    }
    return found;
}

TEST(WriteHls, lists_each_video_with_each_audio_group) {
    const HlsPlaylist master = master_of(full_presentation());
    std::vector<std::string> groups;
    for (const auto& variant : master.master()->variants) {
        if (!variant.i_frames) groups.push_back(attribute(variant.tag, "AUDIO"));
    }
    EXPECT_EQ(groups, (std::vector<std::string>{"stereo", "stereo", "stereo", "surround", "surround", "surround"}));
}

TEST(WriteHls, pairs_video_with_its_own_audio_group) {
    std::vector<std::string> pairs;
    for (const auto& variant : variants_of(testing::classic_presentation())) {
        if (!variant.i_frames) pairs.push_back(attribute(variant.tag, "RESOLUTION") + " " + attribute(variant.tag, "AUDIO"));
    }
    EXPECT_EQ(pairs, (std::vector<std::string>{"640x360 aac-96k", "1280x720 aac-128k", "1920x1080 aac-192k"}));
}

TEST(WriteHls, bandwidth_is_the_sum_of_the_largest_peaks) {
    const Presentation presentation = full_presentation();
    const HlsPlaylist master = master_of(presentation);
    const auto of = [&](const TrackFacts& track) { return hls_bandwidth(track.segments, presentation.target_duration_s()); };
    const HlsVariant& first = master.master()->variants.front();
    ASSERT_EQ(first.uri, "video/360p/playlist.m3u8");
    const HlsBandwidth video = of(presentation.video[2].track);
    const HlsBandwidth audio = of(presentation.audio[0].track);
    const HlsBandwidth text = of(presentation.text[0].track);
    EXPECT_EQ(first.bandwidth_bps, video.peak_bps + audio.peak_bps + text.peak_bps);
    EXPECT_EQ(first.average_bandwidth_bps, video.average_bps + audio.average_bps + text.average_bps);
}

TEST(WriteHls, starts_with_the_best_variant_below_the_start_rate) {
    HlsOptions options;
    options.start_bandwidth_bps = 4'000'000;
    EXPECT_EQ(uris(master_of(testing::classic_presentation(), options)).front(), "video/720p/playlist.m3u8");
    options.start_bandwidth_bps = 1;
    EXPECT_EQ(uris(master_of(testing::classic_presentation(), options)).front(), "video/360p/playlist.m3u8");
    options.start_bandwidth_bps = 0;
    EXPECT_EQ(uris(master_of(testing::classic_presentation(), options)).front(), "video/1080p/playlist.m3u8");
}

TEST(WriteHls, states_what_the_picture_is) {
    Presentation presentation = testing::hdr_presentation();
    presentation.video[1].sample_aspect = {4, 3};
    presentation.video[1].frame_rate = {24000, 1001};
    for (const auto& variant : variants_of(presentation)) {
        const bool hdr = variant.uri.find("2160p") != std::string::npos;
        EXPECT_EQ(attribute(variant.tag, "VIDEO-RANGE"), hdr ? "PQ" : "SDR");
        EXPECT_EQ(attribute(variant.tag, "RESOLUTION"), hdr ? "3840x2160" : "2560x1080");
        if (variant.i_frames) {
            EXPECT_EQ(attribute(variant.tag, "FRAME-RATE"), "<none>");
        } else {
            EXPECT_EQ(attribute(variant.tag, "FRAME-RATE"), hdr ? "29.970" : "23.976");
            EXPECT_EQ(attribute(variant.tag, "CLOSED-CAPTIONS"), "NONE");
            EXPECT_EQ(attribute(variant.tag, "AUDIO"), "<none>");
        }
    }
}

TEST(WriteHls, leaves_out_an_unknown_frame_rate) {
    Presentation presentation = testing::hdr_presentation();
    for (auto& rendition : presentation.video) rendition.frame_rate = {0, 1};
    for (const auto& variant : variants_of(presentation)) {
        EXPECT_EQ(attribute(variant.tag, "FRAME-RATE"), "<none>");
    }
}

TEST(WriteHls, names_are_unique_in_their_group_and_safe) {
    Presentation presentation = full_presentation();
    presentation.audio[0].label = "Say \"yes\"\r\n#EXT-X-ENDLIST";
    presentation.audio[1].label = "Say 'yes' #EXT-X-ENDLIST";
    presentation.text[0].label = presentation.text[1].label = presentation.text[2].label = "Sub";
    const HlsFiles files = write_hls(presentation).value();
    const HlsPlaylist master = parse_hls(files.master.text).value();
    EXPECT_TRUE(master.problems.empty());
    const auto& media = master.master()->media;
    EXPECT_EQ(attribute(media[0], "NAME"), "Say 'yes' #EXT-X-ENDLIST");
    EXPECT_EQ(attribute(media[1], "NAME"), "Say 'yes' #EXT-X-ENDLIST (2)");
    EXPECT_EQ(attribute(media[4], "NAME"), "Sub");
    EXPECT_EQ(attribute(media[5], "NAME"), "Sub (SDH)");
    EXPECT_EQ(attribute(media[6], "NAME"), "Sub (forced)");
}

TEST(WriteHls, a_group_borrows_the_languages_that_it_lacks) {
    const HlsPlaylist master = master_of(full_presentation());
    const auto& media = master.master()->media;
    ASSERT_EQ(attribute(media[3], "GROUP-ID"), "surround");
    EXPECT_EQ(attribute(media[3], "LANGUAGE"), "fr");
    EXPECT_EQ(attribute(media[3], "CHANNELS"), "2");
    EXPECT_EQ(attribute(media[3], "URI"), "audio/fr-2ch/playlist.m3u8");
}

TEST(WriteHls, a_borrowed_codec_stands_in_codecs) {
    Presentation presentation = full_presentation();
    presentation.audio[2].track.codecs = "ac-3";
    for (const auto& variant : variants_of(presentation)) {
        if (variant.i_frames || attribute(variant.tag, "AUDIO") != "surround") continue;
        EXPECT_NE(attribute(variant.tag, "CODECS").find("ac-3,mp4a.40.2"), std::string::npos);
    }
}

TEST(WriteHls, one_default_for_each_group_and_the_same) {
    Presentation presentation = full_presentation();
    for (auto& rendition : presentation.audio) rendition.is_default = true;
    const HlsPlaylist master = master_of(presentation);
    int defaults = 0;
    for (const auto& media : master.master()->media) {
        if (attribute(media, "TYPE") != "AUDIO" || attribute(media, "DEFAULT") != "YES") continue;
        ++defaults;
        EXPECT_EQ(attribute(media, "LANGUAGE"), "en");
        EXPECT_EQ(attribute(media, "AUTOSELECT"), "YES");
    }
    EXPECT_EQ(defaults, 2);
}

TEST(WriteHls, autoselects_only_what_can_be_told_apart) {
    Presentation presentation = full_presentation();
    presentation.audio.pop_back();
    presentation.audio[1].track.language = "en";
    presentation.audio.push_back(testing::audio("de", 128'000, "de", "stereo"));
    presentation.audio.back().purpose = AudioPurpose::commentary;
    presentation.audio.push_back(testing::audio("en-ad", 128'000, "en", "stereo"));
    presentation.audio.back().purpose = AudioPurpose::described_video;
    const HlsPlaylist master = master_of(presentation);
    const auto& media = master.master()->media;
    EXPECT_EQ(attribute(media[0], "AUTOSELECT"), "YES");
    EXPECT_EQ(attribute(media[1], "AUTOSELECT"), "NO");  // a second English one
    EXPECT_EQ(attribute(media[2], "AUTOSELECT"), "NO");  // commentary
    EXPECT_EQ(attribute(media[3], "AUTOSELECT"), "YES");
    EXPECT_EQ(attribute(media[3], "CHARACTERISTICS"), "public.accessibility.describes-video");
}

TEST(WriteHls, bad_language_tags_become_und) {
    Presentation presentation = full_presentation();
    presentation.audio[0].track.language = "en\",URI=\"http://evil/";
    EXPECT_EQ(attribute(master_of(presentation).master()->media[0], "LANGUAGE"), "und");
}

TEST(WriteHls, text_states_forced_and_accessibility) {
    const HlsPlaylist master = master_of(full_presentation());
    const auto& media = master.master()->media;
    EXPECT_EQ(attribute(media[4], "DEFAULT"), "YES");
    EXPECT_NE(attribute(media[5], "CHARACTERISTICS").find("transcribes-spoken-dialog"), std::string::npos);
    EXPECT_EQ(attribute(media[6], "FORCED"), "YES");
    EXPECT_EQ(attribute(media[6], "AUTOSELECT"), "YES");
}

TEST(WriteHls, audio_only_lists_each_group_as_a_variant) {
    const HlsPlaylist plain = master_of(testing::audio_only_presentation());
    EXPECT_TRUE(plain.master()->media.empty());
    ASSERT_EQ(uris(plain), (std::vector<std::string>{"audio/und-128k/playlist.m3u8", "audio/und-64k/playlist.m3u8"}));
    EXPECT_EQ(attribute(plain.master()->variants[0].tag, "RESOLUTION"), "<none>");

    Presentation languages;
    languages.audio = {testing::audio("en", 128'000, "en", "a"), testing::audio("fr", 128'000, "fr", "a")};
    const HlsPlaylist grouped = master_of(languages);
    EXPECT_EQ(grouped.master()->media.size(), 2U);
    EXPECT_EQ(uris(grouped), (std::vector<std::string>{"audio/en/playlist.m3u8"}));
    EXPECT_EQ(attribute(grouped.master()->variants[0].tag, "AUDIO"), "a");
}

// Segments of exactly the target duration, so that only the tags ask for a version.
Presentation of_whole_seconds() {
    Presentation presentation = full_presentation();
    const auto stretch = [](auto& renditions) {
        for (auto& rendition : renditions) {
            for (std::size_t i = 0; i < rendition.track.segments.size(); ++i) {
                rendition.track.segments[i].start = {static_cast<std::int64_t>(i) * 4, 1};
                rendition.track.segments[i].duration = {4, 1};
            }
        }
    };
    stretch(presentation.video);
    stretch(presentation.audio);
    stretch(presentation.text);
    return presentation;
}

TEST(WriteHls, versions_are_the_lowest_that_fit) {
    Presentation presentation = of_whole_seconds();
    const HlsFiles files = write_hls(presentation).value();
    EXPECT_EQ(playlist_at(files, "video/1080p/playlist.m3u8").version, 6);
    EXPECT_EQ(playlist_at(files, "video/1080p/iframes.m3u8").version, 5);
    EXPECT_EQ(playlist_at(files, "text/en/playlist.m3u8").version, 3);
    EXPECT_EQ(parse_hls(files.master.text).value().version, 6);

    for (auto& rendition : presentation.video) rendition.track.files.init.clear();
    for (auto& rendition : presentation.audio) rendition.track.files.init.clear();
    const HlsFiles without_init = write_hls(presentation).value();
    EXPECT_EQ(playlist_at(without_init, "video/1080p/playlist.m3u8").version, 3);
    EXPECT_EQ(playlist_at(without_init, "video/1080p/iframes.m3u8").version, 4);
    EXPECT_EQ(parse_hls(without_init.master.text).value().version, 4);
}

TEST(WriteHls, a_duration_rounded_down_to_the_target_needs_version_6) {
    const HlsFiles files = write_hls(full_presentation()).value();  // 4.004 s, target 4
    for (const auto& file : files.media) EXPECT_EQ(parse_hls(file.text).value().version, 6) << file.path;
}

TEST(WriteHls, single_files_are_reached_by_ranges) {
    const Presentation presentation = testing::single_file_presentation();
    const HlsPlaylist playlist = playlist_at(write_hls(presentation).value(), "video/1080p/playlist.m3u8");
    const HlsMedia& media = *playlist.media();
    ASSERT_EQ(media.segments.size(), presentation.video[0].track.segments.size());
    for (std::size_t i = 0; i < media.segments.size(); ++i) {
        EXPECT_EQ(media.segments[i].uri, "../1080p.mp4");
        EXPECT_EQ(media.segments[i].range, presentation.video[0].track.segments[i].range);
    }
    EXPECT_EQ(media.maps[0].range, presentation.video[0].track.files.init_range);
}

TEST(WriteHls, i_frames_reach_from_moof_to_the_end_of_the_first_sample) {
    const Presentation presentation = full_presentation();
    const HlsPlaylist playlist = playlist_at(write_hls(presentation).value(), "video/720p/iframes.m3u8");
    EXPECT_TRUE(playlist.media()->i_frames_only);
    for (std::size_t i = 0; i < playlist.media()->segments.size(); ++i) {
        EXPECT_EQ(playlist.media()->segments[i].range, presentation.video[1].track.segments[i].key_frame);
    }
}

TEST(WriteHls, writes_no_i_frames_without_key_frames_or_wish) {
    HlsOptions options;
    options.i_frame_playlists = false;
    EXPECT_EQ(write_hls(full_presentation(), options).value().media.size(), 9U);
    Presentation presentation = full_presentation();
    for (auto& segment : presentation.video[0].track.segments) segment.key_frame.reset();
    EXPECT_EQ(write_hls(presentation).value().media.size(), 11U);
}

TEST(WriteHls, all_playlists_state_one_target_duration) {
    Presentation presentation = full_presentation();
    presentation.audio[0].track.segments.back().duration = {7, 1};
    const HlsFiles files = write_hls(presentation).value();
    for (const auto& file : files.media) {
        EXPECT_EQ(parse_hls(file.text).value().media()->target_duration_s, 7) << file.path;
    }
}

TEST(WriteHls, independent_segments_only_where_true) {
    Presentation presentation = full_presentation();
    EXPECT_TRUE(master_of(presentation).independent_segments);
    presentation.video[1].track.segments[3].independent = false;
    const HlsFiles files = write_hls(presentation).value();
    EXPECT_FALSE(parse_hls(files.master.text).value().independent_segments);
    EXPECT_FALSE(playlist_at(files, "video/720p/playlist.m3u8").independent_segments);
    EXPECT_TRUE(playlist_at(files, "video/1080p/playlist.m3u8").independent_segments);
}

TEST(WriteHls, paths_are_percent_encoded) {
    Presentation presentation = full_presentation();
    presentation.video[0].track.files.playlist = "my video/play list.m3u8";
    presentation.video[0].track.files.media = "my video/séq#$Number$.m4s";
    const HlsFiles files = write_hls(presentation).value();
    EXPECT_NE(files.master.text.find("\nmy%20video/play%20list.m3u8\n"), std::string::npos);
    EXPECT_EQ(playlist_at(files, "my video/play list.m3u8").media()->segments[0].uri, "s%C3%A9q%231.m4s");
}

TEST(WriteHls, a_master_in_a_folder_refers_back) {
    HlsOptions options;
    options.master_path = "hls/master.m3u8";
    EXPECT_EQ(uris(master_of(full_presentation(), options)).front(), "../video/360p/playlist.m3u8");
    options.master_path = "../master.m3u8";
    EXPECT_FALSE(write_hls(full_presentation(), options));
}

TEST(WriteHls, wvtt_in_codecs_is_a_choice) {
    HlsOptions options;
    options.wvtt_in_codecs = true;
    EXPECT_EQ(attribute(master_of(full_presentation(), options).master()->variants[0].tag, "CODECS"),
              "avc1.64001F,mp4a.40.2,wvtt");
}

TEST(WriteHls, refuses_a_presentation_with_nothing_to_play) {
    Presentation presentation;
    EXPECT_EQ(write_hls(presentation).error().code, Errc::invalid_argument);
    presentation.text = full_presentation().text;
    EXPECT_EQ(write_hls(presentation).error().code, Errc::invalid_argument);
}

TEST(WriteHls, extinf_sums_stay_within_a_microsecond) {
    const Presentation presentation = full_presentation();
    const HlsPlaylist playlist = playlist_at(write_hls(presentation).value(), "audio/en-2ch/playlist.m3u8");
    MediaTime sum{0, 1'000'000'000};
    for (std::size_t i = 0; i < playlist.media()->segments.size(); ++i) {
        sum = sum + playlist.media()->segments[i].duration;
        const MediaTime truth = presentation.audio[0].track.segments[i].end();
        EXPECT_LT(sum - truth, (MediaTime{1, 1'000'000}));
        EXPECT_LT(truth - sum, (MediaTime{1, 1'000'000}));
    }
}

}  // namespace
}  // namespace streamforge::manifest
