"""A signing scheme of one's own, both sides: ?t=EXPIRES.MAC, an HMAC over path, query and expiry."""

import base64
import hashlib
import hmac

import streamforge as sf


# [signer]
def mac(key, text):
    return base64.urlsafe_b64encode(hmac.new(key.reveal(), text.encode(), hashlib.sha256).digest()).decode().rstrip("=")


class HmacSigner(sf.cdn.UrlSigner):
    def __init__(self, keys, options=sf.cdn.SignerOptions()):
        super().__init__(sf.cdn.Capabilities(provider="mine", reserved_parameters=["t"]), keys, options)

    def do_sign(self, request):
        expires = int(request.expires.timestamp())
        path = request.url[request.url.find("/", 8) :] if "://" in request.url else request.url
        token = f"{expires}.{mac(request.key.material, f'{path} {expires}')}"
        return f"{request.url}{'&' if '?' in request.url else '?'}t={token}", token


class HmacVerifier(sf.cdn.UrlVerifier):
    def __init__(self, keys, options=sf.cdn.VerifierOptions()):
        super().__init__(sf.cdn.Capabilities(provider="mine"), keys, options)

    def do_verify(self, request, keys):
        before, mark, token = request.url.rpartition("t=")
        if not mark or before[-1:] not in ("?", "&"):
            raise sf.cdn.make_denial("missing_token", "no token")
        url = before[:-1]
        expires, _, given = token.partition(".")
        if not (expires.isascii() and expires.isdecimal() and len(expires) == 10):
            raise sf.cdn.make_denial("malformed_token", "no time of ten digits")
        path = url[url.find("/", 8) :] if "://" in url else url
        if not hmac.compare_digest(given.encode(), mac(keys[0].material, f"{path} {expires}").encode()):
            raise sf.cdn.make_denial("wrong_signature", "the signature is another one")
        return sf.cdn.VerifiedGrant(policy=sf.cdn.SignPolicy(expires_at=int(expires)), key_id=keys[0].id, url=url)
# [signer]
