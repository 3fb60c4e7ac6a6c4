"""A ladder of one's own. Usage: ladder.py INPUT FOLDER"""

import sys

import streamforge as sf

path, folder = sys.argv[1:]

# [ladder]
rungs = [
    sf.media.Rung(short_side_px=360, rate=sf.media.RateControl(crf=24, max_bps=800_000, buffer_bits=1_600_000), audio_bps=96_000),
    sf.media.Rung(short_side_px=180, rate=sf.media.RateControl(crf=26, max_bps=300_000, buffer_bits=600_000), audio_bps=64_000),
]
report = sf.process(path, folder, rungs=rungs, codecs=["h264"], segment=2, speed="ultrafast")
print([(rendition.id, rendition.peak_bps) for rendition in report.renditions])
# [ladder]
