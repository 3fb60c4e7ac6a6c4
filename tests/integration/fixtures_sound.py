"""Inputs that are awkward in sound, text and name."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import card
from fixtures import AAC, H264, Fixture, clip, facts, ffmpeg, lavfi, picture_facts, sound_facts
from judging.facts import Facts, TextFacts

SRT = """1
00:00:00,500 --> 00:00:01,500
First line

2
00:00:01,800 --> 00:00:03,200
<i>Second</i> line & more

3
00:00:03,500 --> 00:00:04,500
Third – with a dash
"""
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: Default,Arial,20,&H00FFFFFF

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\an8}Erste Zeile
Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,Zweite\\NZeile
"""
ENGLISH = TextFacts("en", ((Fraction(1, 2), Fraction(3, 2), "First line"), (Fraction(9, 5), Fraction(16, 5), "line & more"),
                           (Fraction(7, 2), Fraction(9, 2), "Third – with a dash")))
GERMAN = TextFacts("de", ((Fraction(1, 2), Fraction(3, 2), "Erste Zeile"), (Fraction(2), Fraction(3), "Zweite")))


def _sound(sound: str | None, audio: tuple[str, ...] = AAC, seconds: float = 5):
    return lambda target: clip(target, seconds=seconds, sound=sound, audio=audio)


def _late(target: Path) -> None:
    ffmpeg(*lavfi(card.picture(640, 360, "25", 6)), "-itsoffset", "2.5", *lavfi(card.sound(3.5)), "-map", "0:v", "-map", "1:a", *H264, *AAC,
           target)


def _audio_only(target: Path) -> None:
    ffmpeg(*lavfi(card.sound(9)), *AAC, target)


def _covered(target: Path) -> None:
    cover = target.with_name("cover.png")
    ffmpeg(*lavfi("testsrc2=s=300x300:r=1:d=1"), "-frames:v", "1", cover)
    ffmpeg(*lavfi(card.sound(6)), "-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v:0", "attached_pic",
           "-c:a", "libmp3lame", "-b:a", "96k", target)
    cover.unlink()


def _languages(target: Path) -> None:
    ffmpeg(*lavfi(card.picture(640, 360, "25", 5)), *lavfi(card.sound(5)), *lavfi(card.sound(5)), *lavfi(card.sound(5)), "-map", "0", "-map",
           "1", "-map", "2", "-map", "3", *H264, *AAC, "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger",
           "-metadata:s:a:2", "language=eng", "-metadata:s:a:2", "title=Commentary", "-disposition:a:1", "default", "-disposition:a:0",
           "0", target)


def _subtitles(codec: tuple[str, ...]):
    def make(target: Path) -> None:
        english, german = target.with_name("en.srt"), target.with_name("de.ass")
        english.write_text(SRT, encoding="utf-8")
        german.write_text(ASS, encoding="utf-8")
        ffmpeg(*lavfi(card.picture(640, 360, "25", 5)), *lavfi(card.sound(5)), "-i", english, "-i", german, "-map", "0", "-map", "1", "-map",
               "2", "-map", "3", *H264, *AAC, *codec, "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", target)
        english.unlink()
        german.unlink()
    return make


SHORT = {"seconds": 2}

FIXTURES = [
    Fixture("no_audio", "in.mp4", _sound(None), Facts(picture_facts()), compare=True),
    Fixture("audio_only", "in.m4a", _audio_only, Facts(None, (sound_facts(9),))),
    Fixture("audio_with_cover_picture", "in.mp3", _covered,
            Facts(None, (sound_facts(6, first_beep=Fraction(523, 1000)),), end_slack=Fraction(1, 10)), measure=True),
    Fixture("audio_longer_than_video", "in.mp4", _sound(card.sound(7.5), seconds=4), Facts(picture_facts(seconds=4), (sound_facts(Fraction(15, 2)),))),
    Fixture("audio_a_little_longer", "in.mp4", _sound(card.sound(5.8)), Facts(picture_facts(), (sound_facts(Fraction(58, 10)),))),
    Fixture("audio_shorter_than_video", "in.mp4", _sound(card.sound(2.2), seconds=6), Facts(picture_facts(seconds=6), (sound_facts(Fraction(11, 5)),))),
    Fixture("audio_starts_2_5_s_late", "in.mp4", _late, Facts(picture_facts(seconds=6), (sound_facts(Fraction(7, 2), Fraction(5, 2)),))),
    Fixture("surround_5_1", "in.mp4", _sound(card.sound(5, channels="5.1"), ("-c:a", "ac3", "-b:a", "256k")),
            Facts(picture_facts(), (sound_facts(5, channels=6, frame=Fraction(1536, 48000)),))),
    Fixture("surround_7_1_flac", "in.mkv", _sound(card.sound(5, channels="7.1"), ("-c:a", "flac")),
            Facts(picture_facts(), (sound_facts(5, channels=8),))),
    Fixture("mono_8_khz", "in.mov", _sound(card.sound(5, 8000, "mono"), ("-c:a", "pcm_mulaw")), Facts(picture_facts(), (sound_facts(5, channels=1),))),
    Fixture("audio_44_1_khz", "in.mp4", _sound(card.sound(5, 44100)), Facts(picture_facts(), (sound_facts(5, frame=Fraction(1024, 44100)),))),
    Fixture("pcm_96_khz_24_bit", "in.mov", _sound(card.sound(5, 96000), ("-c:a", "pcm_s24le")), facts()),
    Fixture("three_sounds_two_languages", "in.mp4", _languages,
            Facts(picture_facts(), (sound_facts(language="en"), sound_facts(language="de"), sound_facts(language="en")))),
    Fixture("subtitles_srt_and_ass", "in.mkv", _subtitles(("-c:s:0", "srt", "-c:s:1", "ass")), facts(text=(ENGLISH, GERMAN)), measure=True),
    Fixture("subtitles_mov_text", "in.mp4", _subtitles(("-c:s", "mov_text")), facts(text=(ENGLISH, GERMAN))),
    Fixture("name_with_spaces_and_umlauts", "ein schöner Film & mehr=1 #2.mp4", lambda t: clip(t, **SHORT), facts(**SHORT)),
    Fixture("name_in_japanese", "映画%20テスト.mp4", lambda t: clip(t, **SHORT), facts(**SHORT)),
    Fixture("name_with_leading_dash", "-dash.mp4", lambda t: clip(t, **SHORT), facts(**SHORT)),
    Fixture("name_like_a_protocol", "http:x.mp4", lambda t: clip(t, **SHORT), facts(**SHORT)),
    Fixture("name_without_suffix", "movie", lambda t: clip(t, output=("-f", "mp4"), **SHORT), facts(**SHORT)),
]
