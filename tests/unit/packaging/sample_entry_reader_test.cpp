#include "packaging/sample_entry_reader.hpp"

#include <functional>
#include <gtest/gtest.h>

#include "packaging/box_writer.hpp"
#include "packaging/sample_entry.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

/// A sample description table around one entry that `body` fills in behind its type.
template <class Body>
Bytes stsd(std::string_view type, Body body) {
    BoxWriter out;
    out.u32(0);
    out.u32(1);
    {
        const auto entry = out.box(type);
        body(out);
    }
    return out.take();
}

void video_head(BoxWriter& out, std::uint16_t width = 16, std::uint16_t height = 16) {
    out.zeros(24);
    out.u16(width);
    out.u16(height);
    out.zeros(50);
}

void audio_head(BoxWriter& out, std::uint16_t version = 0, std::uint16_t channels = 2, std::uint32_t rate = 48000) {
    out.zeros(8);
    out.u16(version);
    out.zeros(6);
    out.u16(channels);
    out.u16(16);
    out.u32(0);
    out.u32(rate << 16);
}

void box(BoxWriter& out, std::string_view type, const Bytes& body) {
    const auto scope = out.box(type);
    out.bytes(body);
}

const Bytes avcc = hex("0142c00affe100066742c00ada7901000468ce3880");
const Bytes esds_lc = hex("00000000 03808080220000000480808014401500000000000000000000000580808002119006808080 0102");

Result<SampleEntry> video_entry(std::string_view type, const std::function<void(BoxWriter&)>& boxes) {
    return read_sample_entry(stsd(type, [&](BoxWriter& out) {
        video_head(out);
        boxes(out);
    }), TrackKind::video);
}

Result<SampleEntry> audio_entry(std::string_view type, const std::function<void(BoxWriter&)>& boxes, std::uint16_t version = 0) {
    return read_sample_entry(stsd(type, [&](BoxWriter& out) {
        audio_head(out, version);
        boxes(out);
    }), TrackKind::audio);
}

TEST(SampleEntryReader, what_the_writer_describes_is_read_back_for_every_codec) {
    struct Case {
        Codec codec;
        const char* config;
    };
    for (const auto& [codec, config] :
         {Case{Codec::h264, "0142c00affe100066742c00ada7901000468ce3880"}, Case{Codec::av1, "81014c000a0e0000000cc4ff6700be1424482410"},
          Case{Codec::vp9, "01000000001f820202020000"}, Case{Codec::aac, "1190"}, Case{Codec::mp3, ""},
          Case{Codec::opus, "0102380180bb0000000000"}, Case{Codec::opus, "0106380180bb00000000010402000401020305"},
          Case{Codec::ac3, "503de0"}, Case{Codec::eac3, "0600600f00"},
          Case{Codec::flac, "100010000000100000400bb802f00000000000000000000000000000000000000000"}}) {
        TrackFormat format;
        format.codec = codec;
        format.codec_config = hex(config);
        format.kind = codec <= Codec::vp9 ? TrackKind::video : TrackKind::audio;
        format.video.width_px = 64;
        format.video.height_px = 36;
        format.audio = {48000, codec == Codec::opus && format.codec_config[1] == 6 ? 6U : 2U, 0};
        BoxWriter out;
        out.u32(0);
        out.u32(1);
        write_sample_entry(out, format, make_codec_config(format).value(), std::nullopt);
        const auto entry = read_sample_entry(out.take(), format.kind);
        ASSERT_TRUE(entry) << to_string(codec) << entry.error().describe();
        EXPECT_EQ(entry->format.codec, codec);
        EXPECT_EQ(to_hex(entry->format.codec_config), to_hex(format.codec_config)) << to_string(codec);
        if (format.kind == TrackKind::video) {
            EXPECT_EQ(entry->format.video.width_px, 64u);
        } else {
            EXPECT_EQ(entry->format.audio.sample_rate_hz, 48000u) << to_string(codec);
            EXPECT_EQ(entry->format.audio.channels, format.audio.channels) << to_string(codec);
        }
    }
}

