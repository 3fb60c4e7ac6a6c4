"""A video file becomes a signed stream: the whole task. Usage: publish.py INPUT TO KEY_ID KEY_FILE BASE_URL"""

import sys

path, to, key_id, pem, base = sys.argv[1:]

# [publish]
import streamforge as sf

report = sf.process(path, to, speed="veryfast")
signer = sf.cdn.CloudFront(key_id, open(pem).read())
url = f"{base}/{report.hls_key}"
print(signer.sign(url, scope="prefix", resource=url.rpartition("/")[0] + "/", expires_in=300).reveal())
# [publish]
