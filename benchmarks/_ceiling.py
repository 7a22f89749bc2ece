"""What practice towns can take by themselves: bare HTTP posts with the same faults, no desk in between."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One account of a town, as a bare client needs it."""

    network: str
    port: int
    account: str
    token: str


def posts_a_second(places: Sequence[Place], *, posts: int, threads: int) -> float:
    """Posts `posts` texts over all places at once from `threads` threads; a cut line counts like an answer."""
    numbers = iter(range(posts))
    lock = threading.Lock()
    around = itertools.cycle(places)

    def work() -> None:
        while True:
            with lock:
                number, place = next(numbers, None), next(around)
            if number is None:
                return
            with contextlib.suppress(OSError, http.client.HTTPException):
                _post(place, f"Bare {number}: the estate office is open on Saturday morning.")

    began = time.monotonic()
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return posts / (time.monotonic() - began)


def _post(place: Place, words: str) -> None:
    facebook = place.network == "facebook"
    path = f"/facebook/v26.0/{place.account}/feed" if facebook else "/x/2/tweets"
    body = json.dumps({"message": words} if facebook else {"text": words})
    headers = {"Authorization": f"Bearer {place.token}", "Content-Type": "application/json"}
    line = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
    try:
        line.request("POST", path, body, headers)
        line.getresponse().read()
    finally:
        line.close()
