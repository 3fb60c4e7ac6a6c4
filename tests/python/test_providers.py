import gc
import sys
import threading
import weakref

import pytest

import streamforge as sf
from conftest import NOW, ROOT

sys.path.insert(0, str(ROOT / "examples/python"))
from dict_store import DictStore  # noqa: E402

URL = "https://cdn.example.com/a.mp4"


class QuerySigner(sf.cdn.UrlSigner):
    """?t=EXPIRES-LENGTH, which protects nothing and shows everything that a signer does."""

    def __init__(self, keys, options):
        super().__init__(sf.cdn.Capabilities(provider="query", prefix=True, reserved_parameters=["t"]), keys, options)

    def do_check(self, policy):
        if policy.data == "refuse":
            raise sf.UnsupportedError("no data here")

    def do_sign(self, request):
        token = f"{int(request.expires.timestamp())}-{len(request.url)}"
        return f"{request.url}{'&' if '?' in request.url else '?'}t={token}", token

    def do_grant(self, request, placement):
        return sf.cdn.GrantToken(parameters=[sf.cdn.TokenParameter(name="t", value=f"all-{len(request.prefix_path)}")])


class QueryVerifier(sf.cdn.UrlVerifier):
    def __init__(self, keys):
        super().__init__(sf.cdn.Capabilities(provider="query"), keys)

    def do_verify(self, request, keys):
        url, _, token = request.url.partition("?t=")
        if not token:
            raise sf.cdn.make_denial("missing_token", "no token")
        expires, _, length = token.partition("-")
        if int(length) != len(url):
            raise sf.cdn.make_denial("wrong_signature", "another length")
        return sf.cdn.VerifiedGrant(policy=sf.cdn.SignPolicy(expires_at=int(expires)), url=url, key_id=keys[0].id)


def test_a_store_of_ones_own_is_a_store():
    store = DictStore()
    store.put("a/b", b"hello")
    assert store.get_bytes("a/b", range=sf.ByteRange(offset=1, length=3)).bytes == b"ell"
    sf.storage.publish_tree(store, "a/", "published/")
    assert [item.key for item in store.list_all()] == ["published/b"]
    with pytest.raises(sf.UsageError):
        store.put("../x", b"")  # checked before Python is asked
    with pytest.raises(sf.UnsupportedError):
        store.presign("a")


def test_cpp_keeps_the_python_half_alive():
    store = DictStore()
    gone = weakref.ref(store)
    layered = sf.storage.make_retrying_store(sf.storage.make_observed_store(store, lambda call: None))
    del store
    gc.collect()
    layered.put("a", b"x")
    assert layered.get_bytes("a").bytes == b"x" and gone() is not None
    del layered
    gc.collect()
    assert gone() is None


def test_a_store_that_raises_is_told_with_its_cause():
    class Raising(DictStore):
        def do_put(self, key, body, options):
            raise RuntimeError("the cupboard is locked")

    with pytest.raises(sf.InternalError) as caught:
        Raising().put("a", b"x")
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_a_store_that_gives_nonsense_is_an_error_and_no_crash():
    class Nonsense(DictStore):
        def do_head(self, key):
            return 7

        def do_get(self, key, options):
            return "x"

        def do_list(self, options):
            return None

    store = Nonsense()
    for call in (lambda: store.head("a"), lambda: store.get("a"), lambda: store.list("")):
        with pytest.raises(sf.StreamForgeError):
            call()


def test_a_body_cannot_be_kept():
    kept = []

    class Keeping(DictStore):
        def do_put(self, key, body, options):
            kept.append(body)
            return super().do_put(key, body, options)

    Keeping().put("a", b"x")
    with pytest.raises(ValueError, match="during the call"):
        kept[0].read()


def test_a_method_that_is_missing_is_unsupported():
    bare = sf.storage.ObjectStore(sf.storage.Capabilities(backend="bare"))
    with pytest.raises(sf.UnsupportedError, match="do_head"):
        bare.head("a")


def test_cpp_threads_call_a_python_store(tmp_path):
    store = DictStore()
    files = []
    for i in range(20):
        path = tmp_path / f"{i}.bin"
        path.write_bytes(bytes([i]) * 1000)
        files.append(sf.storage.FileUploadItem(path=path, key=f"k/{i}"))
    report = sf.storage.upload_files(store, files, options=sf.storage.TransferOptions(parallel=8))
    assert report.files == 20 and len(store.list_all("k/")) == 20


def test_a_server_serves_a_python_store():
    import urllib.request

    store = DictStore()
    store.put("hello.txt", b"hello")
    with sf.server.HttpServer.start(sf.server.make_origin(store)) as server:
        assert urllib.request.urlopen(server.url + "/hello.txt").read() == b"hello"


def test_handlers_are_functions():
    import urllib.error
    import urllib.request

    def handler(request):
        if request.path == "/raise":
            raise RuntimeError("secret detail")
        return sf.server.Response(200, headers={"x-path": request.path}, body=f"{request.method} {request.query_parameter('q')}".encode())

    with sf.server.HttpServer.start(sf.server.with_cors(handler), port=0) as server:
        answer = urllib.request.urlopen(server.url + "/a?q=7")
        assert answer.read() == b"GET 7" and answer.headers["x-path"] == "/a" and answer.headers["access-control-allow-origin"] == "*"
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(server.url + "/raise")
        assert caught.value.code == 500 and b"secret" not in caught.value.read()


def test_a_signer_of_ones_own(local_keys):
    signer = QuerySigner(local_keys, sf.cdn.SignerOptions(clock=lambda: NOW))
    signed = signer.sign(URL, expires_in=300)
    assert signed.reveal() == f"{URL}?t={int(NOW.timestamp()) + 300}-{len(URL)}"
    assert signed.redacted() == f"{URL}?[token]" or "300" not in signed.redacted()
    with pytest.raises(sf.UnsupportedError, match="no data"):
        signer.sign(URL, expires_in=300, data="refuse")
    grant = signer.grant(scope="prefix", resource="https://cdn.example.com/v/", expires_in=60)
    assert grant.url("https://cdn.example.com/v/a.mp4").reveal().endswith("?t=all-3")
    with pytest.raises(sf.UnsupportedError):
        signer.sign_cookies(URL, expires_in=300)


def test_a_verifier_of_ones_own_guards_an_origin(local_keys, store):
    import urllib.error
    import urllib.request

    store.put("a.txt", b"open")
    gate = sf.server.with_token_gate(sf.server.make_origin(store), QueryVerifier(local_keys))
    with sf.server.HttpServer.start(gate) as server:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(server.url + "/a.txt")
        assert caught.value.code == 403 and b"missing_token" in caught.value.read()
        good = f"/a.txt?t=4000000000-{len('/a.txt')}"
        assert urllib.request.urlopen(server.url + good).read() == b"open"


def test_threads_share_a_python_signer(local_keys):
    signer = QuerySigner(local_keys, sf.cdn.SignerOptions())
    failures = []

    def work():
        try:
            for _ in range(200):
                signer.sign(URL, expires_in=300)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
