"""Judges the HLS playlists against the media that they describe (RFC 8216)."""

from __future__ import annotations

import math
from fractions import Fraction

from judging import hls
from judging.codec_strings import codec_string, config_agrees, same_codec
from judging.findings import Findings
from judging.presentation import Presentation, Rendition

MICROSECOND = Fraction(1, 1_000_000)


def peak_rate(segments: list[hls.Segment], target_duration: int) -> Fraction:
    """The peak segment bit rate by definition: every contiguous set between half and one and a half target durations."""
    best = Fraction(0)
    for first in range(len(segments)):
        bits, time = 0, Fraction(0)
        for segment in segments[first:]:
            bits, time = bits + 8 * segment.where.size, time + segment.duration
            if time > Fraction(3, 2) * target_duration:
                break
            if 2 * time >= target_duration:
                best = max(best, bits / time)
    if not best:
        best = max((8 * s.where.size / s.duration for s in segments if s.duration), default=Fraction(0))
    return max(best, average_rate(segments))


def average_rate(segments: list[hls.Segment]) -> Fraction:
    time = sum((s.duration for s in segments), Fraction(0))
    return 8 * sum(s.where.size for s in segments) / time if time else Fraction(0)


def check_media_playlist(rendition: Rendition, target: int, findings: Findings) -> None:
    playlist, where = rendition.playlist, rendition.name
    findings.expect(playlist.kind == "VOD", "playlist", where, f"EXT-X-PLAYLIST-TYPE is {playlist.kind!r}")
    findings.expect(playlist.ended, "playlist", where, "no EXT-X-ENDLIST")
    findings.expect(playlist.target_duration == target, "playlist", where, f"TARGETDURATION {playlist.target_duration}, others have {target}")
    longest = max(s.duration for s in playlist.segments)
    findings.expect(math.floor(longest + Fraction(1, 2)) <= playlist.target_duration, "playlist", where,
                    f"a segment of {float(longest)} s is longer than the target of {playlist.target_duration} s")
    findings.expect(all(s.duration > 0 for s in playlist.segments), "playlist", where, "an EXTINF is not positive")
    needed = 6 if playlist.init else 3
    findings.expect(playlist.version >= needed, "playlist", where, f"EXT-X-VERSION {playlist.version} is below {needed}")
    if rendition.kind != "text":
        findings.expect(playlist.init is not None, "playlist", where, "no EXT-X-MAP")


def check_durations(rendition: Rendition, findings: Findings) -> None:
    """No sum of EXTINF over the first n segments is off by more than a microsecond."""
    truth = [max(b, Fraction(0)) for b in rendition.boundaries]
    claimed = Fraction(0)
    for index, segment in enumerate(rendition.playlist.segments):
        claimed += segment.duration
        real = truth[index + 1] - truth[0]
        if not findings.expect(abs(claimed - real) <= MICROSECOND, "extinf", rendition.name,
                               f"after segment {index + 1} the playlist says {float(claimed):.6f} s, the media {float(real):.6f} s"):
            break


def _group(presentation: Presentation, kind: str, group: str | None) -> list[Rendition]:
    members = presentation.audio if kind == "AUDIO" else presentation.text
    wanted = {hls.resolve(presentation.master.path, m["URI"]) for m in presentation.master.media
              if m["TYPE"] == kind and m["GROUP-ID"] == group and "URI" in m}
    return [r for r in members if r.playlist.path in wanted]


def check_variant(presentation: Presentation, words: dict[str, str], main: Rendition, findings: Findings) -> None:
    where = f"variant {main.name}"
    groups = [g for g in (_group(presentation, kind, words.get(kind)) for kind in ("AUDIO", "SUBTITLES")) if g]
    if not any(main in g for g in groups):  # Sound alone: the variant is one of its own group.
        groups.insert(0, [main])
    for kind in ("AUDIO", "SUBTITLES"):
        if kind in words:
            findings.expect(bool(_group(presentation, kind, words[kind])), "groups", where, f"no {kind} rendition in group {words[kind]!r}")
    peak = sum(max(peak_rate(r.playlist.segments, r.playlist.target_duration) for r in group) for group in groups)
    average = sum(max(average_rate(r.playlist.segments) for r in group) for group in groups)
    for name, true in (("BANDWIDTH", peak), ("AVERAGE-BANDWIDTH", average)):
        claimed = int(words.get(name, 0))
        findings.expect(true <= claimed <= true + len(groups), "bandwidth", where,
                        f"{name} is {claimed}; by definition {float(true):.1f}")
    expected = {codec_string(r.stream) for group in groups for r in group if r.kind != "text"}
    claimed_codecs = [c for c in words.get("CODECS", "").split(",") if c.lower() not in ("wvtt", "")]
    findings.expect(all(any(same_codec(c, e) for c in claimed_codecs) for e in expected) and
                    all(any(same_codec(c, e) for e in expected) for c in claimed_codecs), "codecs", where,
                    f"CODECS is {words.get('CODECS')!r}; the media are {sorted(expected)}")
    for rendition in (r for group in groups for r in group if r.kind != "text"):
        findings.expect(config_agrees(rendition.stream), "codecs", rendition.name,
                        "the configuration record contradicts the parameter sets")
    if main.kind == "video":
        check_picture_words(words, main, findings)


