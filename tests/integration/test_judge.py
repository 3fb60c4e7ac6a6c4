"""The judges themselves: they accept a right presentation and notice each fault."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

import reference_presentation
from judge import judge
from judging.check_dash import starvation_rate
from judging.check_hls import average_rate, peak_rate
from judging.check_media import vcl_types
from judging.codec_strings import codec_string, same_codec
from judging.hls import ByteRange, PlaylistError, Segment, attributes, read_media
from judging.oracle import Stream
from reference_presentation import Alterations


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reference") / "presentation"
    root.mkdir()
    reference_presentation.make(root)
    return root


def test_a_right_presentation_has_no_findings(reference: Path) -> None:
    verdict = judge(reference, reference_presentation.FACTS)
    assert not verdict.findings.found, str(verdict.findings)
    assert len(verdict.findings.seen) >= 30


def edit(name: str, pattern: str, replacement: str, count: int = 1) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        text, done = re.subn(pattern, replacement, path.read_text(), count=count)
        assert done, f"{pattern!r} is not in {name}"
        path.write_text(text)
    return change


def shift_decode_time(root: Path) -> None:
    path = root / "video/108p/seg_00002.m4s"
    data = bytearray(path.read_bytes())
    at = data.index(b"tfdt") + 8
    data[at : at + 8] = (int.from_bytes(data[at : at + 8], "big") + 1).to_bytes(8, "big")
    path.write_bytes(data)


def cut_off_the_end(root: Path) -> None:
    path = root / "video/180p/seg_00002.m4s"
    path.write_bytes(path.read_bytes()[:-300])


def damage_the_picture(root: Path) -> None:
    path = root / "video/180p/seg_00002.m4s"
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 60
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)


def drop_the_last_segment(root: Path) -> None:
    (root / "video/180p/seg_00003.m4s").unlink()
    edit("video/180p/playlist.m3u8", r"#EXTINF:[\d.]+,\nseg_00003.m4s\n", "")(root)


def change_report(change: Callable[[dict], None]) -> Callable[[Path], None]:
    def apply(root: Path) -> None:
        document = json.loads((root / "report.json").read_text())
        change(document)
        (root / "report.json").write_text(json.dumps(document))
    return apply


def one_more_byte(document: dict) -> None:
    document["renditions"][0]["segments"][0]["bytes"] += 1


def flattering_quality(document: dict) -> None:
    document["renditions"][0]["quality"]["ssim"]["y"] = 0.999


# Fault, the parts of the judge that look for it, and the check that must notice it.
FAULTS = {
    "a segment is missing": (lambda r: (r / "video/180p/seg_00002.m4s").unlink(), "media", "readable"),
    "a temporary file is left": (lambda r: (r / "video/180p/seg_00002.m4s.tmp").write_text("x"), "reports", "folder"),
    "a hidden file is left": (lambda r: (r / ".unfinished").write_text("x"), "reports", "folder"),
    "the last segment is not listed": (drop_the_last_segment, "media", "boundaries"),
    "a rendition ends early": (drop_the_last_segment, "media", "extent"),
    "a segment is a tick late": (shift_decode_time, "media", "timeline"),
    "a segment is a tick late, seen by its neighbours": (shift_decode_time, "media", "boundaries"),
    "a segment is cut off": (cut_off_the_end, "media", "readable"),
    "a picture is damaged": (damage_the_picture, "media", "segment alone"),
    "BANDWIDTH is too low": (edit("master.m3u8", r"STREAM-INF:BANDWIDTH=\d+", "STREAM-INF:BANDWIDTH=1000"), "hls", "bandwidth"),
    "AVERAGE-BANDWIDTH is too high": (edit("master.m3u8", r"AVERAGE-BANDWIDTH=(\d+)", r"AVERAGE-BANDWIDTH=1\1"), "hls", "bandwidth"),
    "CODECS names another level": (edit("master.m3u8", r"avc1\.(\w{4})\w\w", r"avc1.\g<1>33"), "hls", "codecs"),
    "CODECS forgets the sound": (edit("master.m3u8", r",mp4a\.40\.2", ""), "hls", "codecs"),
    "RESOLUTION is not the media's": (edit("master.m3u8", "320x180", "320x182"), "hls", "resolution"),
    "FRAME-RATE is rounded": (edit("master.m3u8", r"FRAME-RATE=29\.970", "FRAME-RATE=30.000"), "hls", "frame rate"),
    "VIDEO-RANGE is wrong": (edit("master.m3u8", "VIDEO-RANGE=SDR", "VIDEO-RANGE=PQ"), "hls", "video range"),
    "two renditions have one name": (edit("master.m3u8", r"(#EXT-X-MEDIA:TYPE=AUDIO.*\n)", r"\1\1"), "hls", "names"),
    "the audio group does not exist": (edit("master.m3u8", r'AUDIO="stereo"', 'AUDIO="other"'), "hls", "groups"),
    "EXTINF is rounded to milliseconds": (edit("audio/en/playlist.m3u8", r"EXTINF:2\.005\d+", "EXTINF:2.005"), "hls", "extinf"),
    "EXTINF is the asked length": (edit("video/180p/playlist.m3u8", r"EXTINF:2\.002000", "EXTINF:2.000000"), "hls", "extinf"),
    "the playlist does not end": (edit("video/180p/playlist.m3u8", "#EXT-X-ENDLIST\n", ""), "hls", "playlist"),
    "TARGETDURATION is too short": (edit("video/180p/playlist.m3u8", "TARGETDURATION:2", "TARGETDURATION:1"), "hls", "playlist"),
    "the MPD breaks its schema": (edit("manifest.mpd", "<Period ", "<Period nonsense='1' "), "dash", "mpd schema"),
    "the MPD timeline is off": (edit("manifest.mpd", r'd="60060"', 'd="60000"'), "dash", "mpd timeline"),
    "the MPD is too long": (edit("manifest.mpd", r'mediaPresentationDuration="PT5', 'mediaPresentationDuration="PT6'), "dash", "mpd timeline"),
    "the MPD bandwidth starves": (edit("manifest.mpd", r'bandwidth="(\d)\d+"', r'bandwidth="\1"'), "dash", "mpd bandwidth"),
    "the MPD codecs are wrong": (edit("manifest.mpd", r'codecs="avc1\.\w+"', 'codecs="avc1.42001e"'), "dash", "mpd codecs"),
    "the MPD frame rate is rounded": (edit("manifest.mpd", "30000/1001", "30"), "dash", "mpd frame rate"),
    "the MPD forgets a rendition": (edit("manifest.mpd", r'<AdaptationSet contentType="audio".*?</AdaptationSet>', ""), "dash", "mpd segments"),
    "CHANNELS is wrong": (edit("master.m3u8", 'CHANNELS="2"', 'CHANNELS="6"'), "sound", "channels"),
    "the language is lost": (edit("master.m3u8", 'LANGUAGE="en",DEFAULT', 'LANGUAGE="fr",DEFAULT'), "sound", "languages"),
    "a cue is lost": (edit("text/en/seg_00001.vtt", "Hello", "Hullo"), "text", "text"),
    "a cue is late": (edit("text/en/seg_00001.vtt", r"00:01\.000", "00:01.100"), "text", "text"),
    "the text is no WebVTT": (edit("text/en/seg_00001.vtt", "WEBVTT", "1"), "text", "text"),
    "the whole text file is not": (edit("text/en/subtitles.vtt", "Hello", "Hullo"), "text", "text"),
    "the poster is missing": (lambda r: (r / "poster.jpg").unlink(), "pictures", "pictures"),
    "the poster is damaged": (lambda r: (r / "poster.jpg").write_bytes((r / "poster.jpg").read_bytes()[:2000]), "pictures", "pictures"),
    "a tile lies outside its sheet": (edit("thumbnails/thumbnails.vtt", "xywh=160", "xywh=320"), "pictures", "pictures"),
    "the storyboard has a gap": (edit("thumbnails/thumbnails.vtt", r"00:04\.000 -->", "00:05.000 -->"), "pictures", "pictures"),
    "the storyboard is too short": (edit("thumbnails/thumbnails.vtt", r"\n00:00:04\.000 [^$]*$", ""), "pictures", "pictures"),
    "report.json miscounts": (change_report(one_more_byte), "reports", "reports"),
    "report.json forgets a rendition": (change_report(lambda d: d["renditions"].pop()), "reports", "reports"),
    "report.json flatters": (change_report(flattering_quality), "reports", "quality"),
    "report.json is no JSON": (lambda r: (r / "report.json").write_text("{"), "reports", "reports"),
    "manifest.json forgets the poster": (edit("manifest.json", '"poster.jpg"', '"x"'), "reports", "reports"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: str, reference: Path, out: Path) -> None:
    change, part, check = FAULTS[fault]
    root = out / "presentation"
    shutil.copytree(reference, root)
    change(root)
    verdict = judge(root, reference_presentation.FACTS, (part,))
    assert check in verdict.findings.names(), f"not noticed; found only: {verdict.findings}"


MEDIA_FAULTS = {
    "the picture is mirrored": (Alterations("hflip"), "picture", "upright"),
    "the picture is upside down": (Alterations("vflip"), "picture", "upright"),
    "the picture is turned and squeezed": (Alterations("transpose=clock,scale=320:180"), "picture", "upright"),
    "the picture is stretched": (Alterations("crop=240:180,scale=320:180"), "picture", "shape"),
    "the picture is cropped": (Alterations("crop=256:144,scale=320:180"), "picture", "shape"),
    "pixels are not square": (Alterations("setsar=4/3"), "hls", "resolution"),
    "the matrix is not the signalled one": (Alterations(conversion="out_color_matrix=bt601:out_range=limited"), "picture", "colour"),
    "the range is not the signalled one": (Alterations(conversion="out_color_matrix=bt709:out_range=full"), "picture", "colour"),
    "the range is full": (Alterations(conversion="out_color_matrix=bt709:out_range=full", colour_range="pc"), "picture", "colour tags"),
    "the clock drifts": (Alterations(rate="30"), "picture", "flashes"),
    "the clock drifts, frame by frame": (Alterations(rate="30"), "media", "frame times"),
    "renditions are cut apart": (Alterations(keys=(60, 59)), "media", "boundaries"),
    "groups of pictures are open": (Alterations(x264="keyint=60:min-keyint=60:open-gop=1:bframes=3:b-adapt=0", keys=(100000, 100000)), "media", "key frame"),
    "the sound is late": (Alterations(sound_offset=0.06), "sound", "lip sync"),
    "the sound is early": (Alterations(sound_filter="atrim=start=0.06,asetpts=PTS-STARTPTS"), "sound", "beeps"),
    "the sound is too short": (Alterations(sound_filter="atrim=end=4.9"), "media", "extent"),
}


@pytest.mark.parametrize("fault", MEDIA_FAULTS)
def test_a_fault_in_the_media_is_noticed(fault: str, out: Path) -> None:
    altered, part, check = MEDIA_FAULTS[fault]
    reference_presentation.make(out, altered)
    verdict = judge(out, reference_presentation.FACTS, (part,))
    assert check in verdict.findings.names(), f"not noticed; found only: {verdict.findings}"


def sized(out: Path, *sizes_and_durations: tuple[int, str]) -> list[Segment]:
    segments = []
    for index, (size, duration) in enumerate(sizes_and_durations):
        path = out / f"{index}"
        path.write_bytes(bytes(size))
        segments.append(Segment(ByteRange(path), Fraction(duration)))
    return segments


def test_peak_rate_uses_windows_of_half_to_one_and_a_half_targets(out: Path) -> None:
    segments = sized(out, (400, "4"), (1000, "4"), (10, "1"), (900, "1"))
    # [3, 4] lasts 2 s, the least that counts: 910 bytes in 2 s. Segment 4 alone is too short to count.
    assert peak_rate(segments, 4) == Fraction(8 * 910, 2)
    assert average_rate(segments) == Fraction(8 * 2310, 10)


def test_peak_rate_without_a_window_is_that_of_one_segment(out: Path) -> None:
    assert peak_rate(sized(out, (100, "1")), 4) == 800


def test_starvation_rate_counts_what_must_have_arrived() -> None:
    sizes, starts = [100, 300], [Fraction(0), Fraction(2), Fraction(4)]
    # Both segments within the buffer of 2 s and the first segment's 2 s; the second alone within 2 s.
    assert starvation_rate(sizes, starts, Fraction(2)) == max(Fraction(800, 2), Fraction(3200, 4), Fraction(2400, 2))


def test_slice_types_are_read_from_the_sample() -> None:
    sei, idr = bytes([0, 0, 0, 2, 6, 5]), bytes([0, 0, 0, 3, 0x65, 1, 2])
    assert vcl_types("h264", sei + idr) == [5]
    assert vcl_types("hevc", bytes([0, 0, 0, 3, 21 << 1, 1, 0])) == [21]


def dump(data: bytes) -> str:
    return f"\n00000000: {data.hex()}  ."


def test_codec_strings_follow_the_configuration() -> None:
    h264 = Stream({"codec_name": "h264", "extradata": dump(bytes([1, 0x64, 0, 0x1F]))}, Fraction(1), ())
    hevc = Stream({"codec_name": "hevc", "extradata": dump(bytes([1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93]))}, Fraction(1), ())
    av1 = Stream({"codec_name": "av1", "extradata": dump(bytes([0x81, 0x08, 0x4C, 0]))}, Fraction(1), ())
    assert codec_string(h264) == "avc1.64001f"
    assert codec_string(hevc) == "hvc1.1.6.L93.90"
    assert codec_string(av1) == "av01.0.08M.10"
    assert same_codec("AVC1.64001F", "avc1.64001f") and not same_codec("opus", "Opus")


def test_attribute_lists_are_read_strictly() -> None:
    assert attributes('A=1,B="x,y",C-D=0.5') == {"A": "1", "B": "x,y", "C-D": "0.5"}
    for bad in ("a=1", "A=1,,B=2", "A=1,A=2"):
        with pytest.raises(PlaylistError):
            attributes(bad)


def test_byte_ranges_continue_where_the_last_one_ended(out: Path) -> None:
    (out / "a.mp4").write_bytes(bytes(range(100)))
    (out / "p.m3u8").write_text('#EXTM3U\n#EXT-X-MAP:URI="a.mp4",BYTERANGE="10@0"\n#EXTINF:1,\n#EXT-X-BYTERANGE:20@10\na.mp4\n'
                                "#EXTINF:1,\n#EXT-X-BYTERANGE:5\na.mp4\n")
    playlist = read_media(out / "p.m3u8")
    assert playlist.init.read() == bytes(range(10))
    assert [s.where.read() for s in playlist.segments] == [bytes(range(10, 30)), bytes(range(30, 35))]
