"""`sign`, `verify`, `grant`, `keys check` and `edge-snippet`: the words that scripts rely on."""

from __future__ import annotations

import base64
import json
import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from running import EXIT_CODES, Outcome, run

KEYS = Path(__file__).resolve().parents[1] / "vectors" / "keys"
URL = "https://cdn.example.com/vod/m1/master.m3u8"
DENIED = EXIT_CODES["denied"]

# What each provider's console would show.
KEY_TEXTS = {
    "akamai": "52a152a152a152a152a152a152a1", "google": "nZtRohdNF9m3cKM24IcK4w==",
    "google-media": "DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=", "google-media-token": "DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=",
    "cloudfront": (KEYS / "p256.pem").read_text(), "cloudflare-stream": (KEYS / "rsa2048.pem").read_text(),
    **{name: base64.b64encode(bytes(range(1, 33))).decode() for name in ("fastly", "fastly-path", "fastly-agent")},
    **{name: "0123456789abcdef0123456789abcdef" for name in
       ("bunny", "cat", "cdn77", "cloudflare", "cloudflare-images", "gcore", "jwt", "keycdn", "local", "nginx", "uri-signing")},
}
KEY_IDS = {"cloudfront": "K2JCJMDEHXQW5F", "cloudflare-stream": "k1", "google": "my-key", "google-media": "my-key", "local": "k1"}


@pytest.fixture()
def key(tmp_path: Path):
    """Writes a provider's key and gives the options that name it."""
    def options(provider: str, text: str | None = None) -> list[str]:
        path = tmp_path / f"{provider}.key"
        path.write_text((KEY_TEXTS[provider] if text is None else text) + "\n")
        return ["--key-file", str(path)] + (["--key-id", KEY_IDS[provider]] if provider in KEY_IDS else [])
    return options


def one_line(outcome: Outcome) -> str:
    assert outcome.code == 0 and outcome.err == "", str(outcome)
    assert outcome.out.endswith("\n") and outcome.out.count("\n") == 1, outcome.out
    return outcome.out[:-1]


def test_every_provider_has_a_key_here(program: Path) -> None:
    listed = run(program, "sign", "--help").out.split("Providers:")[1].split()
    assert set(listed) == set(KEY_TEXTS)


@pytest.mark.parametrize("provider", KEY_TEXTS)
def test_what_is_signed_verifies(provider: str, program: Path, key) -> None:
    more = ["--data", "Agent/1"] if provider == "fastly-agent" else []
    if provider == "cloudflare-stream":
        more = ["--resource", "https://cdn.example.com/vod/"]
    signed = one_line(run(program, "sign", provider, URL, *key(provider), "--expires-in", "300s", *more))
    assert signed != URL and "cdn.example.com" in signed
    agent = ["--user-agent", "Agent/1"] if provider == "fastly-agent" else []
    good = run(program, "verify", provider, signed, *key(provider), *agent)
    assert (good.code, good.out, good.err) == (0, "", ""), str(good)
    late = run(program, "verify", provider, signed, *key(provider), *agent, "--now", str(int(time.time()) + 90_000))
    assert (late.code, late.out) == (DENIED, "expired\n"), str(late)
    other = signed.replace("master", "mister")
    wrong = run(program, "verify", provider, other, *key(provider), *agent)
    if provider in ("cloudflare-stream", "cdn77"):  # their tokens are for folders
        assert wrong.code == 0
    else:
        assert wrong.code == DENIED and wrong.out in ("wrong_signature\n", "wrong_scope\n"), str(wrong)
    bare = run(program, "verify", provider, URL, *key(provider), *agent)
    assert bare.code == DENIED and bare.out in ("missing_token\n", "malformed_token\n")


@pytest.mark.parametrize("pem", ["rsa2048.pem", "rsa2048-pkcs1.pem", "rsa2048.jwk", "p256.pem", "p256-sec1.pem"])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_cloudfront_with_every_key_and_hash(pem: str, digest: str, program: Path) -> None:
    common = ("--key-file", KEYS / pem, "--key-id", "K2JCJMDEHXQW5F", "--hash", digest)
    signed = one_line(run(program, "sign", "cloudfront", URL + "?a=b", *common, "--expires-at", str(int(time.time()) + 300)))
    query = parse_qs(urlsplit(signed).query)
    assert query["Key-Pair-Id"] == ["K2JCJMDEHXQW5F"] and query["a"] == ["b"]
    assert query.get("Hash-Algorithm") == (["SHA256"] if digest == "sha256" else None)
    public = "rsa2048-public.pem" if pem.startswith("rsa") else "p256-public.pem"
    assert run(program, "verify", "cloudfront", signed, "--key-file", KEYS / public, "--key-id", "K2JCJMDEHXQW5F").code == 0


