"""Judges the media: decodable whole and in parts, cut at key frames, on one exact timeline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from judging import oracle
from judging.facts import Facts
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

IDR_TYPES = {"h264": {5}, "hevc": {19, 20}}
AUDIO_FRAME = Fraction(1024, 48000)


def vcl_types(codec: str, sample: bytes) -> list[int]:
    """NAL unit types of the coded slices in a sample with 4-byte lengths, in order."""
    types, at = [], 0
    while at + 4 < len(sample):
        size = int.from_bytes(sample[at : at + 4], "big")
        header = sample[at + 4]
        kind = header & 31 if codec == "h264" else (header >> 1) & 63
        if (1 <= kind <= 5) if codec == "h264" else kind < 32:
            types.append(kind)
        at += 4 + size
    return types


def check_decoding(presentation: Presentation, findings: Findings) -> None:
    for rendition in presentation.media:
        findings.expect(not rendition.decoded.complaints, "decodes", rendition.name, rendition.decoded.complaints[:500])
        findings.expect(len(rendition.decoded.frames) > 0, "decodes", rendition.name, "no frame came out")
        if rendition.kind == "video":
            findings.expect(len(rendition.decoded.frames) == len(rendition.samples), "decodes", rendition.name,
                            f"{len(rendition.samples)} samples gave {len(rendition.decoded.frames)} pictures")
    # The DASH demuxer of ffmpeg 5.1 cannot open representations of one picture, not even ffmpeg's own.
    single = all(len(r.samples) == 1 for r in presentation.media)
    for manifest in ("master.m3u8",) if single else ("master.m3u8", "manifest.mpd"):
        # The demuxers of ffmpeg 5.1 read no subtitles from either manifest: the text has judges of its own.
        before = ("-allowed_extensions", "ALL") if manifest.endswith(".mpd") else ()
        said = "\n".join(line for line in oracle.complaints(presentation.root / manifest, before).splitlines()
                         if "Can't support the subtitle" not in line)
        findings.expect(not said, "decodes", manifest, said[:500])


def check_segments_alone(presentation: Presentation, findings: Findings) -> None:
    """Every segment, with nothing but its init segment, decodes completely."""
    jobs = [(rendition, index) for rendition in presentation.media for index in range(len(rendition.playlist.segments))]

    def one(job: tuple[Rendition, int]) -> tuple[str, int]:
        rendition, index = job
        path = rendition.alone(index)
        done = oracle.run(["ffmpeg", "-v", "warning", "-xerror", "-nostdin", "-i", oracle.media_path(path), "-map", "0:0",
                           "-fps_mode", "passthrough", "-f", "framecrc", "-"])
        path.unlink()
        count = sum(1 for line in done.stdout.splitlines() if line and not line.startswith("#"))
        return done.stderr.strip() or ("" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}"), count

    with ThreadPoolExecutor(oracle.cores()) as pool:
        for (rendition, index), (said, count) in zip(jobs, pool.map(one, jobs)):
            where = f"{rendition.name} segment {index + 1}"
            findings.expect(not said, "segment alone", where, said[:300])
            expected = len(rendition.by_segment[index])
            if rendition.kind == "video":
                findings.expect(count == expected, "segment alone", where, f"{count} of {expected} pictures decode")
            else:
                findings.expect(count > 0 or expected <= 2, "segment alone", where, "no sound decodes")


def check_key_frames(presentation: Presentation, findings: Findings) -> None:
    for rendition in presentation.video:
        codec = rendition.stream.facts["codec_name"]
        for index, samples in enumerate(rendition.by_segment):
            where = f"{rendition.name} segment {index + 1}"
            if not findings.expect(bool(samples), "key frame", where, "the segment holds no sample"):
                continue
            first = samples[0]
            findings.expect(first.sync, "key frame", where, "the first sample is not marked as a key frame")
            findings.expect(first.pts == min(s.pts for s in samples), "key frame", where,
                            "a picture that comes later in the file is shown before the key frame")
            if codec in IDR_TYPES:
                types = vcl_types(codec, rendition.payload(first))
                findings.expect(bool(types) and set(types) <= IDR_TYPES[codec], "key frame", where,
                                f"the first picture's NAL unit types are {sorted(set(types))}, not IDR")


def check_timeline(presentation: Presentation, findings: Findings) -> None:
    """Decoding times advance without gap or overlap; pictures play one at a time from 0; ffprobe reads the same table."""
    for rendition in presentation.media:
        samples = rendition.samples
        for before, after in zip(samples, samples[1:]):
            if not findings.expect(after.dts == before.dts + before.duration, "timeline", rendition.name,
                                   f"after {float(before.dts):.6f} + {float(before.duration):.6f} s comes {float(after.dts):.6f} s"):
                break
        findings.expect(all(s.duration > 0 for s in samples), "timeline", rendition.name, "a sample lasts no time")
        if rendition.kind == "video":
            shown = sorted(s.pts for s in samples)
            findings.expect(len(set(shown)) == len(shown), "timeline", rendition.name, "two pictures at one instant")
            findings.expect(shown[0] >= 0, "timeline", rendition.name, f"begins before 0, at {float(shown[0]):.6f}")
        edit = rendition.table.edit_offset  # ffprobe applies it to decoding times too.
        ours = [(s.dts, s.size, s.position) for s in samples]
        theirs = [(p.dts + edit, p.size, p.position) for p in rendition.stream.packets]
        differs = next((f"sample {i + 1}: {a} against ffprobe's {b}" for i, (a, b) in enumerate(zip(ours, theirs)) if a != b),
                       f"{len(ours)} samples against ffprobe's {len(theirs)}")
        findings.expect(ours == theirs, "timeline", rendition.name, differs)


def check_boundaries(presentation: Presentation, findings: Findings) -> None:
    if not presentation.video:
        return
    first = presentation.video[0]
    findings.expect(first.boundaries == sorted(first.boundaries), "boundaries", first.name, "segments are not in order")
    for other in presentation.video[1:]:
        findings.expect(other.boundaries == first.boundaries, "boundaries", other.name,
                        f"{_first_difference(first.boundaries, other.boundaries)} of {first.name}")
    # At a variable rate a picture segment begins at the first picture after the cut, and sound need not wait for it.
    tolerance = AUDIO_FRAME + (max(first.frame_steps, default=Fraction(0)) if len(first.frame_steps) > 1 else 0)
    for audio in presentation.audio:
        shared = min(len(audio.boundaries), len(first.boundaries)) - 1
        for index in range(1, shared):
            apart = abs(audio.boundaries[index] - first.boundaries[index])
            if not findings.expect(apart <= tolerance, "boundaries", audio.name,
                                   f"segment {index + 1} begins {float(apart):.4f} s from the picture's"):
                break


def _first_difference(expected: list[Fraction], found: list[Fraction]) -> str:
    if len(expected) != len(found):
        return f"{len(found) - 1} segments against {len(expected) - 1}"
    index = next((i for i, (a, b) in enumerate(zip(expected, found)) if a != b), 0)
    return f"boundary {index} is {found[index]} s against {expected[index]} s"


def _ends_right(found: Fraction, own: Fraction, whole: Fraction, tolerance: Fraction, late: Fraction, segment: Fraction) -> bool:
    """At the track's own end; or padded up to the presentation's, where another track is longer by more than a segment."""
    latest = whole if whole - own > segment else own
    return own - tolerance <= found <= latest + tolerance + late


def check_extent(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    """Each track begins and ends where the source does."""
    origin, slack = facts.origin, facts.end_slack
    segment = max((s.duration for r in presentation.media for s in r.playlist.segments), default=Fraction(0))
    if facts.video and findings.expect(bool(presentation.video), "extent", "video", "the source has a picture, the presentation has none"):
        for rendition in presentation.video:
            rate = facts.video.frame_rate or Fraction(25)
            frame = max(1 / rate, AUDIO_FRAME)
            own = facts.video.end - origin
            found = rendition.boundaries[-1]
            findings.expect(_ends_right(found, own, facts.length, frame + slack, Fraction(0), segment), "extent", rendition.name,
                            f"the picture ends at {float(found):.4f} s; the source's at {float(own):.4f} s of {float(facts.length):.4f} s")
            starts = rendition.boundaries[0]
            findings.expect(0 <= starts <= facts.video.start - origin + frame, "extent", rendition.name,
                            f"the picture begins at {float(starts):.4f} s; the source's at {float(facts.video.start - origin):.4f} s")
    if not facts.video:
        findings.expect(not presentation.video, "extent", "video", "a picture appeared from a source without one")
    findings.expect(bool(presentation.audio) == bool(facts.audio), "extent", "audio",
                    f"{len(presentation.audio)} audio renditions from {len(facts.audio)} sounds")
    for rendition in presentation.audio:
        sounds = [a for a in facts.audio if a.language == rendition.attributes.get("LANGUAGE", "und")] or list(facts.audio)
        found = rendition.decoded.end
        right = any(_ends_right(found, a.end - origin, facts.length, AUDIO_FRAME + slack, a.frame, segment) for a in sounds)
        ends = ", ".join(f"{float(a.end - origin):.4f}" for a in sounds)
        findings.expect(right, "extent", rendition.name,
                        f"the sound ends at {float(found):.4f} s; the source's at {ends} s of {float(facts.length):.4f} s")


def check_frame_times(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    """A constant rate stays exactly constant over any length, where the source has pictures.

    The first picture may stand in for a start without one (and the next lie on the nearest multiple of the step), repeats of
    the last one for an end without any.
    """
    if not facts.video or facts.video.frame_rate is None:
        return
    step = 1 / facts.video.frame_rate
    begin, end = facts.video.start - facts.origin, facts.video.end - facts.origin
    for rendition in presentation.video:
        shown = sorted(s.pts for s in rendition.samples)
        for before, after in zip(shown, shown[1:]):
            right = after - before == step or after - before <= begin - before + Fraction(3, 2) * step or after > end
            if not findings.expect(right, "frame times", rendition.name,
                                   f"the picture after {float(before):.6f} s comes {after - before} s later; {step} s is right"):
                break


def check_media(presentation: Presentation, facts: Facts, findings: Findings) -> None:
    check_decoding(presentation, findings)
    check_segments_alone(presentation, findings)
    check_key_frames(presentation, findings)
    check_timeline(presentation, findings)
    check_boundaries(presentation, findings)
    check_extent(presentation, facts, findings)
    check_frame_times(presentation, facts, findings)
