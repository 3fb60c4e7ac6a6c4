"""One URL for every CDN. Usage: signing.py RSA_KEY_FILE"""

import sys

import streamforge as sf

pem = open(sys.argv[1]).read()
hexadecimal = "00112233445566778899aabbccddeeff"

# [signers]
signers = [
    sf.cdn.CloudFront("K2JCJMDEHXQW5F", pem),
    sf.cdn.CloudflareStream("stream-key-1", pem),
    sf.cdn.Cloudflare("the rule's secret"),
    sf.cdn.Akamai(hexadecimal),
    sf.cdn.Fastly("dGhlIGtleSBpbiBiYXNlNjQ="),
    sf.cdn.Bunny("the pull zone's key"),
    sf.cdn.GoogleCdn("key-name", "AAECAwQFBgcICQoLDA0ODw=="),
    sf.cdn.MediaCdn("keyset-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
    sf.cdn.Nginx("the location's secret"),
    sf.cdn.Local("at least sixteen bytes"),
]
# [signers]

# [sign]
for signer in signers:
    if signer.capabilities.exact:
        print(signer.sign("https://cdn.example.com/vod/m1/master.m3u8", expires_in=300))
# [sign]

# [prefix]
signer = sf.cdn.Local("at least sixteen bytes")
grant = signer.grant(scope="prefix", resource="https://cdn.example.com/vod/m1/", expires_in=3600)
segment = grant.url("https://cdn.example.com/vod/m1/video/1080p/seg_00001.m4s")
# [prefix]

# [verify]
verifier = sf.cdn.verifier("local", "at least sixteen bytes", key_id="k1")
allowed = verifier.verify(segment.reveal())
print(allowed.url, allowed.policy.expires_at)
# [verify]
