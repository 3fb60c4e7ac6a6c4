"""The parts of a job one by one. Usage: quick.py INPUT FOLDER"""

import sys

import streamforge

path, folder = sys.argv[1:]

# [process]
report = streamforge.process(path, folder, speed="veryfast")
for rendition in report.renditions:
    print(rendition.id, rendition.average_bps // 1000, "kb/s")
# [process]

# [plan]
plan = streamforge.plan(path, preset="classic", segment=4)
for video in plan.encode.video:
    print(video.id, f"{video.width_px}×{video.height_px}", video.rate.max_bps)
again = streamforge.pipeline.Plan.from_json(plan.to_json())
# [plan]
assert again.encode.video == plan.encode.video

# [job]
with streamforge.start(path, folder + "-2", speed="veryfast") as job:
    for event in job:
        print(f"{event.stage} {event.fraction:.0%}")
    report = job.result()
# [job]

# [errors]
try:
    streamforge.process(path, folder)
except streamforge.AlreadyExistsError as error:
    print(error.code, error.retryable, error.operation, error.context)
# [errors]
