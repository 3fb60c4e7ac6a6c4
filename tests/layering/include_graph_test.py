#!/usr/bin/env python3
"""Proves that include_graph.py sees each kind of violation."""
import pathlib
import tempfile
import unittest

import include_graph


class IncludeGraph(unittest.TestCase):
    def violations(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            (root / "src").mkdir(exist_ok=True)
            return list(include_graph.check(root))

    def test_downward_include_is_allowed(self):
        self.assertEqual(self.violations({"src/media/a.cpp": "#include <streamforge/core/result.hpp>\n"}), [])

    def test_same_floor_include_is_refused(self):
        self.assertEqual(len(self.violations({"src/media/a.cpp": '#include "packaging/box.hpp"\n'})), 1)

    def test_upward_include_is_refused(self):
        self.assertEqual(len(self.violations({"include/streamforge/core/a.hpp": "#include <streamforge/media/probe.hpp>\n"})), 1)

    def test_third_party_outside_its_module_is_refused(self):
        self.assertEqual(len(self.violations({"src/media/ladder.cpp": "#include <libavcodec/avcodec.h>\n"})), 1)
        self.assertEqual(self.violations({"src/media/ffmpeg/a.cpp": "#include <libavcodec/avcodec.h>\n"}), [])

    def test_third_party_in_a_public_header_is_refused(self):
        self.assertEqual(len(self.violations({"include/streamforge/crypto/a.hpp": "#include <openssl/evp.h>\n"})), 1)

    def test_json_in_a_public_header_is_refused(self):
        self.assertEqual(len(self.violations({"include/streamforge/pipeline/a.hpp": "#include <nlohmann/json.hpp>\n"})), 1)


if __name__ == "__main__":
    unittest.main()
