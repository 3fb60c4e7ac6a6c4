"""RFC 6381 codec strings, worked out from the decoder configuration that ffprobe found in the init segment."""

from __future__ import annotations

from judging.oracle import Stream


def _hevc(config: bytes) -> str:
    space, tier, profile = config[1] >> 6, (config[1] >> 5) & 1, config[1] & 31
    compatibility = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = config[6:12].rstrip(b"\0")
    parts = ["hvc1", ("", "A", "B", "C")[space] + str(profile), f"{compatibility:X}", ("L", "H")[tier] + str(config[12])]
    return ".".join(parts + [f"{b:X}" for b in constraints])


def _av1(config: bytes) -> str:
    profile, level = config[1] >> 5, config[1] & 31
    tier, high, twelve = config[2] >> 7, (config[2] >> 6) & 1, (config[2] >> 5) & 1
    depth = 12 if high and twelve else 10 if high else 8
    return f"av01.{profile}.{level:02d}{'MH'[tier]}.{depth:02d}"


def _aac(config: bytes) -> str:
    kind = config[0] >> 3
    if kind == 31:
        kind = 32 + ((config[0] & 7) << 3 | config[1] >> 5)
    return f"mp4a.40.{kind}"


def codec_string(stream: Stream) -> str:
    name, config = stream.facts["codec_name"], stream.extradata
    if name == "h264":
        return f"avc1.{config[1:4].hex()}"
    if name == "hevc":
        return _hevc(config)
    if name == "av1":
        return _av1(config)
    if name == "aac":
        return _aac(config)
    return {"ac3": "ac-3", "eac3": "ec-3", "opus": "Opus", "flac": "fLaC", "mp3": "mp4a.40.34"}[name]


def same_codec(claimed: str, true: str) -> bool:
    """Case matters for Opus and fLaC only; AV1 may add the optional colour fields."""
    if true in ("Opus", "fLaC"):
        return claimed == true
    claimed, true = claimed.lower(), true.lower()
    return claimed == true or (true.startswith("av01") and claimed.startswith(true + "."))


H264_PROFILES = {"Constrained Baseline": 66, "Baseline": 66, "Main": 77, "High": 100, "High 10": 110, "High 4:2:2": 122}


def config_agrees(stream: Stream) -> bool:
    """The configuration record says the same profile and level as the parameter sets that ffprobe parsed."""
    config = stream.extradata
    if stream.facts["codec_name"] != "h264":
        return True
    return config[1] == H264_PROFILES.get(stream.facts.get("profile")) and config[3] == stream.facts["level"]
