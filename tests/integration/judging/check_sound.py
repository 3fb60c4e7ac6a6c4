"""Judges what is heard, and whether it is heard when it is seen."""

from __future__ import annotations

from fractions import Fraction

from judging import oracle
from judging.check_picture import expected_marks, flash_times
from judging.facts import AudioFacts, Facts
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

AUDIO_FRAME = Fraction(1024, 48000)


def facts_for(rendition: Rendition, facts: Facts) -> AudioFacts:
    """The source's sound in this rendition's language; the first one when the language tells nothing."""
    language = rendition.attributes.get("LANGUAGE", "und")
    return next((a for a in facts.audio if a.language == language), facts.audio[0])


def beep_times(rendition: Rendition) -> list[Fraction]:
    end = float(rendition.decoded.end)
    onsets = oracle.sound_onsets(rendition.joined)
    return [Fraction(t).limit_denominator(1_000_000) for t in onsets if t < end - 0.02]


def check_beeps(rendition: Rendition, sound: AudioFacts, facts: Facts, findings: Findings) -> list[Fraction]:
    found = beep_times(rendition)
    wanted = expected_marks(sound.first_beep - facts.origin, sound.end - facts.origin)
    findings.expect(len(found) == len(wanted), "beeps", rendition.name, f"{len(found)} beeps; the source has {len(wanted)}")
    for k, (t, w) in enumerate(zip(found, wanted)):
        if not findings.expect(abs(t - w) <= AUDIO_FRAME + facts.mark_slack, "beeps", rendition.name,
                               f"beep {k + 1} is at {float(t):.4f} s, not {float(w):.4f} s"):
            break
    return found


def check_lips(video: Rendition, audio: Rendition, beeps: list[Fraction], facts: Facts, findings: Findings) -> None:
    """Flash against beep, at the first and the last that both have.

    A source flash begins on the first picture at or after its mark, so up to one picture later; the codec's frame is the rest.
    """
    sound = facts_for(audio, facts)
    natural = (facts.video.first_flash - sound.first_beep + Fraction(1, 2)) % 1 - Fraction(1, 2)
    flashes = flash_times(video.decoded.frames)
    rate = facts.video.frame_rate
    frame = 1 / rate if rate else Fraction(1, 14)
    pairs = [(f, min(beeps, key=lambda b: abs(b + natural - f))) for f in flashes if beeps]
    pairs = [(f, b) for f, b in pairs if abs(b + natural - f) < Fraction(1, 2)]
    if not findings.expect(bool(pairs), "lip sync", audio.name, "no flash has a beep"):
        return
    for where, (flash, beep) in (("start", pairs[0]), ("end", pairs[-1])):
        late = flash - beep - natural
        findings.expect(-AUDIO_FRAME <= late <= frame + AUDIO_FRAME, "lip sync", audio.name,
                        f"at the {where} the picture is {float(late) * 1000:.1f} ms after the sound")


def check_channels(rendition: Rendition, facts: Facts, findings: Findings) -> None:
    claimed = rendition.attributes.get("CHANNELS")
    real = rendition.stream.facts["channels"]
    if claimed is not None:
        findings.expect(claimed.split("/")[0] == str(real), "channels", rendition.name, f"CHANNELS is {claimed}; the sound has {real}")
    findings.expect(real <= max(a.channels for a in facts.audio) or real == 2, "channels", rendition.name, f"{real} channels were made up")


def check_languages(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    """A stereo rendition for every language of the source, and 5.1 where the source has it."""
    wanted = {a.language for a in facts.audio if a.language != "und"}
    found = {r.attributes.get("LANGUAGE", "und") for r in presentation.audio if r.stream.facts["channels"] <= 2}
    findings.expect(wanted <= found, "languages", "audio", f"languages {sorted(found)}; the source has {sorted(wanted)}")
    if any(a.channels >= 6 for a in facts.audio):
        findings.expect(any(r.stream.facts["channels"] == 6 for r in presentation.audio), "languages", "audio", "the 5.1 sound is not kept")
        findings.expect(any(r.stream.facts["channels"] == 2 for r in presentation.audio), "languages", "audio", "there is no stereo sound")


def check_sound(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    if not facts.audio:
        return
    check_languages(presentation, facts, findings)
    synced_video = presentation.video[:1] if facts.video and facts.video.first_flash is not None else []
    for rendition in presentation.audio:
        check_channels(rendition, facts, findings)
        sound = facts_for(rendition, facts)
        if sound.first_beep is None or not rendition.decoded.frames:
            continue
        beeps = check_beeps(rendition, sound, facts, findings)
        for video in synced_video:
            check_lips(video, rendition, beeps, facts, findings)