TEST(SampleEntryReader, colour_comes_from_the_box_and_else_from_the_stream) {
    const auto tagged = video_entry("avc1", [](BoxWriter& out) {
        box(out, "avcC", avcc);
        box(out, "colr", hex("70726f66 0000000000000000"));  // an ICC profile is passed over
        box(out, "colr", hex("6e636c63 0001 0001 0006"));    // QuickTime's
        box(out, "colr", hex("6e636c78 0009 0010 0009 80"));
    });
    ASSERT_TRUE(tagged);
    EXPECT_EQ(tagged->format.video.colour, (ColourInfo{1, 1, 6, false})) << "the first one that can be read";
    const auto stream = video_entry("hvc1", [](BoxWriter& out) {
        box(out, "hvcC", hex("01022000000090000000""00005af000fcfdfafa00000f0101a1000100"
                             "2f42010102200000030090000003000003005aa006c201e1cdb65959529385e02d424402410000030001000003001908"));
    });
    EXPECT_FALSE(stream) << "kind 0x21 with a length that is too short";
    const auto hevc = video_entry("hev1", [](BoxWriter& out) {
        box(out, "hvcC", hex("01022000000090000000""00005af000fcfdfafa00000f01a10001002f"
                             "42010102200000030090000003000003005aa006c201e1cdb65959529385e02d424402410000030001000003001908"));
    });
    ASSERT_TRUE(hevc) << hevc.error().describe();
    EXPECT_EQ(hevc->format.video.colour, (ColourInfo{9, 16, 9, false}));
    EXPECT_EQ(hevc->format.video.bit_depth, 10);
}

TEST(SampleEntryReader, nal_lengths_of_two_bytes_are_told) {
    Bytes short_lengths = avcc;
    short_lengths[4] = 0xFD;
    EXPECT_EQ(video_entry("avc1", [&](BoxWriter& out) { box(out, "avcC", short_lengths); })->nal_length_bytes, 2);
    short_lengths[4] = 0xFE;
    EXPECT_EQ(video_entry("avc1", [&](BoxWriter& out) { box(out, "avcC", short_lengths); }).error().code, Errc::malformed);
}

TEST(SampleEntryReader, parameter_sets_among_the_samples_only_are_unsupported) {
    const auto entry = video_entry("avc3", [](BoxWriter& out) { box(out, "avcC", hex("0142c00affe000")); });
    EXPECT_EQ(entry.error().code, Errc::unsupported_codec);
}

TEST(SampleEntryReader, quicktime_sound_descriptions_of_all_versions_are_read) {
    const auto plain = audio_entry("mp4a", [](BoxWriter& out) { box(out, "esds", esds_lc); });
    ASSERT_TRUE(plain) << plain.error().describe();
    const auto first = audio_entry("mp4a", [](BoxWriter& out) {
        out.zeros(16);
        const auto wave = out.box("wave");
        box(out, "frma", hex("6d703461"));
        box(out, "esds", esds_lc);
        out.zeros(8);  // QuickTime's terminator
    }, 1);
    ASSERT_TRUE(first) << first.error().describe();
    const auto second = audio_entry("mp4a", [](BoxWriter& out) {
        out.zeros(36);
        box(out, "esds", esds_lc);
    }, 2);
    ASSERT_TRUE(second) << second.error().describe();
    for (const auto* entry : {&*plain, &*first, &*second}) {
        EXPECT_EQ(entry->format.codec, Codec::aac);
        EXPECT_EQ(to_hex(entry->format.codec_config), "1190");
        EXPECT_EQ(entry->format.audio.channels, 2u);
        EXPECT_EQ(entry->format.audio.sample_rate_hz, 48000u);
    }
}

TEST(SampleEntryReader, descriptors_with_flags_and_short_lengths_are_followed) {
    // ES flags: dependsOn, URL of 2 bytes, OCR; lengths of one byte.
    const auto entry = audio_entry("mp4a", [](BoxWriter& out) {
        box(out, "esds", hex("00000000 0320 0001 e0 0007 02 6162 0009 0411 40150000000000000000000000 05021190"));
    });
    ASSERT_TRUE(entry) << entry.error().describe();
    EXPECT_EQ(to_hex(entry->format.codec_config), "1190");
}

TEST(SampleEntryReader, object_types_decide_between_aac_mp3_and_unknown) {
    const auto with_type = [](const char* type) {
        return audio_entry("mp4a", [&](BoxWriter& out) {
            box(out, "esds", hex(std::string("00000000 0319 000000 0411 ") + type + "150000000000000000000000 05021190"));
        });
    };
    EXPECT_EQ(with_type("40")->format.codec, Codec::aac);
    EXPECT_EQ(with_type("67")->format.codec, Codec::aac) << "MPEG-2 AAC";
    EXPECT_EQ(with_type("6b")->format.codec, Codec::mp3);
    EXPECT_EQ(with_type("69")->format.codec, Codec::mp3);
    EXPECT_EQ(with_type("dd").error().code, Errc::unsupported_codec) << "Vorbis";
    EXPECT_EQ(with_type("00").error().code, Errc::unsupported_codec);
}

