"""What cannot be done is refused: the right code, the right exit status, a sentence to act on, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fixtures import all_fixtures, ffmpeg, lavfi
from running import EXIT_CODES, Outcome, files_below, run

FIXTURES = {f.name: f for f in all_fixtures()}
QUICK = ("--speed", "ultrafast")


@pytest.fixture(scope="session")
def clip() -> Path:
    return FIXTURES["name_without_suffix"].path()


@pytest.fixture(scope="session")
def long_clip() -> Path:
    return FIXTURES["fps_29_97_for_5_minutes"].path()


def refused(outcome: Outcome, *codes: str) -> dict:
    """The error of a `--json` run that must be refused with one of `codes`."""
    error = outcome.error
    assert error, f"no error was told: {outcome}"
    assert error["code"] in codes, f"told {error['code']!r}, expected {codes}: {outcome}"
    assert outcome.code == EXIT_CODES[error["code"]], str(outcome)
    assert outcome.err == "", f"standard error must stay empty with --json: {outcome.err}"
    message = error["message"]
    assert len(message) >= 12 and not message.lower().startswith("error"), f"nobody can act on {message!r}"
    return error


def process(program: Path, source: Path | str, target: Path | str, *more: str, **options) -> Outcome:
    return run(program, "process", str(source), "--to", target, *QUICK, "--json", *more, **options)


def nothing_left(folder: Path) -> None:
    assert not folder.exists() or files_below(folder) == {}, f"left behind: {sorted(files_below(folder))}"
    siblings = [p.name for p in folder.parent.iterdir() if p != folder and p.name.startswith((".", folder.name))]
    assert siblings == [], f"left beside it: {siblings}"


def unusable_inputs(folder: Path) -> dict[str, tuple[Path, tuple[str, ...]]]:
    """Inputs that no presentation can be made of, and what must be said of each."""
    made: dict[str, tuple[Path, tuple[str, ...]]] = {}

    def file(name: str, content: bytes, *codes: str) -> None:
        (folder / name).write_bytes(content)
        made[name] = (folder / name, codes)

    file("empty.mp4", b"", "malformed")
    file("text.mp4", b"This is not a film.\n" * 200, "malformed")
    file("noise.mp4", bytes((i * 7919 >> 3) & 255 for i in range(60_000)), "malformed")
    file("playlist.m3u8", b"#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "malformed", "unsupported_codec")
    file("concat.txt", b"ffconcat version 1.0\nfile /etc/passwd\n", "malformed", "unsupported_codec")
    file("page.mpd", b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period/></MPD>", "malformed", "unsupported_codec")
    file("picture.sdp", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n", "malformed", "unsupported_codec")
    whole = folder / "whole.mp4"
    ffmpeg(*lavfi("testsrc2=s=64x64:r=25:d=1"), "-c:v", "libx264", "-pix_fmt", "yuv420p", whole)
    data = whole.read_bytes()
    file("without_moov.mp4", data[: data.index(b"moov") - 4], "malformed")
    subtitles = folder / "only.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\nwords\n")
    only_text = folder / "only_text.mkv"
    ffmpeg("-i", subtitles, "-c:s", "srt", only_text)
    made["only_text.mkv"] = (only_text, ("no_streams",))
    encrypted = folder / "encrypted.mp4"
    ffmpeg("-i", whole, "-c", "copy", "-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "00112233445566778899aabbccddeeff",
           "-encryption_kid", "0123456789abcdef0123456789abcdef", encrypted)
    made["encrypted.mp4"] = (encrypted, ("encrypted",))
    return made


@pytest.fixture(scope="session")
def unusable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, tuple[str, ...]]]:
    return unusable_inputs(tmp_path_factory.mktemp("unusable"))


NAMES = ("empty.mp4", "text.mp4", "noise.mp4", "playlist.m3u8", "concat.txt", "page.mpd", "picture.sdp", "without_moov.mp4", "only_text.mkv",
         "encrypted.mp4")


@pytest.mark.parametrize("name", NAMES)
def test_unusable_media_is_refused(name: str, unusable: dict, program: Path, out: Path) -> None:
    path, codes = unusable[name]
    refused(process(program, path, out / "p"), *codes)
    nothing_left(out / "p")


@pytest.mark.parametrize("name", NAMES)
def test_unusable_media_is_refused_by_probe_or_described(name: str, unusable: dict, program: Path) -> None:
    path, codes = unusable[name]
    outcome = run(program, "probe", path, "--json")
    if outcome.code != 0:
        refused(outcome, *codes)
    else:
        assert codes[0] in ("no_streams", "encrypted"), f"probe took it for media: {outcome}"


def test_vvc_is_refused_by_name(program: Path, shared: Path, out: Path) -> None:
    source = shared / "media" / "hostile" / "androidx" / "mp4~sample_vvc.mp4"
    if not source.exists():
        pytest.skip(f"{source} is not there")
    error = refused(process(program, source, out / "p"), "unsupported_codec")
    assert "vvc" in str(error).lower() or "h.266" in str(error).lower(), f"the codec is not named: {error}"


def test_missing_file(program: Path, out: Path) -> None:
    error = refused(process(program, out / "nothing.mp4", out / "p"), "not_found")
    assert "nothing.mp4" in str(error), error
    nothing_left(out / "p")


def test_missing_folder_of_the_file(program: Path, out: Path) -> None:
    refused(process(program, out / "no" / "such" / "x.mp4", out / "p"), "not_found")


def test_a_file_in_the_place_of_a_folder(program: Path, clip: Path, out: Path) -> None:
    refused(process(program, clip / "x.mp4", out / "p"), "not_found", "not_a_file")


def test_a_directory_as_input(program: Path, out: Path) -> None:
    refused(process(program, out, out / "p"), "not_a_file")


def test_a_device_as_input(program: Path, out: Path) -> None:
    refused(process(program, "/dev/null", out / "p", timeout=20), "not_a_file", "malformed")
    refused(process(program, "/dev/zero", out / "p", timeout=20), "not_a_file", "malformed")


def test_a_url_as_input_is_not_fetched(program: Path, out: Path) -> None:
    for url in ("http://127.0.0.1:9/a.mp4", "file:///etc/passwd", "concat:/etc/passwd", "data:video/mp4;base64,AAAA"):
        refused(process(program, url, out / "p"), "not_found", "unsupported", "invalid_argument")


def test_an_empty_pipe(program: Path, out: Path) -> None:
    refused(process(program, "-", out / "p"), "malformed", "no_streams")


AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")


@pytest.fixture()
def nobody() -> tuple[str, ...]:
    """A prefix that drops root's rights, which no file mode can hold back."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root ignores file modes, and setpriv is not installed to drop them")
    return AS_NOBODY


