"""Inputs that are awkward in shape and colour: rotation, aspect, odd sizes, range, matrix, depth, HDR."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import card
from fixtures import AAC, H264, Fixture, clip, facts, ffmpeg, lavfi, picture_facts, sound_facts
from judging.facts import Facts

# tkhd matrices (a, b, c, d) and the ffmpeg filters that undo them, so that the stored picture needs the matrix to stand upright.
ORIENTATIONS = {
    "rotated_90": ((0, 1, -1, 0), "transpose=cclock"),
    "rotated_180": ((-1, 0, 0, -1), "hflip,vflip"),
    "rotated_270": ((0, -1, 1, 0), "transpose=clock"),
    "mirrored": ((-1, 0, 0, 1), "hflip"),
    "flipped_upside_down": ((1, 0, 0, -1), "vflip"),
    "mirrored_and_rotated_90": ((0, 1, 1, 0), "transpose=cclock_flip"),
    "mirrored_and_rotated_270": ((0, -1, -1, 0), "transpose=clock_flip"),
}


def _set_matrix(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Rewrites the first track's display matrix; ffmpeg 5.1 itself cannot write mirrored ones."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4
    matrix_at = at + (52 if data[at] == 1 else 40)
    a, b, c, d = (value << 16 for value in matrix)
    data[matrix_at : matrix_at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def _oriented(name: str):
    matrix, undo = ORIENTATIONS[name]

    def make(target: Path) -> None:
        clip(target, size=(360, 640), filters=undo, seconds=4)
        _set_matrix(target, matrix)
    return make


def _oriented_facts(name: str) -> Facts:
    return facts((360, 640), seconds=4)


def _shape(*size: int):
    return lambda target: clip(target, size=size, seconds=4)


def _odd(target: Path) -> None:
    clip(target, size=(853, 479), seconds=3, video=("-c:v", "ffv1", "-pix_fmt", "yuv444p"))


def _anamorphic(width: int, stored: int, height: int, aspect: str):
    def make(target: Path) -> None:
        clip(target, size=(width, height), seconds=4, filters=f"scale={stored}:{height},setsar={aspect}")
    return make


def _size_change(target: Path) -> None:
    parts, joined = [], target.with_name("joined.264")
    for size in ((640, 360), (320, 180)):
        part = target.with_name(f"{size[0]}.264")
        clip(part, size=size, seconds=3, sound=None, video=(*H264, "-bf", "0"))
        parts.append(part.read_bytes())
        part.unlink()
    joined.write_bytes(b"".join(parts))
    ffmpeg("-framerate", "25", "-i", joined, *lavfi(card.sound(6)), "-map", "0:v", "-map", "1:a", "-c:v", "copy", *AAC, "-f", "mpegts", target)
    joined.unlink()


def _matrix(name: str, tags: tuple[str, str, str], out_range: str = "limited", pixel: str = "yuv420p"):
    primaries, transfer, matrix = tags

    def make(target: Path) -> None:
        clip(target, seconds=3, filters=f"scale=out_color_matrix={name}:out_range={out_range},format={pixel}",
             video=(*H264[:4], "-pix_fmt", pixel, "-color_primaries", primaries, "-color_trc", transfer, "-colorspace", matrix,
                    "-color_range", "pc" if out_range == "full" else "tv"))
    return make


def _hdr(transfer: str, more: str):
    def make(target: Path) -> None:
        convert = (f"format=gbrp10,zscale=tin=bt709:pin=bt709:min=gbr:t={transfer}:p=2020:m=2020_ncl:r=limited:npl=203,"
                   "format=yuv420p10le")
        parameters = f"log-level=error:repeat-headers=1:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc{more}"
        clip(target, seconds=3, filters=convert,
             video=("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1", "-x265-params", parameters,
                    "-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc"))
    return make


MASTERING = (":hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
             ":max-cll=1000,400")


def _ten_bit_422(target: Path) -> None:
    clip(target, seconds=3, video=("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le"))


def _rgb_lossless(target: Path) -> None:
    clip(target, size=(320, 180), seconds=3, video=("-c:v", "png", "-pix_fmt", "rgb24"), audio=("-c:a", "pcm_s16le"))


def _vp9(target: Path) -> None:
    clip(target, size=(320, 180), seconds=3, video=("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k"),
         audio=("-c:a", "libopus", "-b:a", "96k"))


def _two_videos(target: Path) -> None:
    # Two pictures: the second is larger, the first is marked as the default.
    ffmpeg(*lavfi(card.picture(320, 180, "25", 3)), *lavfi("testsrc2=s=640x360:r=30:d=3"), *lavfi(card.sound(3)), "-map", "0", "-map", "1",
           "-map", "2", *H264, *AAC, "-disposition:v:0", "default", "-disposition:v:1", "0", target)


FIXTURES = [
    *(Fixture(name, "in.mp4", _oriented(name), _oriented_facts(name)) for name in ORIENTATIONS),
    Fixture("anamorphic_16_15", "in.mp4", _anamorphic(384, 360, 288, "16/15"), facts((384, 288), seconds=4)),
    Fixture("anamorphic_8_9", "in.mp4", _anamorphic(640, 720, 480, "8/9"), facts((640, 480), seconds=4)),
    Fixture("odd_853x479", "in.mkv", _odd, facts((853, 479), seconds=3), measure=True),
    Fixture("portrait_360x640", "in.mp4", _shape(360, 640), facts((360, 640), seconds=4)),
    Fixture("square_360", "in.mp4", _shape(360, 360), facts((360, 360), seconds=4), compare=True),
    Fixture("wide_640x272", "in.mp4", _shape(640, 272), facts((640, 272), seconds=4)),
    Fixture("tall_and_thin_64x640", "in.mp4", _shape(64, 640), facts((64, 640), seconds=4)),
    Fixture("tiny_16x16", "in.mp4", _shape(16, 16), facts((16, 16), seconds=4, card=False)),
    Fixture("size_changes_midway", "in.ts", _size_change, facts(seconds=6), measure=True),
    Fixture("full_range_yuvj", "in.mp4", _matrix("bt709", ("bt709", "bt709", "bt709"), "full", "yuvj420p"), facts(seconds=3)),
    Fixture("matrix_601_tagged", "in.mp4", _matrix("bt601", ("smpte170m", "smpte170m", "smpte170m")), facts(seconds=3)),
    Fixture("matrix_709_tagged", "in.mp4", _matrix("bt709", ("bt709", "bt709", "bt709")), facts(seconds=3)),
    Fixture("ten_bit_422", "in.mp4", _ten_bit_422, facts(seconds=3)),
    Fixture("rgb_png_in_mov", "in.mov", _rgb_lossless, facts((320, 180), seconds=3)),
    Fixture("vp9_opus_webm", "in.webm", _vp9, facts((320, 180), seconds=3)),
    Fixture("hdr10_pq", "in.mp4", _hdr("smpte2084", MASTERING), facts(seconds=3, hdr=True)),
    Fixture("hlg", "in.mp4", _hdr("arib-std-b67", ""), facts(seconds=3, hdr=True)),
    Fixture("two_pictures_default_first", "in.mp4", _two_videos, Facts(picture_facts((320, 180), seconds=3), (sound_facts(3),))),
]
