"""Inputs that are awkward in time: rates, clocks, containers, scan and picture order, length and damage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import card
from fixtures import AAC, H264, Fixture, clip, facts, ffmpeg, frames_end, lavfi, picture_facts, sound_facts
from judging.facts import Facts, VideoFacts

SMALL = (64, 36)
NTSC = "30000/1001"


def _long(seconds: int):
    def make(target: Path) -> None:
        clip(target, size=SMALL, rate=NTSC, seconds=seconds, moving=False, audio=("-c:a", "aac", "-b:a", "32k", "-aac_coder", "fast"))
    return make


def _transport(start: int):
    def make(target: Path) -> None:
        clip(target, rate=NTSC, output=("-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", str(start), "-f", "mpegts"))
    return make


def _jitter(target: Path) -> None:
    # A phone: nominal 30 frames a second, each up to 18 ms late, and every eleventh one missing.
    clip(target, rate="30", filters="select='mod(n+1\\,11)',settb=1/90000,setpts='PTS+if(N,mod(N*7919\\,1600),0)'",
         output=("-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-video_track_timescale", "90000"))


def _hole(target: Path) -> None:
    # No picture at all between 1.6 s and 4.9 s: longer than a segment.
    clip(target, seconds=7, filters="select='not(between(t,1.6,4.9))'",
         output=("-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-video_track_timescale", "90000"))


def _discontinuity(target: Path) -> None:
    parts = []
    for number, offset in enumerate((10, 500)):
        part = target.with_name(f"part{number}.ts")
        clip(part, seconds=3, output=("-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", str(offset), "-f", "mpegts"))
        parts.append(part.read_bytes())
        part.unlink()
    target.write_bytes(b"".join(parts))


def _trimmed(target: Path) -> None:
    # Cut by stream copy far from a key frame: an edit list hides the pictures before the cut.
    whole = target.with_name("whole.mp4")
    clip(whole, seconds=7, video=(*H264, "-g", "250"))
    ffmpeg("-ss", "1.4", "-i", whole, "-c", "copy", target)
    whole.unlink()


def _offset(audio: str, seconds: float = 5):
    def make(target: Path) -> None:
        ffmpeg(*lavfi(card.picture(640, 360, "25", seconds)), "-itsoffset", audio, *lavfi(card.sound(seconds)), "-map", "0:v", "-map",
               "1:a", *H264, *AAC, target)
    return make


def _open_gop(target: Path) -> None:
    clip(target, video=("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "24", "-bf", "3", "-x264-params",
                        "open-gop=1:scenecut=0:b-adapt=0"))


def _intra_refresh(target: Path) -> None:
    clip(target, video=("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-x264-params", "intra-refresh=1:keyint=60:bframes=0"))


def _interlaced(mode: str, order: str, flagged: bool):
    def make(target: Path) -> None:
        # To 4:2:0 first: fields must not share lines of chroma.
        video = ("-c:v", "mpeg2video", "-q:v", "3", "-g", "15", "-bf", "2")
        if flagged:
            video += ("-flags", "+ildct+ilme", "-top", "1" if order == "tff" else "0")
        clip(target, size=(640, 480), rate="50", flash="1/25", filters=f"format=yuv420p,tinterlace={mode}" + ("" if flagged else ",setfield=prog"),
             video=video + ("-pix_fmt", "yuv420p"), output=("-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0"))
    return make


def _telecine(target: Path) -> None:
    clip(target, size=(640, 480), rate="24000/1001", filters="format=yuv420p,telecine=pattern=23:first_field=top",
         video=("-c:v", "mpeg2video", "-q:v", "3", "-g", "15", "-flags", "+ildct+ilme", "-top", "1", "-pix_fmt", "yuv420p"),
         output=("-f", "mpegts", "-muxdelay", "0", "-muxpreload", "0"))


def _truncated(target: Path) -> None:
    clip(target, seconds=6, output=("-movflags", "+faststart"))
    data = target.read_bytes()
    target.write_bytes(data[: len(data) * 6 // 10])


def _truncated_transport(target: Path) -> None:
    _transport(0)(target)
    data = target.read_bytes()
    target.write_bytes(data[: len(data) * 6 // 10 + 77])


def _frame_count(count: int):
    def make(target: Path) -> None:
        ffmpeg(*lavfi(card.picture(640, 360, "25", 1)), "-frames:v", str(count), *H264, target)
    return make


def _gif(target: Path) -> None:
    ffmpeg(*lavfi(card.picture(320, 180, "10", 3) + ",split[a][b];[a]palettegen[p];[b][p]paletteuse"), target)


FIELD_SLACK = Fraction(1, 25)

FIXTURES = [
    Fixture("fps_29_97_for_5_minutes", "in.mp4", _long(300), facts(SMALL, NTSC, 300), arguments=(),
            why="a grid by whole numbers drifts 0.3 s in this time"),
    Fixture("fps_29_97_for_an_hour", "in.mp4", _long(3600), facts(SMALL, NTSC, 3600), arguments=(), slow=True),
    Fixture("fps_29_97_clock_at_an_hour", "in.ts", _transport(3600), facts(rate=NTSC), measure=True),
    Fixture("fps_23_976", "in.mp4", lambda t: clip(t, rate="24000/1001"), facts(rate="24000/1001"), compare=True),
    Fixture("fps_59_94", "in.mp4", lambda t: clip(t, rate="60000/1001"), facts(rate="60000/1001")),
    Fixture("fps_12_5", "in.mp4", lambda t: clip(t, rate="25/2"), facts(rate="25/2")),
    Fixture("fps_1", "in.mp4", lambda t: clip(t, rate="1", seconds=6, flash=None), facts(rate="1", seconds=6, marks=False)),
    Fixture("variable_rate_like_a_phone", "in.mp4", _jitter, facts(frame_rate=None, rate="30")),
    Fixture("variable_rate_with_a_hole", "in.mp4", _hole, facts(seconds=7, frame_rate=None, marks=False)),
    Fixture("matroska_milliseconds_29_97", "in.mkv", lambda t: clip(t, rate=NTSC), facts(rate=NTSC), measure=True),
    Fixture("transport_start_not_zero", "in.ts", _transport(7), facts(rate=NTSC), measure=True),
    Fixture("transport_clock_wraps", "in.ts", _transport(95441), facts(rate=NTSC), measure=True,
            why="33 bits of 90 kHz end 2.7 s into the clip"),
    Fixture("transport_clock_jumps", "in.ts", _discontinuity, facts(seconds=6, frame_rate=None, slack=Fraction(1, 10), mark_slack=Fraction(1, 10)),
            why="the second half is stamped 490 s later"),
    Fixture("edit_list_trims_the_start", "in.mp4", _trimmed,
            Facts(picture_facts(seconds=Fraction(56, 10), first_flash=Fraction(1, 10)), (sound_facts(Fraction(56, 10), first_beep=Fraction(11, 10)),))),
    Fixture("audio_starts_350_ms_late", "in.mp4", _offset("0.35"), Facts(picture_facts(), (sound_facts(5, Fraction(35, 100)),))),
    Fixture("audio_starts_350_ms_early", "in.mp4", _offset("-0.35"), Facts(picture_facts(), (sound_facts(Fraction(465, 100), first_beep=Fraction(115, 100)),)),
            why="the first 350 ms of sound lie before the picture and are cut by the muxer's edit list"),
    Fixture("open_gop", "in.mp4", _open_gop, facts()),
    Fixture("intra_refresh_without_key_frames", "in.mkv", _intra_refresh, facts(), measure=True),
    Fixture("interlaced_top_first_flagged", "in.ts", _interlaced("interleave_top", "tff", True),
            facts((640, 480), interlaced=True, frame_rate=None, slack=FIELD_SLACK, mark_slack=FIELD_SLACK), measure=True),
    Fixture("interlaced_bottom_first_flagged", "in.ts", _interlaced("interleave_bottom", "bff", True),
            facts((640, 480), interlaced=True, frame_rate=None, slack=FIELD_SLACK, mark_slack=FIELD_SLACK), measure=True),
    Fixture("interlaced_not_flagged", "in.ts", _interlaced("interleave_top", "tff", False),
            facts((640, 480), interlaced=True, frame_rate=None, slack=FIELD_SLACK, mark_slack=FIELD_SLACK), measure=True),
    Fixture("telecine", "in.ts", _telecine, facts((640, 480), NTSC, interlaced=True, frame_rate=None, slack=FIELD_SLACK, mark_slack=FIELD_SLACK), measure=True),
    Fixture("one_frame", "in.mp4", _frame_count(1), Facts(picture_facts(seconds=Fraction(1, 25), first_flash=None))),
    Fixture("a_fifth_of_a_second", "in.mp4", _frame_count(5), Facts(picture_facts(seconds=Fraction(1, 5), first_flash=None))),
    Fixture("truncated_mp4", "in.mp4", _truncated, facts(seconds=6, slack=Fraction(1, 5), marks=False), measure=True),
    Fixture("truncated_transport", "in.ts", _truncated_transport, facts(rate=NTSC, frame_rate=None, slack=Fraction(1, 5), marks=False), measure=True),
    Fixture("moov_at_the_end", "in.mp4", lambda t: clip(t, output=("-movflags", "-faststart")), facts(), compare=True),
    Fixture("moov_at_the_end_by_pipe", "in.mp4", lambda t: clip(t), facts(), by_pipe=True),
    Fixture("transport_by_pipe", "in.ts", _transport(0), facts(rate=NTSC), by_pipe=True, measure=True),
    Fixture("fragmented_mp4", "in.mp4", lambda t: clip(t, output=("-movflags", "frag_keyframe+empty_moov+default_base_moof")), facts(), measure=True),
    Fixture("animated_gif", "in.gif", _gif, Facts(VideoFacts(320, 180, Fraction(0), frames_end(3, "10"), card=True))),
]
