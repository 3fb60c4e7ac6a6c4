"""What every edge must let through, and what it must refuse."""

from __future__ import annotations

import re
import time
from typing import Callable

from conftest import Edge, Key, Signer

REFUSED = (403,)
GONE = (403, 410)  # an edge may tell expiry apart


def change(text: str, at: int) -> str:
    """One character of a token's alphabet in place of another."""
    return text[:at] + ("A" if text[at] not in "Aa" else "B" if text[at] != "a" else "b") + text[at + 1:]


def check_token(edge: Edge, signer: Signer, key: Key, other_key: Key, path: str, *, time_in_token: str = r"\d{10}",
                more: tuple[str, ...] = (), headers: dict[str, str] | None = None, seen: str | None = None,
                wrong_path: Callable[[str], str] | None = None, folder: bool = False) -> str:
    """Asks for `path` with good and bad tokens; gives the good URL. `seen` is what the origin must be asked for."""
    dress = headers or {}
    url = edge.base + path
    good = signer.sign(url, key, *more)
    reply = edge.ask(good, **dress)
    assert reply.status == 200, (good, reply)
    if seen is not None:
        assert reply.body == f"saw {seen}", "the token is taken off"

    assert edge.ask(url, **dress).status in REFUSED, "no token"
    elsewhere = (wrong_path or (lambda text: text.replace("film", "filn")))(good)
    assert elsewhere != good
    assert edge.ask(elsewhere, **dress).status in REFUSED, f"wrong path: {elsewhere}"
    assert edge.ask(signer.sign(url, other_key, *more), **dress).status in REFUSED, "wrong key"

    added = token_range(url, good)
    for at in range(*added):
        if good[at] in "=&?/_-,~.%" or good[at - 1] == "&":
            continue
        if at % 5 and at != added[1] - 1:
            continue  # every fifth character: each request costs a while
        changed = change(good, at)
        status = edge.ask(changed, **dress).status
        assert status in GONE, f"changed character {at}: {changed}: {status}"
    later = re.sub(time_in_token, lambda match: str(int(match.group()) + 1), good, count=1)
    assert later != good and edge.ask(later, **dress).status in REFUSED, "a longer life"
    return good


def token_range(url: str, good: str) -> tuple[int, int]:
    """Where the signed URL differs from the bare one."""
    begin = next((i for i, (a, b) in enumerate(zip(url, good)) if a != b), len(url))
    tail = 0
    while tail < len(url) - begin and url[-1 - tail] == good[-1 - tail]:
        tail += 1
    return begin, len(good) - tail


def check_expiry(edge: Edge, signer: Signer, key: Key, path: str, more: tuple[str, ...] = (), headers: dict[str, str] | None = None) -> None:
    """A token is good until its second, and refused from then on."""
    good = signer.sign(edge.base + path, key, *more, expires_in="2s")
    end = time.time() + 2
    assert edge.ask(good, **(headers or {})).status == 200
    while time.time() < end + 1:
        time.sleep(0.2)
    assert edge.ask(good, **(headers or {})).status in GONE


def check_lifetime(edge: Edge, signer: Signer, key: Key, path: str, more: tuple[str, ...] = (), headers: dict[str, str] | None = None) -> None:
    """A token that ends later than the edge allows is refused although it is rightly signed."""
    far = signer.sign(edge.base + path, key, *more, expires_in="8d")
    assert edge.ask(far, **(headers or {})).status in REFUSED