def test_cloudfront_custom_policy_with_all_conditions(program: Path, key) -> None:
    now = int(time.time())
    signed = one_line(run(program, "sign", "cloudfront", URL, *key("cloudfront"), "--expires-at", str(now + 300), "--starts-at", str(now + 60),
                          "--client-ip", "203.0.113.0/24", "--resource", "https://cdn.example.com/vod/*"))
    policy = parse_qs(urlsplit(signed).query)["Policy"][0].translate(str.maketrans("-_~", "+=/"))
    statement = json.loads(base64.b64decode(policy))["Statement"]
    assert statement == [{"Resource": "https://cdn.example.com/vod/*", "Condition": {
        "DateLessThan": {"AWS:EpochTime": now + 300}, "DateGreaterThan": {"AWS:EpochTime": now + 60},
        "IpAddress": {"AWS:SourceIp": "203.0.113.0/24"}}}]
    ask = ("verify", "cloudfront", signed, *key("cloudfront"))
    assert run(program, *ask, "--client-ip", "203.0.113.9", "--now", str(now + 61)).code == 0
    assert run(program, *ask, "--client-ip", "203.0.113.9", "--now", str(now)).out == "not_yet_valid\n"
    assert run(program, *ask, "--client-ip", "203.0.114.9", "--now", str(now + 61)).out == "wrong_client_ip\n"
    elsewhere = signed.replace("/vod/m1/", "/img/m1/")
    assert run(program, "verify", "cloudfront", elsewhere, *key("cloudfront"), "--client-ip", "203.0.113.9", "--now", str(now + 61)).out == "wrong_scope\n"


