import pytest

import streamforge as sf
from conftest import KEYS, NOW

URL = "https://cdn.example.com/vod/m1/master.m3u8"


def test_cloudfront_in_one_line():
    signed = sf.cdn.CloudFront("K2JCJMDEHXQW5F", KEYS / "rsa2048.pem").sign(URL, expires_in=300)
    assert "Key-Pair-Id=K2JCJMDEHXQW5F" in signed.reveal()
    assert "Signature" not in repr(signed) + str(signed)
    assert str(signed).startswith(URL)


def test_what_is_signed_is_verified(local_keys, fixed):
    signer = sf.cdn.make_local_signer(local_keys, options=fixed)
    verifier = sf.cdn.make_local_verifier(local_keys, options=sf.cdn.VerifierOptions(clock=lambda: NOW))
    signed = signer.sign(URL, expires_in=300, session_id="s1")
    good = verifier.verify(signed.reveal())
    assert good.url == URL and good.policy.session_id == "s1"
    with pytest.raises(sf.DeniedError) as caught:
        verifier.verify(signed.reveal().replace("m1", "m2"))
    assert caught.value.context["condition"] == "wrong_signature"


@pytest.mark.parametrize("provider", ["local", "fastly", "nginx", "jwt", "akamai", "bunny", "cat", "uri-signing", "keycdn", "gcore", "cloudflare"])
def test_providers_by_name_sign_and_verify(provider):
    key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    signer = sf.cdn.signer(provider, key, key_id="k1" if provider == "local" else "")
    verifier = sf.cdn.verifier(provider, key, key_id="k1" if provider == "local" else "")
    assert verifier.verify(signer.sign(URL, expires_in=300).reveal()).url == URL


def test_policies_and_keywords_say_the_same(local_keys, fixed):
    signer = sf.cdn.make_local_signer(local_keys, options=fixed)
    policy = sf.cdn.SignPolicy(expires_in=300, data="x")
    assert signer.sign(URL, policy) == signer.sign(URL, expires_in=300, data="x")
    assert signer.sign(URL, policy, data="y") == signer.sign(URL, expires_in=300, data="y")
    with pytest.raises(TypeError, match="expires_on"):
        signer.sign(URL, expires_on=300)


def test_grants_batches_and_cookies(local_keys, fixed):
    signer = sf.cdn.make_local_signer(local_keys, options=fixed)
    whole = {"scope": "prefix", "resource": "https://cdn.example.com/vod/m1/", "expires_in": 300}
    grant = signer.grant(**whole)
    assert "sf_token" in grant.url(URL).reveal() and "sf_token" not in repr(grant)
    assert len(signer.sign_batch([URL, URL + "x"], expires_in=60)) == 2
    cookies = signer.sign_cookies(URL, **whole)
    assert "sf_token" in cookies.reveal() and cookies.reveal()["sf_token"] not in repr(cookies)
    cache = sf.cdn.GrantCache(signer)
    assert cache.sign(URL, **whole) == cache.sign(URL, **whole) and cache.hits >= 1


def test_a_key_held_elsewhere_signs():
    held = sf.crypto.PrivateKey.from_pem((KEYS / "ed25519.pem").read_text())
    asked = []

    def sign(algorithm, message):
        asked.append(bytes(message))
        return held.sign(algorithm, message)

    key = sf.crypto.PrivateKey.external(held.public_key(), sign)
    keys = sf.cdn.KeyRing.single("key1", key)
    signed = sf.cdn.make_media_cdn_signer(keys).sign(URL, expires_in=300)
    assert len(asked) == 1 and asked[0].startswith(URL.encode())
    assert sf.cdn.make_media_cdn_verifier(keys).verify(signed.reveal()).url == URL


def test_a_key_that_signs_wrongly_is_noticed():
    held = sf.crypto.PrivateKey.from_pem((KEYS / "rsa2048.pem").read_text())
    key = sf.crypto.PrivateKey.external(held.public_key(), lambda algorithm, digest: b"\x01" * 256)
    with pytest.raises(sf.IoError, match="does not fit"):
        sf.cdn.make_cloudfront_signer(sf.cdn.KeyRing.single("K1", key)).sign(URL, expires_in=300)


def test_a_key_that_raises_tells_why():
    held = sf.crypto.PrivateKey.from_pem((KEYS / "rsa2048.pem").read_text())

    def sign(algorithm, digest):
        raise PermissionError("no access to the HSM")

    key = sf.crypto.PrivateKey.external(held.public_key(), sign)
    with pytest.raises(PermissionError) as caught:
        sf.cdn.make_cloudfront_signer(sf.cdn.KeyRing.single("K1", key)).sign(URL, expires_in=300)
    assert "HSM" in str(caught.value.__cause__)


def test_keys_are_rotated_under_signers(fixed):
    old, new = (sf.cdn.SymmetricKey.from_text(text * 32) for text in "ab")
    ring = sf.cdn.KeyRing([sf.cdn.KeyEntry("old", old)])
    signer = sf.cdn.make_local_signer(ring, options=fixed)
    assert ".old." in "." + signer.sign(URL, expires_in=60).reveal().split("sf_token=1.")[1]
    ring.reload([sf.cdn.KeyEntry("new", new), sf.cdn.KeyEntry("old", old, sign_until=NOW)])
    assert signer.sign(URL, expires_in=60).reveal().split("sf_token=1.")[1].startswith("new.")


def test_whole_streams(local_keys, fixed):
    master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS=\"avc1.64001f\"\nv/p.m3u8\n"
    request = sf.cdn.StreamRequest(
        entry=sf.cdn.ManifestFile(url=URL, text=master),
        playlists=[sf.cdn.ManifestFile(url="https://cdn.example.com/vod/m1/v/p.m3u8", text="#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\ns.m4s\n#EXT-X-ENDLIST\n")],
        policy=sf.cdn.SignPolicy(expires_in=300),
        players=["hls_js" if "hls_js" in set(sf.cdn.Player) else sf.cdn.Player("hls.js")],
    )
    grant = sf.cdn.authorize_stream(sf.cdn.make_local_signer(local_keys, options=fixed), request)
    assert grant.method in set(sf.cdn.DeliveryMethod)
    assert "sf_token" in grant.entry_url.reveal() or grant.cookies is not None


def test_selectors_and_steering():
    members = [sf.cdn.CdnMember(id="a", host="a.example.com"), sf.cdn.CdnMember(id="b", host="b.example.com", weight=0)]
    selector = sf.cdn.CdnSelector(members)
    assert selector.rank("session-1")[0] == "a"
    document = sf.cdn.SteeringDocument(priority=["a", "b"])
    assert sf.cdn.parse_steering(sf.cdn.write_steering(document)) == document


def test_purges_are_planned_without_a_network():
    transport = sf.http.make_curl_transport()
    purger = sf.cdn.make_fastly_purger("service", api_token="secret-of-mine", transport=transport)
    calls = purger.plan(sf.cdn.PurgeRequest(tags=["m1"]))
    assert len(calls) == 1 and "secret-of-mine" not in repr(calls) + repr(purger)
