"""The C++ conformance suites on providers that are written in Python. STREAMFORGE_CONFORMANCE names the folder of the extension."""

import os
import subprocess
import sys
import xml.etree.ElementTree

import pytest

from conftest import ROOT

FOLDER = os.environ.get("STREAMFORGE_CONFORMANCE", "")


def run(code, tmp_path):
    if not FOLDER:
        pytest.skip("the conformance extension was not built (STREAMFORGE_PYTHON_CONFORMANCE)")
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", code, str(tmp_path / "result.xml")], capture_output=True, text=True, timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([FOLDER, str(ROOT / "examples/python"), str(ROOT / "tests/python")])},
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return xml.etree.ElementTree.parse(tmp_path / "result.xml").getroot()


def test_a_python_store_passes_the_suite_of_every_store(tmp_path):
    suite = run("import sys, _conformance, dict_store; sys.exit(_conformance.run_stores(dict_store.DictStore, sys.argv[1]))", tmp_path)
    assert int(suite.get("tests")) >= 40 and int(suite.get("failures")) == 0


def test_a_python_signer_and_verifier_pass_the_suite_of_every_scheme(tmp_path):
    suite = run(
        "import sys, _conformance, streamforge as sf\n"
        "from conftest import NOW\n"
        "from hmac_signer import HmacSigner, HmacVerifier\n"
        "keys = sf.cdn.KeyRing.single('k1', sf.cdn.SymmetricKey.from_text('0123456789abcdef'))\n"
        "signer = HmacSigner(keys, sf.cdn.SignerOptions(clock=lambda: NOW))\n"
        "verifier = HmacVerifier(keys, sf.cdn.VerifierOptions(clock=lambda: NOW))\n"
        "sys.exit(_conformance.run_signers(signer, verifier, sys.argv[1]))",
        tmp_path,
    )
    assert int(suite.get("tests")) == 1 and int(suite.get("failures")) == 0