def test_cookies_are_lines_of_names_and_values(program: Path, key) -> None:
    outcome = run(program, "sign", "cloudfront", URL, *key("cloudfront"), "--expires-in", "1h", "--resource", "https://cdn.example.com/vod/*", "--cookies")
    assert outcome.code == 0 and outcome.err == ""
    cookies = dict(line.split("=", 1) for line in outcome.out.splitlines())
    assert set(cookies) == {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id", "CloudFront-Hash-Algorithm"}
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    assert run(program, "verify", "cloudfront", "https://cdn.example.com/vod/other.ts", *key("cloudfront"), "--cookies", header).code == 0
    told = run(program, "sign", "cloudfront", URL, *key("cloudfront"), "--expires-in", "1h", "--resource", "https://cdn.example.com/vod/*", "--cookies", "--json")
    (event,) = told.events
    assert set(event["cookies"]) == set(cookies) and all("; Path=/vod/; Secure; HttpOnly" in line for line in event["set_cookie"])


def test_json_is_one_object(program: Path, key) -> None:
    (signed,) = run(program, "sign", "local", URL, *key("local"), "--expires-in", "5m", "--json").events
    assert signed["event"] == "done" and signed["provider"] == "local" and signed["url"].startswith(URL + "?sf_token=")
    (good,) = run(program, "verify", "local", signed["url"], *key("local"), "--json").events
    assert good["valid"] is True and good["url"] == URL and good["scope"] == "exact" and good["key_id"] == "k1"
    bad = run(program, "verify", "local", signed["url"] + "x", *key("local"), "--json")
    assert bad.code == DENIED and bad.error["context"]["condition"] == "malformed_token"


def test_keys_come_from_a_file_the_environment_or_standard_input(program: Path, tmp_path: Path) -> None:
    secret = "a secret of more than 16 bytes"
    (tmp_path / "key").write_text(secret)
    ways = [run(program, "sign", "local", "/a", "--key-id", "k", "--expires-at", str(int(time.time()) + 300), "--key-file", tmp_path / "key"),
            run(program, "sign", "local", "/a", "--key-id", "k", "--expires-in", "300", "--key-env", "SIGNING_KEY", environment={"SIGNING_KEY": secret}),
            run(program, "sign", "local", "/a", "--key-id", "k", "--expires-in", "5m", "--key-file", "-", stdin=tmp_path / "key")]
    for outcome in ways:
        assert run(program, "verify", "local", one_line(outcome), "--key-id", "k", "--key-file", tmp_path / "key").code == 0


REFUSED = {
    "no key": (["--expires-in", "5m"], "invalid_argument"),
    "key as an argument": (["--key", "secret", "--expires-in", "5m"], "invalid_argument"),
    "two keys": (["KEY", "--key-env", "X", "--expires-in", "5m"], "invalid_argument"),
    "missing file": (["--key-file", "/nonexistent/key", "--expires-in", "5m"], "not_found"),
    "unset variable": (["--key-env", "NO_SUCH_VARIABLE", "--expires-in", "5m"], "not_found"),
    "no end": (["KEY"], "invalid_argument"),
    "two ends": (["KEY", "--expires-in", "5m", "--expires-at", "1798761600"], "invalid_argument"),
    "past": (["KEY", "--expires-at", "1500000000"], "invalid_argument"),
    "milliseconds": (["KEY", "--expires-at", "1798761600000"], "invalid_argument"),
    "no duration": (["KEY", "--expires-in", "soon"], "invalid_argument"),
    "bare IPv6": (["KEY", "--expires-in", "5m", "--client-ip", "2001:db8::1"], "invalid_argument"),
    "everything": (["KEY", "--expires-in", "5m", "--resource", "/"], "invalid_argument"),
    "other provider's setting": (["KEY", "--expires-in", "5m", "--hash", "sha1"], "invalid_argument"),
    "cannot": (["KEY", "--expires-in", "5m", "--resource", "/a*b"], "unsupported"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused(case: str, program: Path, key) -> None:
    arguments, code = REFUSED[case]
    arguments = [a for part in arguments for a in (key("local") if part == "KEY" else [part])]
    outcome = run(program, "sign", "local", URL, *arguments)
    assert outcome.code == EXIT_CODES[code] and outcome.out == "", str(outcome)
    assert "secret" not in outcome.err.replace("--key", "") or case == "key as an argument"


@pytest.mark.parametrize("url", ["https://cdn.example.com/a b", "https://cdn.example.com/a#f", "https://user@cdn.example.com/a", "https://cdn.example.com/é",
                                 "https://cdn.example.com/../a", "https://cdn.example.com/a\\b", "https://CDN.example.com/a", "https://cdn.example.com/a?sf_token=x"])
def test_urls_that_clients_would_change_are_refused(url: str, program: Path, key) -> None:
    outcome = run(program, "sign", "local", url, *key("local"), "--expires-in", "5m")
    assert outcome.code == EXIT_CODES["invalid_argument"] and outcome.out == "", str(outcome)


def test_no_output_shows_a_key(program: Path, key) -> None:
    for arguments in (["keys", "check", "local"], ["sign", "local", "/a", "--expires-in", "5m"], ["sign", "local", "bad url", "--expires-in", "5m"]):
        for more in ([], ["--json"]):
            outcome = run(program, *arguments, *key("local"), *more)
            assert KEY_TEXTS["local"] not in outcome.out + outcome.err


@pytest.mark.parametrize("provider", KEY_TEXTS)
def test_keys_check(provider: str, program: Path, key) -> None:
    line = one_line(run(program, "keys", "check", provider, *key(provider)))
    assert line.endswith(f"good for {provider}")
    (event,) = run(program, "keys", "check", provider, *key(provider), "--json").events
    assert event["can_sign"] is True and event["bits"] > 0


def test_keys_check_names_what_the_provider_would_refuse(program: Path) -> None:
    for pem in ("rsa1024.pem", "p384.pem", "ed25519.pem"):
        outcome = run(program, "keys", "check", "cloudfront", "--key-file", KEYS / pem, "--key-id", "K2JCJMDEHXQW5F")
        assert outcome.code in (2, 5) and outcome.out == "", f"{pem}: {outcome}"
    public = run(program, "keys", "check", "cloudfront", "--key-file", KEYS / "p256-public.pem", "--key-id", "K2JCJMDEHXQW5F", "--json")
    assert public.events[0]["kind"] == "public" and public.events[0]["can_sign"] is False


SNIPPETS = {"fastly": "sub streamforge_check_token", "nginx": "secure_link_md5", "cloudflare": "is_timed_hmac_valid_v0",
            "cloudflare-images": "export async function checkToken", "gcore": "secure_link $arg_md5", "cdn77": "crypto.subtle.digest"}


@pytest.mark.parametrize("provider", SNIPPETS)
def test_edge_snippet(provider: str, program: Path, key) -> None:
    outcome = run(program, "edge-snippet", provider)
    assert outcome.code == 0 and SNIPPETS[provider] in outcome.out, str(outcome)
    assert re.search("STREAMFORGE_TOKEN_KEY|streamforge_token_key", outcome.out)
    with_key = run(program, "edge-snippet", provider, *key(provider))
    assert KEY_TEXTS[provider] in with_key.out and with_key.code == 0


def test_edge_snippet_says_what_a_program_cannot(program: Path) -> None:
    assert run(program, "edge-snippet", "akamai").code == EXIT_CODES["unsupported"]
    assert run(program, "edge-snippet", "nginx", "--program", "varnish-vcl").code == EXIT_CODES["unsupported"]
    assert run(program, "edge-snippet", "fastly", "--program", "apache").code == EXIT_CODES["invalid_argument"]


MASTER = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f"\nv1/media.m3u8\n'
MEDIA = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\nseg_1.m4s\n#EXT-X-ENDLIST\n'


@pytest.fixture()
def stream(tmp_path: Path) -> Path:
    (tmp_path / "s" / "v1").mkdir(parents=True)
    (tmp_path / "s" / "master.m3u8").write_text(MASTER)
    (tmp_path / "s" / "v1" / "media.m3u8").write_text(MEDIA)
    return tmp_path / "s" / "master.m3u8"


def granted(program: Path, stream: Path, provider: str, key, *more: str) -> Outcome:
    return run(program, "grant", stream, "--url", URL, "--provider", provider, *key(provider), "--expires-in", "5m", *more)


def test_grant_prefers_what_leaves_manifests_alone(program: Path, stream: Path, key) -> None:
    (event,) = granted(program, stream, "local", key, "--json").events
    assert event["method"] == "path-token" and re.fullmatch(r"https://cdn.example.com/sf_token=[^/]+/vod/m1/master.m3u8", event["url"])
    segment = event["url"].replace("master.m3u8", "v1/seg_1.m4s")
    assert run(program, "verify", "local", segment, *key("local")).code == 0
    text = granted(program, stream, "local", key)
    assert text.code == 0 and text.out.count("\n") == 1 and text.out.startswith("https://cdn.example.com/sf_token=")


def test_grant_by_cookies(program: Path, stream: Path, key) -> None:
    outcome = granted(program, stream, "cloudfront", key, "--method", "cookies")
    url, *headers = outcome.out.splitlines()
    assert url == URL and len(headers) == 4 and all(line.startswith("Set-Cookie: CloudFront-") for line in headers)


def test_grant_edits_playlists_for_variables(program: Path, stream: Path, key, out: Path) -> None:
    (event,) = granted(program, stream, "cloudfront", key, "--players", "hls.js,safari", "--to", str(out / "edited"), "--json").events
    assert event["method"] == "define-query" and event["manifests_are_personal"] is False
    edited = (out / "edited" / "v1" / "media.m3u8").read_text()
    assert '#EXT-X-DEFINE:QUERYPARAM="Policy"' in edited and "seg_1.m4s?Policy={$Policy}&Signature={$Signature}" in edited
    assert "Signature=" not in re.sub(r"\{\$\w+\}", "", edited.replace("Signature={$Signature}", "")), "no viewer's token is in a shared file"


def test_grant_rewrites_for_players_that_know_nothing(program: Path, stream: Path, key, out: Path) -> None:
    (event,) = granted(program, stream, "cloudfront", key, "--players", "ffmpeg", "--to", str(out / "edited"), "--json").events
    assert event["method"] == "rewritten" and event["manifests_are_personal"] is True and "cookies" in event["rejected"]
    line = next(line for line in (out / "edited" / "v1" / "media.m3u8").read_text().splitlines() if line.startswith("seg_1"))
    assert run(program, "verify", "cloudfront", f"https://cdn.example.com/vod/m1/v1/{line}", *key("cloudfront")).code == 0


def test_grant_says_why_nothing_works(program: Path, stream: Path, key) -> None:
    outcome = granted(program, stream, "cloudfront", key, "--players", "cast", "--method", "cookies,player-query")
    assert outcome.code == EXIT_CODES["unsupported"] and outcome.out == ""
    assert "cookies: cast has no cookies" in outcome.err and "player-query: cast cannot be told" in outcome.err
    missing = granted(program, stream, "cloudfront", key, "--players", "ffmpeg")
    assert missing.code == EXIT_CODES["invalid_argument"] and "--to" in missing.err


@pytest.mark.parametrize("command", [("sign",), ("verify",), ("grant",), ("keys",), ("keys", "check"), ("edge-snippet",)], ids=" ".join)
def test_help_has_examples(command: tuple[str, ...], program: Path) -> None:
    outcome = run(program, *command, "--help")
    assert outcome.code == 0 and outcome.err == "" and "xample" in outcome.out and f"streamforge {' '.join(command)}" in outcome.out, outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 160
