import io
import json
import signal
import subprocess
import sys
import textwrap
import threading
import time
from fractions import Fraction

import pytest

import streamforge as sf

FAST = {"speed": "ultrafast", "max_short_side_px": 180, "measure_quality": False}


@pytest.fixture(autouse=True)
def _media(has_media):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")


def test_probe_reads_paths_bytes_files_and_objects(clip, store):
    store.put("clip.mp4", clip.read_bytes())
    for source in (clip, str(clip), clip.read_bytes(), io.BytesIO(clip.read_bytes()), sf.storage.open_object(store, "clip.mp4")):
        info = sf.probe(source)
        assert info.main_video().video.frame_rate == Fraction(25) and float(info.duration) == pytest.approx(6, abs=0.1)
    with clip.open("rb") as file:
        assert sf.probe(file).to_dict()["streams"][0]["codec"] == "h264"


def test_plans_are_data(clip):
    plan = sf.plan(clip, **FAST)
    assert sf.pipeline.Plan.from_json(plan.to_json()).encode.video == plan.encode.video
    assert json.loads(plan.to_json())


def test_process_makes_a_presentation_with_progress(clip, tmp_path):
    events = []
    report = sf.process(clip, tmp_path / "out", progress=events.append, **FAST)
    assert (tmp_path / "out/master.m3u8").exists() and report.hls_key.endswith("master.m3u8")
    assert [event.fraction for event in events] == sorted(event.fraction for event in events) and events
    assert report.renditions[0].duration == Fraction(6)
    assert json.loads(report.to_json()) and report.to_dict()["renditions"]
    findings = sf.manifest.lint_presentation("master.m3u8", lambda path: (tmp_path / "out" / path).read_bytes())
    assert sf.manifest.passes(findings)
    with pytest.raises(sf.AlreadyExistsError):
        sf.process(clip, tmp_path / "out", **FAST)


def test_process_into_memory_from_bytes_and_package_again(clip, store, tmp_path):
    report = sf.process(clip.read_bytes(), sf.storage.Location(store, "m1/"), single_file=True, **FAST)
    assert store.head(report.hls_key).size_bytes > 0
    packaged = sf.package(clip, tmp_path / "packaged")
    assert (tmp_path / "packaged" / "manifest.mpd").exists() and packaged.files_written > 3


def test_a_progress_observer_that_raises_ends_the_job(clip, tmp_path):
    class Enough(Exception):
        pass

    def observe(event):
        raise Enough

    with pytest.raises(Enough):
        sf.process(clip, tmp_path / "out", progress=observe, **FAST)
    assert not (tmp_path / "out/master.m3u8").exists()


def test_a_job_gives_its_progress_and_its_result(clip, tmp_path):
    with sf.start(clip, tmp_path / "out", **FAST) as job:
        fractions = [event.fraction for event in job]
        assert job.result().files_written > 3 and job.done()
    assert fractions == sorted(fractions)


def test_a_cancelled_job_stops_and_cleans_up(long_clip, tmp_path):
    with sf.start(long_clip, tmp_path / "out", speed="veryslow") as job:
        next(iter(job))
        began = time.monotonic()
        job.cancel()
        with pytest.raises(sf.CancelledError):
            job.result(timeout=20)
    assert not list((tmp_path).glob("**/*.m4s"))
    assert time.monotonic() - began < 20


def test_other_threads_run_meanwhile(clip, tmp_path):
    counted, done = [0], threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    sf.process(clip, tmp_path / "out", **FAST)
    done.set()
    thread.join()
    assert counted[0] > 1000


def test_several_jobs_from_several_threads(clip, tmp_path):
    reports, threads = [], []
    for i in range(3):
        threads.append(threading.Thread(target=lambda i=i: reports.append(sf.process(clip, tmp_path / str(i), **FAST))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    # Not the same bytes: x264's threads share the work anew each time.
    assert len(reports) == 3 and len({(report.files_written, report.duration) for report in reports}) == 1


def run_script(text, *arguments, interrupt_at=None, timeout=60):
    """Runs a script; when it prints `interrupt_at` it gets a SIGINT. Output, exit status, seconds from the signal to the end."""
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(text), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it, and so would theirs
    )
    lines, began = [], None
    watchdog = threading.Timer(timeout, process.kill)
    watchdog.start()
    for line in process.stdout:
        lines.append(line.rstrip())
        if interrupt_at and line.startswith(interrupt_at) and began is None:
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
    status = process.wait()
    watchdog.cancel()
    return "\n".join(lines), status, time.monotonic() - began if began else None


def test_ctrl_c_cancels_a_running_job(long_clip, tmp_path):
    output, status, seconds = run_script(
        """
        import sys, time, streamforge as sf
        told = []
        def observe(event):
            if event.fraction > 0.01 and not told:
                told.append(1)
                print("running", flush=True)
        try:
            sf.process(sys.argv[1], sys.argv[2], speed="veryslow", progress=observe)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """,
        long_clip, tmp_path / "out", interrupt_at="running",
    )
    assert output.splitlines() == ["running", "interrupted"] and status == 0
    assert not list(tmp_path.glob("**/*.m4s"))
    print(f"Ctrl-C to the end: {seconds * 1000:.0f} ms")


@pytest.mark.parametrize("ending", ["pass", "raise SystemExit(3)", "sys.exit(0)"])
def test_the_interpreter_ends_under_a_running_job(long_clip, tmp_path, ending):
    output, status, _ = run_script(
        f"""
        import sys, threading, streamforge as sf
        began = threading.Event()
        job = sf.start(sys.argv[1], sys.argv[2], speed="veryslow")
        threading.Thread(target=lambda: sf.process(sys.argv[1], sys.argv[2] + "2", speed="veryslow"), daemon=True).start()
        next(iter(job))
        {ending}
        """,
        long_clip, tmp_path / "out",
    )
    assert status == (3 if "3" in ending else 0), output
    assert "Fatal" not in output and "terminate" not in output
