"""The wire to an outside reader: any address that speaks chat completions in the manner of OpenAI.

Asking changes nothing there, so whatever goes wrong may be tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .client import BadAccount, Reply, Wire, by_status
from .protocol import Account, Refused

__all__ = ["BadAccount", "NotHeard", "address", "put_question"]

_PATH = "/chat/completions"


class NotHeard(Exception):
    """No answer that could be read. `again`: it may work later; otherwise somebody must mend something."""

    def __init__(self, says: str, *, again: bool) -> None:
        super().__init__(says)
        self.again = again


def put_question(
    base_url: str,
    body: Mapping[str, Any],
    *,
    key: str,
    allow_private: bool,
) -> Any:
    """The JSON that `base_url` (it ends before /chat/completions) answers to `body`. Raises NotHeard.

    `allow_private`: the address may lead to this machine or this network, and may begin with http://.
    """
    try:
        wire = _wire(base_url, key=key, allow_private=allow_private)
    except BadAccount as error:
        raise NotHeard(str(error), again=False) from None
    answer = wire.write("POST", _PATH, body=body)
    if isinstance(answer, Reply):
        if answer.fine:
            return answer.body
        answer = by_status(wire, answer, network="The outside reader")
    raise NotHeard(answer.reason, again=not isinstance(answer, Refused))


def address(base_url: str, *, key: str, allow_private: bool) -> None:
    """Raises BadAccount for an address or a key that cannot work; asks nothing."""
    _wire(base_url, key=key, allow_private=allow_private)


def _wire(base_url: str, *, key: str, allow_private: bool) -> Wire:
    account = Account(
        network="outside reader",
        base_url=base_url,
        external_id="",
        handle="",
        credentials={},
        allow_private=allow_private,
    )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Wire(account, base_url, headers=headers, secrets=(key,))