@pytest.fixture()
def open_folder(tmp_path_factory: pytest.TempPathFactory):
    """A folder below /tmp that everybody may reach, whatever pytest's own permissions."""
    folder = Path("/tmp") / f"streamforge-rights-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture()
def public_program(program: Path, open_folder: Path, nobody: tuple[str, ...]) -> Path:
    """The program where the other user can run it."""
    if subprocess.run([*nobody, str(program), "--version"], capture_output=True, check=False).returncode == 0:
        return program
    pytest.skip(f"the user 'nobody' cannot run {program}")


def test_unreadable_file(public_program: Path, clip: Path, open_folder: Path, nobody: tuple[str, ...]) -> None:
    source = open_folder / "secret.mp4"
    shutil.copy(clip, source)
    source.chmod(0)
    refused(process(public_program, source, open_folder / "p", before=nobody), "permission_denied")
    nothing_left(open_folder / "p")


def test_target_folder_without_rights(public_program: Path, clip: Path, open_folder: Path, nobody: tuple[str, ...]) -> None:
    source, locked = open_folder / "a.mp4", open_folder / "locked"
    shutil.copy(clip, source)
    locked.mkdir(mode=0o555)
    refused(process(public_program, source, locked / "p", before=nobody), "permission_denied", "read_only")
    assert list(locked.iterdir()) == []


def mounted(folder: Path, options: str) -> bool:
    folder.mkdir(exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False).returncode == 0


@pytest.fixture()
def small_disk(out: Path):
    folder = out / "disk"
    if not mounted(folder, "size=200k"):
        pytest.skip("a small file system cannot be mounted here (needs root)")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def test_full_disk(program: Path, clip: Path, small_disk: Path) -> None:
    source = FIXTURES["ten_bit_422"].path()
    (small_disk / "kept.txt").write_text("mine")
    refused(process(program, source, small_disk / "p"), "no_space")
    assert files_below(small_disk) == {"kept.txt": b"mine"}


