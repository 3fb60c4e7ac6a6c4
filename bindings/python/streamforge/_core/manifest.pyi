# Made by bindings/python/generate_stubs.py; do not edit.
import builtins
import collections.abc
import datetime
import enum
import fractions
import os
import pathlib
import typing

import typing_extensions

import streamforge._core

class AudioPurpose(enum.StrEnum):
    """What an audio rendition is for."""
    programme = "programme"
    commentary = "commentary"
    described_video = "described_video"

class SegmentFacts:
    """One media segment as it lies in the store."""
    def __init__(self, *, start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., bytes: int = 0, range: streamforge._core.ByteRange | None = None, independent: bool = True, key_frame: streamforge._core.ByteRange | None = None) -> None: ...
    def replace(self, *, start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., bytes: int = ..., range: streamforge._core.ByteRange | None = ..., independent: bool = ..., key_frame: streamforge._core.ByteRange | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def start(self) -> fractions.Fraction: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def bytes(self) -> int: ...
    @property
    def range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def independent(self) -> bool: ...
    @property
    def key_frame(self) -> streamforge._core.ByteRange | None: ...

class TrackFiles:
    """Where the files of one rendition are."""
    def __init__(self, *, playlist: str = '', i_frame_playlist: str = '', init: str = '', init_range: streamforge._core.ByteRange | None = None, media: str = '', start_number: int = 1, segment_paths: collections.abc.Iterable[str] = (), index_range: streamforge._core.ByteRange | None = None) -> None: ...
    def replace(self, *, playlist: str = ..., i_frame_playlist: str = ..., init: str = ..., init_range: streamforge._core.ByteRange | None = ..., media: str = ..., start_number: int = ..., segment_paths: collections.abc.Iterable[str] = ..., index_range: streamforge._core.ByteRange | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def playlist(self) -> str: ...
    @property
    def i_frame_playlist(self) -> str: ...
    @property
    def init(self) -> str: ...
    @property
    def init_range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def media(self) -> str: ...
    @property
    def start_number(self) -> int: ...
    @property
    def segment_paths(self) -> tuple[str, ...]: ...
    @property
    def index_range(self) -> streamforge._core.ByteRange | None: ...

class TrackFacts:
    """What all kinds of rendition have in common."""
    def __init__(self, *, id: str = '', codecs: str = '', codec: streamforge._core.Codec | str = ..., timescale: int = 90000, language: str = 'und', files: TrackFiles = ..., init_bytes: int = 0, segments: collections.abc.Iterable[SegmentFacts] = ()) -> None: ...
    def replace(self, *, id: str = ..., codecs: str = ..., codec: streamforge._core.Codec | str = ..., timescale: int = ..., language: str = ..., files: TrackFiles = ..., init_bytes: int = ..., segments: collections.abc.Iterable[SegmentFacts] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def id(self) -> str: ...
    @property
    def codecs(self) -> str: ...
    @property
    def codec(self) -> streamforge._core.Codec: ...
    @property
    def timescale(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def files(self) -> TrackFiles: ...
    @property
    def init_bytes(self) -> int: ...
    @property
    def segments(self) -> tuple[SegmentFacts, ...]: ...
    def end(self) -> fractions.Fraction: ...
    def total_bytes(self) -> int: ...

class VideoRendition:
    """A picture of the presentation."""
    def __init__(self, *, track: TrackFacts = ..., width_px: int = 0, height_px: int = 0, sample_aspect: fractions.Fraction | float | datetime.timedelta = ..., frame_rate: fractions.Fraction | float | datetime.timedelta = ..., range: streamforge._core.VideoRange | str = ..., colour: streamforge._core.ColourInfo = ..., audio_groups: collections.abc.Iterable[str] = ()) -> None: ...
    def replace(self, *, track: TrackFacts = ..., width_px: int = ..., height_px: int = ..., sample_aspect: fractions.Fraction | float | datetime.timedelta = ..., frame_rate: fractions.Fraction | float | datetime.timedelta = ..., range: streamforge._core.VideoRange | str = ..., colour: streamforge._core.ColourInfo = ..., audio_groups: collections.abc.Iterable[str] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def track(self) -> TrackFacts: ...
    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def sample_aspect(self) -> fractions.Fraction: ...
    @property
    def frame_rate(self) -> fractions.Fraction: ...
    @property
    def range(self) -> streamforge._core.VideoRange: ...
    @property
    def colour(self) -> streamforge._core.ColourInfo: ...
    @property
    def audio_groups(self) -> tuple[str, ...]: ...

class AudioRendition:
    """A sound of the presentation."""
    def __init__(self, *, track: TrackFacts = ..., label: str = '', channels: int = 2, sample_rate_hz: int = 48000, purpose: AudioPurpose | str = ..., is_default: bool = False, autoselect: bool = True, group: str = 'audio') -> None: ...
    def replace(self, *, track: TrackFacts = ..., label: str = ..., channels: int = ..., sample_rate_hz: int = ..., purpose: AudioPurpose | str = ..., is_default: bool = ..., autoselect: bool = ..., group: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def track(self) -> TrackFacts: ...
    @property
    def label(self) -> str: ...
    @property
    def channels(self) -> int: ...
    @property
    def sample_rate_hz(self) -> int: ...
    @property
    def purpose(self) -> AudioPurpose: ...
    @property
    def is_default(self) -> bool: ...
    @property
    def autoselect(self) -> bool: ...
    @property
    def group(self) -> str: ...

class TextRendition:
    """WebVTT text of the presentation."""
    def __init__(self, *, track: TrackFacts = ..., label: str = '', is_default: bool = False, is_forced: bool = False, autoselect: bool = True, hearing_impaired: bool = False, whole_file: str = '', whole_file_bytes: int = 0) -> None: ...
    def replace(self, *, track: TrackFacts = ..., label: str = ..., is_default: bool = ..., is_forced: bool = ..., autoselect: bool = ..., hearing_impaired: bool = ..., whole_file: str = ..., whole_file_bytes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def track(self) -> TrackFacts: ...
    @property
    def label(self) -> str: ...
    @property
    def is_default(self) -> bool: ...
    @property
    def is_forced(self) -> bool: ...
    @property
    def autoselect(self) -> bool: ...
    @property
    def hearing_impaired(self) -> bool: ...
    @property
    def whole_file(self) -> str: ...
    @property
    def whole_file_bytes(self) -> int: ...

class ThumbnailSheet:
    """One picture file of thumbnails."""
    def __init__(self, *, bytes: int = 0, tiles: int = 0) -> None: ...
    def replace(self, *, bytes: int = ..., tiles: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def bytes(self) -> int: ...
    @property
    def tiles(self) -> int: ...

class Thumbnails:
    """Thumbnails for scrubbing, as sheets of tiles."""
    def __init__(self, *, id: str = 'thumbnails', media: str = '', start_number: int = 1, columns: int = 10, rows: int = 10, tile_width_px: int = 160, tile_height_px: int = 90, interval: fractions.Fraction | float | datetime.timedelta = ..., sheets: collections.abc.Iterable[ThumbnailSheet] = (), webvtt: str = '', mime_type: str = 'image/jpeg') -> None: ...
    def replace(self, *, id: str = ..., media: str = ..., start_number: int = ..., columns: int = ..., rows: int = ..., tile_width_px: int = ..., tile_height_px: int = ..., interval: fractions.Fraction | float | datetime.timedelta = ..., sheets: collections.abc.Iterable[ThumbnailSheet] = ..., webvtt: str = ..., mime_type: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def id(self) -> str: ...
    @property
    def media(self) -> str: ...
    @property
    def start_number(self) -> int: ...
    @property
    def columns(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def tile_width_px(self) -> int: ...
    @property
    def tile_height_px(self) -> int: ...
    @property
    def interval(self) -> fractions.Fraction: ...
    @property
    def sheets(self) -> tuple[ThumbnailSheet, ...]: ...
    @property
    def webvtt(self) -> str: ...
    @property
    def mime_type(self) -> str: ...

class Poster:
    """The poster picture."""
    def __init__(self, *, path: str = '', width_px: int = 0, height_px: int = 0, bytes: int = 0) -> None: ...
    def replace(self, *, path: str = ..., width_px: int = ..., height_px: int = ..., bytes: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def path(self) -> str: ...
    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def bytes(self) -> int: ...

class Presentation:
    """What was packaged, as facts: every manifest is a pure function of this."""
    def __init__(self, *, video: collections.abc.Iterable[VideoRendition] = (), audio: collections.abc.Iterable[AudioRendition] = (), text: collections.abc.Iterable[TextRendition] = (), thumbnails: Thumbnails | None = None, poster: Poster | None = None) -> None: ...
    def replace(self, *, video: collections.abc.Iterable[VideoRendition] = ..., audio: collections.abc.Iterable[AudioRendition] = ..., text: collections.abc.Iterable[TextRendition] = ..., thumbnails: Thumbnails | None = ..., poster: Poster | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def video(self) -> tuple[VideoRendition, ...]: ...
    @property
    def audio(self) -> tuple[AudioRendition, ...]: ...
    @property
    def text(self) -> tuple[TextRendition, ...]: ...
    @property
    def thumbnails(self) -> Thumbnails | None: ...
    @property
    def poster(self) -> Poster | None: ...
    def validate(self) -> None: ...
    def duration(self) -> fractions.Fraction: ...
    def target_duration_s(self) -> int: ...
    def audio_groups(self) -> list[str]: ...

class HlsOptions:
    """How playlists are written."""
    def __init__(self, *, master_path: str = 'master.m3u8', i_frame_playlists: bool = True, start_bandwidth_bps: int = 2000000, wvtt_in_codecs: bool = False) -> None: ...
    def replace(self, *, master_path: str = ..., i_frame_playlists: bool = ..., start_bandwidth_bps: int = ..., wvtt_in_codecs: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def master_path(self) -> str: ...
    @property
    def i_frame_playlists(self) -> bool: ...
    @property
    def start_bandwidth_bps(self) -> int: ...
    @property
    def wvtt_in_codecs(self) -> bool: ...

class TextFile:
    """A text file of the presentation."""
    def __init__(self, *, path: str = '', text: str = '') -> None: ...
    def replace(self, *, path: str = ..., text: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...

class HlsFiles:
    """Playlists; publish the master last."""
    def __init__(self, *, media: collections.abc.Iterable[TextFile] = (), master: TextFile = ...) -> None: ...
    def replace(self, *, media: collections.abc.Iterable[TextFile] = ..., master: TextFile = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def media(self) -> tuple[TextFile, ...]: ...
    @property
    def master(self) -> TextFile: ...

def write_hls(presentation: Presentation, options: HlsOptions = ...) -> HlsFiles:
    """The multivariant playlist and every media playlist."""

def write_mpd(presentation: Presentation, *, min_buffer_time: fractions.Fraction | float | datetime.timedelta | None = None) -> str:
    """A static MPD."""

def write_manifest_json(presentation: Presentation, *, segments: bool = False, indent: int = 2) -> str:
    """The documented JSON form."""

def segment_path(track: TrackFacts, index: int) -> str:
    """Path of a segment, template expanded."""

class HlsBandwidth:
    """HLS bandwidths of one playlist."""
    def __init__(self, *, peak_bps: int = 0, average_bps: int = 0) -> None: ...
    def replace(self, *, peak_bps: int = ..., average_bps: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def peak_bps(self) -> int: ...
    @property
    def average_bps(self) -> int: ...

def hls_bandwidth(segments: collections.abc.Sequence[SegmentFacts], target_duration_s: int) -> HlsBandwidth:
    """Bandwidths of a media playlist, measured."""

class WebVttCue:
    """A cue, shown during [start, end)."""
    def __init__(self, *, start: fractions.Fraction | float | datetime.timedelta = ..., end: fractions.Fraction | float | datetime.timedelta = ..., text: str = '', settings: str = '') -> None: ...
    def replace(self, *, start: fractions.Fraction | float | datetime.timedelta = ..., end: fractions.Fraction | float | datetime.timedelta = ..., text: str = ..., settings: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def start(self) -> fractions.Fraction: ...
    @property
    def end(self) -> fractions.Fraction: ...
    @property
    def text(self) -> str: ...
    @property
    def settings(self) -> str: ...

def write_webvtt(cues: collections.abc.Sequence[WebVttCue]) -> str:
    """One WebVTT file."""

def escape_cue_text(plain: str) -> str:
    """Plain text as cue text."""

def segment_webvtt(cues: collections.abc.Sequence[WebVttCue], boundaries: collections.abc.Sequence[fractions.Fraction | float | datetime.timedelta]) -> list[str]:
    """The cues as HLS segments."""

class HlsLineKind(enum.StrEnum):
    """A kind of line."""
    tag = "tag"
    uri = "uri"
    comment = "comment"
    blank = "blank"

class ParseLimits:
    """How much an untrusted manifest may ask for."""
    def __init__(self, *, max_bytes: int = 33554432, max_lines: int = 2000000, max_attributes: int = 128, max_elements: int = 1000000, max_depth: int = 64, max_segments: int = 1000000) -> None: ...
    def replace(self, *, max_bytes: int = ..., max_lines: int = ..., max_attributes: int = ..., max_elements: int = ..., max_depth: int = ..., max_segments: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def max_bytes(self) -> int: ...
    @property
    def max_lines(self) -> int: ...
    @property
    def max_attributes(self) -> int: ...
    @property
    def max_elements(self) -> int: ...
    @property
    def max_depth(self) -> int: ...
    @property
    def max_segments(self) -> int: ...

class HlsAttribute:
    """One attribute of a tag."""
    def __init__(self, *, name: str = '', value: str = '', quoted: bool = False) -> None: ...
    def replace(self, *, name: str = ..., value: str = ..., quoted: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def quoted(self) -> bool: ...

class HlsTag:
    """A line that begins with #EXT."""
    def __init__(self, *, name: str = '', value: str = '', attributes: collections.abc.Iterable[HlsAttribute] = (), line: int = 0) -> None: ...
    def replace(self, *, name: str = ..., value: str = ..., attributes: collections.abc.Iterable[HlsAttribute] = ..., line: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def attributes(self) -> tuple[HlsAttribute, ...]: ...
    @property
    def line(self) -> int: ...
    def attribute(self, name: str) -> str | None: ...

class HlsLine:
    """One line of a playlist."""
    def __init__(self, *, kind: HlsLineKind | str = ..., text: str = '', tag: HlsTag | None = None) -> None: ...
    def replace(self, *, kind: HlsLineKind | str = ..., text: str = ..., tag: HlsTag | None = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def kind(self) -> HlsLineKind: ...
    @property
    def text(self) -> str: ...
    @property
    def tag(self) -> HlsTag | None: ...

class HlsMap:
    """EXT-X-MAP."""
    def __init__(self, *, uri: str = '', range: streamforge._core.ByteRange | None = None, line: int = 0) -> None: ...
    def replace(self, *, uri: str = ..., range: streamforge._core.ByteRange | None = ..., line: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def uri(self) -> str: ...
    @property
    def range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def line(self) -> int: ...

class HlsSegment:
    """A segment of a media playlist."""
    def __init__(self, *, uri: str = '', duration: fractions.Fraction | float | datetime.timedelta = ..., title: str = '', range: streamforge._core.ByteRange | None = None, map: int | None = None, discontinuity: bool = False, gap: bool = False, tags: collections.abc.Iterable[HlsTag] = (), line: int = 0) -> None: ...
    def replace(self, *, uri: str = ..., duration: fractions.Fraction | float | datetime.timedelta = ..., title: str = ..., range: streamforge._core.ByteRange | None = ..., map: int | None = ..., discontinuity: bool = ..., gap: bool = ..., tags: collections.abc.Iterable[HlsTag] = ..., line: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def uri(self) -> str: ...
    @property
    def duration(self) -> fractions.Fraction: ...
    @property
    def title(self) -> str: ...
    @property
    def range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def map(self) -> int | None: ...
    @property
    def discontinuity(self) -> bool: ...
    @property
    def gap(self) -> bool: ...
    @property
    def tags(self) -> tuple[HlsTag, ...]: ...
    @property
    def line(self) -> int: ...

class HlsMedia:
    """A media playlist."""
    def __init__(self, *, target_duration_s: int = 0, media_sequence: int = 0, discontinuity_sequence: int = 0, playlist_type: str = '', end_list: bool = False, i_frames_only: bool = False, maps: collections.abc.Iterable[HlsMap] = (), segments: collections.abc.Iterable[HlsSegment] = ()) -> None: ...
    def replace(self, *, target_duration_s: int = ..., media_sequence: int = ..., discontinuity_sequence: int = ..., playlist_type: str = ..., end_list: bool = ..., i_frames_only: bool = ..., maps: collections.abc.Iterable[HlsMap] = ..., segments: collections.abc.Iterable[HlsSegment] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def target_duration_s(self) -> int: ...
    @property
    def media_sequence(self) -> int: ...
    @property
    def discontinuity_sequence(self) -> int: ...
    @property
    def playlist_type(self) -> str: ...
    @property
    def end_list(self) -> bool: ...
    @property
    def i_frames_only(self) -> bool: ...
    @property
    def maps(self) -> tuple[HlsMap, ...]: ...
    @property
    def segments(self) -> tuple[HlsSegment, ...]: ...

class HlsVariant:
    """A variant stream."""
    def __init__(self, *, uri: str = '', i_frames: bool = False, bandwidth_bps: int = 0, average_bandwidth_bps: int = 0, tag: HlsTag = ..., line: int = 0) -> None: ...
    def replace(self, *, uri: str = ..., i_frames: bool = ..., bandwidth_bps: int = ..., average_bandwidth_bps: int = ..., tag: HlsTag = ..., line: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def uri(self) -> str: ...
    @property
    def i_frames(self) -> bool: ...
    @property
    def bandwidth_bps(self) -> int: ...
    @property
    def average_bandwidth_bps(self) -> int: ...
    @property
    def tag(self) -> HlsTag: ...
    @property
    def line(self) -> int: ...

class HlsMaster:
    """A multivariant playlist."""
    def __init__(self, *, variants: collections.abc.Iterable[HlsVariant] = (), media: collections.abc.Iterable[HlsTag] = ()) -> None: ...
    def replace(self, *, variants: collections.abc.Iterable[HlsVariant] = ..., media: collections.abc.Iterable[HlsTag] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def variants(self) -> tuple[HlsVariant, ...]: ...
    @property
    def media(self) -> tuple[HlsTag, ...]: ...

class ParseProblem:
    """What breaks the syntax but did not stop the parser."""
    def __init__(self, *, line: int = 0, message: str = '') -> None: ...
    def replace(self, *, line: int = ..., message: str = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def line(self) -> int: ...
    @property
    def message(self) -> str: ...

class HlsPlaylist:
    """A playlist, complete."""
    def __init__(self, *, version: int = 1, has_version: bool = False, independent_segments: bool = False, lines: collections.abc.Iterable[HlsLine] = (), content: HlsMaster | HlsMedia = ..., problems: collections.abc.Iterable[ParseProblem] = ()) -> None: ...
    def replace(self, *, version: int = ..., has_version: bool = ..., independent_segments: bool = ..., lines: collections.abc.Iterable[HlsLine] = ..., content: HlsMaster | HlsMedia = ..., problems: collections.abc.Iterable[ParseProblem] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def version(self) -> int: ...
    @property
    def has_version(self) -> bool: ...
    @property
    def independent_segments(self) -> bool: ...
    @property
    def lines(self) -> tuple[HlsLine, ...]: ...
    @property
    def content(self) -> HlsMaster | HlsMedia: ...
    @property
    def problems(self) -> tuple[ParseProblem, ...]: ...

class HlsUriKind(enum.StrEnum):
    """What a URI of a playlist is for."""
    variant = "variant"
    i_frame_variant = "i_frame_variant"
    rendition = "rendition"
    segment = "segment"
    map = "map"
    key = "key"
    other = "other"

class MpdUriKind(enum.StrEnum):
    """What a URI of an MPD is for."""
    base_url = "base_url"
    media = "media"
    initialization = "initialization"
    index = "index"  # type: ignore[assignment]
    location = "location"

def parse_hls(text: str, limits: ParseLimits = ...) -> HlsPlaylist:
    """Reads a multivariant or media playlist."""

def rewrite_hls_uris(playlist: HlsPlaylist, rewrite: object) -> str:
    """The text with URIs replaced by `rewrite(kind, uri)`, which gives None to keep one."""

def rewrite_mpd_uris(text: str, rewrite: object, limits: ParseLimits = ...) -> str:
    """An MPD's text with URIs replaced by `rewrite(kind, uri)`."""

class XmlElement:
    """An element with everything in it."""
    @property
    def name(self) -> str: ...
    @property
    def attributes(self) -> dict[str, str]: ...
    @property
    def children(self) -> list[XmlElement]: ...
    @property
    def text(self) -> str: ...
    @property
    def line(self) -> int: ...

class MpdSegment:
    """A segment that an MPD names."""
    def __init__(self, *, uri: str = '', range: streamforge._core.ByteRange | None = None, start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ...) -> None: ...
    def replace(self, *, uri: str = ..., range: streamforge._core.ByteRange | None = ..., start: fractions.Fraction | float | datetime.timedelta = ..., duration: fractions.Fraction | float | datetime.timedelta = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def uri(self) -> str: ...
    @property
    def range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def start(self) -> fractions.Fraction: ...
    @property
    def duration(self) -> fractions.Fraction: ...

class MpdRepresentation:
    """A Representation with what it inherits."""
    def __init__(self, *, period: int = 0, id: str = '', mime_type: str = '', codecs: str = '', bandwidth_bps: int = 0, base_url: str = '', initialization: MpdSegment | None = None, index_range: streamforge._core.ByteRange | None = None, segments: collections.abc.Iterable[MpdSegment] = ()) -> None: ...
    def replace(self, *, period: int = ..., id: str = ..., mime_type: str = ..., codecs: str = ..., bandwidth_bps: int = ..., base_url: str = ..., initialization: MpdSegment | None = ..., index_range: streamforge._core.ByteRange | None = ..., segments: collections.abc.Iterable[MpdSegment] = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def period(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def mime_type(self) -> str: ...
    @property
    def codecs(self) -> str: ...
    @property
    def bandwidth_bps(self) -> int: ...
    @property
    def base_url(self) -> str: ...
    @property
    def initialization(self) -> MpdSegment | None: ...
    @property
    def index_range(self) -> streamforge._core.ByteRange | None: ...
    @property
    def segments(self) -> tuple[MpdSegment, ...]: ...

class Mpd:
    """A media presentation description, complete."""
    @property
    def root(self) -> XmlElement: ...
    def to_xml(self) -> str:
        """The document as XML text."""

def parse_mpd(text: str, limits: ParseLimits = ...) -> Mpd:
    """Reads an MPD."""

def mpd_representations(mpd: Mpd, limits: ParseLimits = ...) -> list[MpdRepresentation]:
    """All representations of a static MPD with their segments."""

class Severity(enum.StrEnum):
    """How bad a finding is."""
    error = "error"
    warning = "warning"
    info = "info"

class Finding:
    """One broken rule."""
    def __init__(self, *, rule: str = '', severity: Severity | str = ..., message: str = '', path: str = '', line: int = 0) -> None: ...
    def replace(self, *, rule: str = ..., severity: Severity | str = ..., message: str = ..., path: str = ..., line: int = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def message(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...

class LintOptions:
    """What is checked."""
    def __init__(self, *, limits: ParseLimits = ..., vod: bool = True, apple: bool = True) -> None: ...
    def replace(self, *, limits: ParseLimits = ..., vod: bool = ..., apple: bool = ...) -> typing_extensions.Self:
        """A copy with some fields changed."""
    def to_dict(self) -> dict[str, typing.Any]:
        """The record as JSON knows it."""
    @property
    def limits(self) -> ParseLimits: ...
    @property
    def vod(self) -> bool: ...
    @property
    def apple(self) -> bool: ...

def passes(findings: collections.abc.Sequence[Finding]) -> bool:
    """True when no finding is an error."""

def lint_hls_master(text: str, options: LintOptions = ...) -> list[Finding]:
    """Checks a multivariant playlist."""

def lint_hls_media(text: str, options: LintOptions = ...) -> list[Finding]:
    """Checks a media playlist."""

def lint_mpd(text: str, options: LintOptions = ...) -> list[Finding]:
    """Checks an MPD."""

def lint_presentation(entry_path: str, read: object, options: LintOptions = ...) -> list[Finding]:
    """Checks a whole presentation; `read(path) -> bytes` raises FileNotFoundError for what is absent."""