TEST(SampleEntryReader, surround_aac_has_its_channels_from_the_configuration) {
    const auto entry = audio_entry("mp4a", [](BoxWriter& out) {
        box(out, "esds", hex("00000000 0319 000000 0411 40150000000000000000000000 050211b0"));
    });
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->format.audio.channels, 6u);
}

TEST(SampleEntryReader, missing_or_damaged_configuration_boxes_are_malformed) {
    const auto nothing = [](BoxWriter&) {};
    for (const char* type : {"avc1", "hvc1", "av01", "vp09"}) EXPECT_EQ(video_entry(type, nothing).error().code, Errc::malformed) << type;
    for (const char* type : {"mp4a", "Opus", "fLaC", "alac"}) EXPECT_EQ(audio_entry(type, nothing).error().code, Errc::malformed) << type;
    EXPECT_EQ(audio_entry("mp4a", [](BoxWriter& out) { box(out, "esds", hex("00000000 0310")); }).error().code, Errc::malformed);
    EXPECT_EQ(audio_entry("mp4a", [](BoxWriter& out) { box(out, "esds", {}); }).error().code, Errc::malformed);
    EXPECT_EQ(audio_entry("Opus", [](BoxWriter& out) { box(out, "dOps", hex("0002")); }).error().code, Errc::malformed);
    EXPECT_EQ(audio_entry("fLaC", [](BoxWriter& out) { box(out, "dfLa", hex("0000000081000000")); }).error().code, Errc::malformed);
    EXPECT_EQ(video_entry("vp09", [](BoxWriter& out) { box(out, "vpcC", hex("0100")); }).error().code, Errc::malformed);
    EXPECT_EQ(video_entry("av01", [](BoxWriter& out) { box(out, "av1C", hex("81")); }).error().code, Errc::malformed);
}

TEST(SampleEntryReader, encrypted_entries_say_so) {
    EXPECT_EQ(video_entry("encv", [](BoxWriter& out) { box(out, "avcC", avcc); }).error().code, Errc::encrypted);
    EXPECT_EQ(audio_entry("enca", [](BoxWriter& out) { box(out, "esds", esds_lc); }).error().code, Errc::encrypted);
}

TEST(SampleEntryReader, entries_cut_at_any_byte_do_no_harm) {
    const Bytes video = stsd("avc1", [](BoxWriter& out) {
        video_head(out);
        box(out, "avcC", avcc);
        box(out, "colr", hex("6e636c78 0009 0010 0009 80"));
        box(out, "mdcv", Bytes(24, 1));
        box(out, "clli", Bytes(4, 1));
    });
    const Bytes audio = stsd("mp4a", [](BoxWriter& out) {
        audio_head(out);
        box(out, "esds", esds_lc);
    });
    for (const auto& [bytes, kind] : {std::pair{video, TrackKind::video}, std::pair{audio, TrackKind::audio}}) {
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            EXPECT_FALSE(read_sample_entry(ByteView(bytes).first(size), kind)) << size;
        }
        EXPECT_TRUE(read_sample_entry(bytes, kind));
    }
}

TEST(SampleEntryReader, pictures_without_size_and_sound_without_rate_are_malformed) {
    const auto flat = read_sample_entry(stsd("avc1", [](BoxWriter& out) {
        video_head(out, 0, 16);
        box(out, "avcC", avcc);
    }), TrackKind::video);
    EXPECT_EQ(flat.error().code, Errc::malformed);
    const auto mute = read_sample_entry(stsd("ac-3", [](BoxWriter& out) {
        audio_head(out, 0, 2, 0);
        box(out, "dac3", hex("503de0"));
    }), TrackKind::audio);
    EXPECT_EQ(mute.error().code, Errc::malformed);
    const auto none = read_sample_entry(stsd("ac-3", [](BoxWriter& out) {
        audio_head(out, 0, 0);
        box(out, "dac3", hex("503de0"));
    }), TrackKind::audio);
    EXPECT_EQ(none.error().code, Errc::malformed);
}

}  // namespace
}  // namespace streamforge::packaging