def test_full_disk_keeps_the_old_presentation(program: Path, clip: Path, out: Path) -> None:
    disk = out / "disk"
    assert process(program, clip, out / "first").code == 0
    size = sum(map(len, files_below(out / "first").values()))
    if not mounted(disk, f"size={size + 300_000}"):
        pytest.skip("a small file system cannot be mounted here (needs root)")
    try:
        shutil.copytree(out / "first", disk / "p")
        before = files_below(disk / "p")
        refused(process(program, FIXTURES["ten_bit_422"].path(), disk / "p", "--overwrite"), "no_space")
        assert files_below(disk / "p") == before
        assert [p.name for p in disk.iterdir()] == ["p"]
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_read_only_target(program: Path, clip: Path, out: Path) -> None:
    disk = out / "disk"
    if not mounted(disk, "size=1m,ro"):
        pytest.skip("a read-only file system cannot be mounted here (needs root)")
    try:
        refused(process(program, clip, disk / "p"), "read_only")
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_existing_presentation_is_not_replaced(program: Path, clip: Path, out: Path) -> None:
    assert process(program, clip, out / "p").code == 0
    before = files_below(out / "p")
    refused(process(program, clip, out / "p"), "already_exists")
    assert files_below(out / "p") == before


def test_foreign_files_are_not_replaced_even_with_overwrite(program: Path, clip: Path, out: Path) -> None:
    (out / "p").mkdir()
    (out / "p" / "thesis.tex").write_text("years of work")
    for more in ((), ("--overwrite",)):
        refused(process(program, clip, out / "p", *more), "already_exists")
        assert files_below(out / "p") == {"thesis.tex": b"years of work"}


def test_target_that_is_a_file(program: Path, clip: Path, out: Path) -> None:
    (out / "p").write_text("mine")
    refused(process(program, clip, out / "p"), "not_a_file", "already_exists")
    refused(process(program, clip, out / "p", "--overwrite"), "not_a_file", "already_exists")
    assert (out / "p").read_text() == "mine"


def test_overwrite_replaces_the_whole_presentation(program: Path, clip: Path, out: Path) -> None:
    assert process(program, FIXTURES["subtitles_mov_text"].path(), out / "p").code == 0
    assert process(program, clip, out / "p", "--overwrite").code == 0
    assert process(program, clip, out / "q").code == 0
    assert sorted(files_below(out / "p")) == sorted(files_below(out / "q")), "files of the old presentation remain"
    assert [p.name for p in out.iterdir() if p.name not in ("p", "q")] == []


def test_longer_than_allowed(program: Path, long_clip: Path, out: Path) -> None:
    outcome = process(program, long_clip, out / "p", "--max-duration", "10s")
    refused(outcome, "limit_exceeded")
    assert outcome.seconds < 10
    nothing_left(out / "p")


USAGE = {
    "no command": (),
    "unknown command": ("transmogrify",),
    "no input": ("process", "--to", "x"),
    "no target": ("process", "a.mp4"),
    "unknown option": ("process", "a.mp4", "--to", "x", "--faster"),
    "unknown codec": ("process", "a.mp4", "--to", "x", "--codec", "h264,vp6"),
    "unknown speed": ("process", "a.mp4", "--to", "x", "--speed", "warp"),
    "unknown preset": ("process", "a.mp4", "--to", "x", "--preset", "huge"),
    "segment of no length": ("process", "a.mp4", "--to", "x", "--segment", "0s"),
    "segment of nonsense": ("process", "a.mp4", "--to", "x", "--segment", "soon"),
    "segment too long": ("process", "a.mp4", "--to", "x", "--segment", "2h"),
    "negative segment": ("process", "a.mp4", "--to", "x", "--segment=-4s"),
    "empty target": ("process", "a.mp4", "--to", ""),
    "unknown store": ("process", "a.mp4", "--to", "gopher://x/y"),
    "port out of range": ("serve", ".", "--port", "99999"),
    "two inputs": ("process", "a.mp4", "b.mp4", "--to", "x"),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_is_told_as_usage(case: str, program: Path, clip: Path, out: Path) -> None:
    shutil.copy(clip, out / "a.mp4")
    outcome = run(program, *USAGE[case], timeout=20, cwd=out)
    assert outcome.code == 2, str(outcome)
    assert outcome.out == "" and outcome.err.strip(), f"usage errors belong on standard error: {outcome}"
    as_json = run(program, *USAGE[case], "--json", timeout=20, cwd=out)
    refused(as_json, "invalid_argument", "unsupported")
    assert sorted(p.name for p in out.iterdir()) == ["a.mp4"]
