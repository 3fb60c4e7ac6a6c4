import pathlib
import re
import subprocess
import sys

import pytest

import streamforge as sf
from conftest import ROOT

PACKAGE = pathlib.Path(sf.__file__).parent
SOURCES = ROOT / "bindings/python/streamforge"


def test_the_committed_stubs_are_those_of_the_extension(has_media):
    if not has_media:
        pytest.skip("the stubs are made with both extensions")
    if "3." not in __import__("pybind11").__version__[:2]:
        pytest.skip("the stubs are made with pybind11 3")
    ran = subprocess.run([sys.executable, ROOT / "bindings/python/generate_stubs.py", "--check", SOURCES], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_wheel_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "_core/cdn.pyi").exists()


@pytest.mark.parametrize("target", [["-p", "streamforge"], [str(ROOT / "tests/python/typed_use.py")]], ids=["package", "user"])
def test_mypy_strict_is_content(target, tmp_path):
    pytest.importorskip("mypy")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "--config-file", "", *target], capture_output=True, text=True, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


# Names of public headers that Python has in another form, with the form.
ELSEWHERE = {
    "ByteBudget": "stays inside of calls", "ByteTicket": "stays inside of calls", "Error": "StreamForgeError", "Exception": "StreamForgeError",
    "Result": "a value or an exception", "MediaTime": "fractions.Fraction", "Rational": "fractions.Fraction", "EncodedSample": "low level, C++ only",
    "Digest": "bytes", "Hasher": "hashlib", "HmacKey": "hmac", "AesCtr": "C++ only", "Body": "storage.Body", "CredentialsOptions": "keywords",
    "LocalOptions": "keywords in storage", "OpenOptions": "keywords", "MirrorOptions": "keywords", "TreePublisher": "C++ only", "ObjectReader": "storage.ObjectReader",
    "IpNetwork": "text", "UrlParts": "urllib.parse", "KeySet": "KeyRing.entries", "TokenLayout": "C++ only", "LayoutPart": "C++ only",
    "LayoutParameter": "C++ only", "CloudflareWafOptions": "ProviderSettings", "EdgeSnippetOptions": "keywords", "ProviderInfo": "providers()",
    "PurgerOptions": "defaults", "AwsIdentity": "keywords", "CloudFrontPurgeOptions": "keywords", "CloudflarePurgeOptions": "keywords",
    "FastlyPurgeOptions": "keywords", "TokenSpan": "do_sign's pair", "MpdOptions": "keywords", "ManifestJsonExtra": "keywords", "LintReader": "a function",
    "SizedSegment": "C++ only", "HlsByteRange": "ByteRange", "TextCue": "C++ only", "Picture": "C++ only", "TrackRef": "C++ only", "TranscodeSink": "C++ only",
    "TranscodeOptions": "C++ only", "TranscodeSummary": "Report", "Job": "keywords of run", "PackageJob": "keywords of package", "RemuxOutput": "a folder",
    "RemuxSink": "a folder", "SingleFileLayout": "C++ only", "MediaSegment": "C++ only", "CmafTrackWriter": "C++ only", "Headers": "dict", "Target": "C++ only",
    "Router": "a function", "RangeOutcome": "C++ only", "PlayerAsset": "with_player", "Url": "str", "RequestBody": "C++ only", "ResponseStream": "C++ only",
    "Errc": "StreamForgeError.code", "Retry": "StreamForgeError.retryable", "NativeDomain": "StreamForgeError.native_domain", "LogLevel": "logging",
    "Rounding": "C++ only", "CutList": "C++ only", "AesCbc": "C++ only", "CipherDirection": "C++ only", "Base64Variant": "base64", "HexCase": "bytes.hex",
    "LayoutField": "C++ only", "MacText": "C++ only", "KeyText": "C++ only", "FastlyLayout": "ProviderSettings", "Fault": "C++ only", "Request": "C++ only",
    "Response": "C++ only", "RetryKind": "C++ only", "RetryBudget": "C++ only", "Retrier": "C++ only", "FaultTransport": "C++ only", "FaultRule": "C++ only",
}


def test_every_public_class_is_there_or_accounted_for(has_media):
    if not has_media:
        pytest.skip("this wheel was built without FFmpeg")
    missing = []
    for header in sorted((ROOT / "include/streamforge").glob("*/*.hpp")):
        module = getattr(sf, header.parent.name, sf) if header.parent.name != "core" else sf
        for name in re.findall(r"^(?:struct|class|enum class) (?:STREAMFORGE_\w+ )?(\w+)(?: final)?(?: :[^;{]*)? \{", header.read_text(encoding="utf-8"), re.M):
            if name not in ELSEWHERE and not hasattr(module, name):
                missing.append(f"{header.parent.name}.{name}")
    assert not missing