def check_picture_words(words: dict[str, str], main: Rendition, findings: Findings) -> None:
    where, facts = f"variant {main.name}", main.stream.facts
    size = f"{facts['width']}x{facts['height']}"
    findings.expect(words.get("RESOLUTION") == size, "resolution", where, f"RESOLUTION is {words.get('RESOLUTION')}; the media {size}")
    findings.expect(facts["width"] % 2 == 0 and facts["height"] % 2 == 0, "resolution", where, f"{size} is not even")
    findings.expect(facts.get("sample_aspect_ratio", "1:1") in ("1:1", "0:1"), "resolution", where,
                    f"pixels are not square: {facts.get('sample_aspect_ratio')}")
    steps = main.frame_steps
    if "FRAME-RATE" in words:
        claimed = Fraction(words["FRAME-RATE"])
        highest = 1 / min(steps) if steps else claimed
        findings.expect(claimed <= highest + Fraction(1, 500), "frame rate", where,
                        f"FRAME-RATE is {float(claimed)}; no two pictures are closer than {float(1 / highest):.6f} s")
    if len(steps) == 1:
        rate = 1 / min(steps)
        findings.expect(abs(Fraction(words.get("FRAME-RATE", "0")) - rate) <= Fraction(1, 1000), "frame rate", where,
                        f"FRAME-RATE is {words.get('FRAME-RATE')}; the pictures come at {float(rate):.3f}")
    true_range = {"smpte2084": "PQ", "arib-std-b67": "HLG"}.get(facts.get("color_transfer"), "SDR")
    findings.expect(words.get("VIDEO-RANGE", "SDR") == true_range, "video range", where,
                    f"VIDEO-RANGE is {words.get('VIDEO-RANGE')}; the media {true_range}")


def check_names(presentation: Presentation, findings: Findings) -> None:
    """Menus need one name each, one default at most, and a language where it is known."""
    seen: set[tuple[str, str, str]] = set()
    defaults: dict[tuple[str, str], int] = {}
    for words in presentation.master.media:
        key = (words["TYPE"], words["GROUP-ID"], words.get("NAME", ""))
        findings.expect(bool(words.get("NAME")) and key not in seen, "names", str(key), "NAME is missing or not unique in its group")
        seen.add(key)
        if words.get("DEFAULT") == "YES":
            defaults[key[:2]] = defaults.get(key[:2], 0) + 1
            findings.expect(words.get("AUTOSELECT", "YES") == "YES", "names", str(key), "DEFAULT=YES needs AUTOSELECT=YES")
    for key, count in defaults.items():
        findings.expect(count == 1, "names", str(key), f"{count} renditions are the default")


def check_iframes(presentation: Presentation, findings: Findings) -> None:
    """Each I-frame range is a key frame of the media, from the start of its fragment to the end of the picture."""
    for words in presentation.master.iframe_variants:
        path = hls.resolve(presentation.master.path, words["URI"])
        playlist = hls.read_media(path)
        where = f"I-frames {path.relative_to(presentation.root)}"
        findings.expect(playlist.iframes_only and playlist.ended, "i-frames", where, "EXT-X-I-FRAMES-ONLY or ENDLIST is missing")
        main = next((r for r in presentation.video if r.playlist.path.parent == path.parent), None)
        if not findings.expect(main is not None, "i-frames", where, "belongs to no rendition"):
            continue
        keys = {}
        for index, segment in enumerate(main.playlist.segments):
            first = main.by_segment[index][0]
            inside = first.position - main.offsets[index] + first.size
            keys[(segment.where.path, segment.where.offset)] = inside
        for one in playlist.segments:
            needed = next((end - (one.where.offset - at) for (file, at), end in keys.items()
                          if file == one.where.path and 0 <= one.where.offset - at < end), None)
            findings.expect(needed == one.where.length, "i-frames", where,
                            f"range {one.where.length}@{one.where.offset} does not end with the key frame (that needs {needed} bytes)")
        peak, average = peak_rate(playlist.segments, playlist.target_duration), average_rate(playlist.segments)
        for name, true in (("BANDWIDTH", peak), ("AVERAGE-BANDWIDTH", average)):
            if name in words or name == "BANDWIDTH":
                findings.expect(true <= int(words.get(name, 0)) <= true + 1, "i-frames", where,
                                f"{name} is {words.get(name)}; by definition {float(true):.1f}")


def check_hls(presentation: Presentation, findings: Findings) -> None:
    target = max(r.playlist.target_duration for r in [*presentation.media, *presentation.text])
    for rendition in [*presentation.media, *presentation.text]:
        check_media_playlist(rendition, target, findings)
    for rendition in presentation.media:
        check_durations(rendition, findings)
    findings.expect(presentation.master.independent or all(r.playlist.independent for r in presentation.media), "playlist", "master.m3u8",
                    "EXT-X-INDEPENDENT-SEGMENTS is missing")
    by_path = {r.playlist.path: r for r in presentation.media}
    for words, path in presentation.master.variants:
        check_variant(presentation, words, by_path[path], findings)
    check_names(presentation, findings)
    check_iframes(presentation, findings)
