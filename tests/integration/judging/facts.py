"""What is true of a source, in the terms that a presentation made of it must obey."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from judging import oracle


@dataclass(frozen=True)
class VideoFacts:
    """The picture that should be shown: upright, in square pixels, on the source's own clock."""

    width: int
    height: int
    start: Fraction
    end: Fraction
    frame_rate: Fraction | None = None        # None: variable, or not worth checking.
    card: bool = False                        # Shows the test card of card.py.
    first_flash: Fraction | None = None       # Then one each second; None: not to be looked for.
    interlaced: bool = False                  # The output must not show combs.
    hdr: bool = False                         # Colours are only compared by hue.


@dataclass(frozen=True)
class AudioFacts:
    start: Fraction
    end: Fraction
    channels: int = 2
    language: str = "und"
    first_beep: Fraction | None = None        # Then one each second.
    frame: Fraction = Fraction(1024, 48000)   # A coded frame of the source: its last one may be padded.


@dataclass(frozen=True)
class TextFacts:
    language: str
    cues: tuple[tuple[Fraction, Fraction, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    video: VideoFacts | None = None
    audio: tuple[AudioFacts, ...] = ()
    text: tuple[TextFacts, ...] = ()
    end_slack: Fraction = Fraction(0)         # More tolerance at the end, where damage makes it a matter of taste.
    mark_slack: Fraction = Fraction(0)        # The same for flashes and beeps; never for one against the other.
    source: Path | None = None                # For quality figures, where frames can be compared one by one.

    @property
    def origin(self) -> Fraction:
        """The instant of the source's clock that becomes 0: the earliest start, but a constant rate's first picture where
        sound leads it by less than a frame (and 50 ms)."""
        starts = [t.start for t in ([self.video] if self.video else []) + list(self.audio)]
        earliest = min(starts, default=Fraction(0))
        if self.video and self.video.frame_rate and self.video.start - earliest < min(1 / self.video.frame_rate, Fraction(51, 1000)):
            return self.video.start
        return earliest

    @property
    def length(self) -> Fraction:
        ends = [t.end for t in ([self.video] if self.video else []) + list(self.audio)]
        return max(ends, default=Fraction(0)) - self.origin


# ISO 639-2 codes of containers as the BCP 47 tags that manifests want, for the languages that occur in test media.
TAGS = {"eng": "en", "spa": "es", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "jpn": "ja", "rus": "ru"}


def language_of(stream: dict) -> str:
    tag = stream.get("tags", {}).get("language", "und")
    return TAGS.get(tag, tag)


def _display_size(stream: dict) -> tuple[int, int]:
    width, height = stream["width"], stream["height"]
    aspect = stream.get("sample_aspect_ratio", "1:1")
    num, den = (int(x) for x in aspect.split(":"))
    if num > 0 and den > 0 and num != den:
        width = round(width * num / den)
    turned = 0
    for side in stream.get("side_data_list", []):
        turned = int(side.get("rotation", turned))
    return (height, width) if turned % 180 else (width, height)


def facts_of(path: Path) -> Facts:
    """Facts of any file, as ffmpeg decodes it; for clips whose content nobody described."""
    described = oracle.probe(path).get("streams", [])
    videos = [s for s in described if s["codec_type"] == "video" and not s.get("disposition", {}).get("attached_pic")]
    sounds = [s for s in described if s["codec_type"] == "audio"]
    texts = [s for s in described if s["codec_type"] == "subtitle"]
    video = None
    if videos:
        main = max(videos, key=lambda s: (s["disposition"]["default"], s["width"] * s["height"]))
        decoded = oracle.watch(path, selector=str(main["index"]))
        width, height = _display_size(main)
        video = VideoFacts(width, height, min(f.pts for f in decoded.frames), decoded.end,
                           hdr=main.get("color_transfer") in ("smpte2084", "arib-std-b67"),
                           interlaced=main.get("field_order", "progressive") not in ("progressive", "unknown"))
    audio = []
    for stream in sounds:
        decoded = oracle.listen(path, selector=str(stream["index"]))
        if decoded.frames:
            audio.append(AudioFacts(decoded.frames[0].pts, decoded.end, int(stream["channels"]),
                                    language_of(stream)))
    return Facts(video, tuple(audio), tuple(TextFacts(language_of(s)) for s in texts))


def measured(facts: Facts, path: Path) -> Facts:
    """`facts` with the times that ffmpeg finds, for containers that move the clock; marks keep their place in the picture."""
    video, moved = facts.video, Fraction(0)
    if video:
        decoded = oracle.watch(path)
        moved = decoded.frames[0].pts - video.start
        flash = None if video.first_flash is None else video.first_flash + moved
        video = replace(video, start=decoded.frames[0].pts, end=decoded.end, first_flash=flash)
    audio = []
    for index, sound in enumerate(facts.audio):
        decoded = oracle.listen(path, f"a:{index}")
        beep = None if sound.first_beep is None else sound.first_beep + moved
        audio.append(replace(sound, start=decoded.frames[0].pts, end=decoded.end, first_beep=beep))
    text = tuple(replace(t, cues=tuple((begin + moved, end + moved, words) for begin, end, words in t.cues)) for t in facts.text)
    return replace(facts, video=video, audio=tuple(audio), text=text)
