"""The one HTTP client of all connectors: time limits, size limit, address guard, and what each event on the
wire means.

On a write the question is always "may the network have taken it?". Refused connections and unresolved names:
no, so TryLater. Anything after the request went out: perhaps, so Unknown. On a read everything that fails is
ReadFailed.
"""

from __future__ import annotations

import email.utils
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import IO, Any

import httpx

from .deadline import Deadline
from .fields import clean, text
from .guard import AddressRefused, GuardedTransport
from .protocol import Account, Left, ReadFailed, Refused, TryLater, Unknown

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 60.0
ANSWER_LIMIT = 8 * 1024 * 1024
REDIRECTS = 3
LATER_SECONDS = 60.0
LONGEST_WAIT = 24 * 3600.0

log = logging.getLogger(__name__)
# httpx logs every address with its query at INFO, and Facebook's appsecret_proof travels in the query.
logging.getLogger("httpx").setLevel(logging.WARNING)

try:
    USER_AGENT = f"Gatepost/{metadata.version('gatepost')}"
except metadata.PackageNotFoundError:  # run from a source tree that was never installed
    USER_AGENT = "Gatepost/0"


class BadAccount(ValueError):
    """An account's settings cannot work; the message names the field and the mend. `field`: its key in the credentials,
    where it is one of them."""

    def __init__(self, says: str, field: str = "") -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the network: its status and its JSON. `body` is None when `is_json` is false."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)
    is_json: bool

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


class _NotSent(Exception):
    """Failed before a byte of the request was out."""


class _Lost(Exception):
    """Failed when the request, or some of it, was out."""


class Wire:
    """Talks to one account's server. Holds no state but the settings; may be used from several threads.

    `headers` carry the credentials and go to the account's own host alone. `secrets` are taken out of every
    message. `transport` replaces the guarded one in tests. Raises BadAccount for an address or header that
    cannot be sent.
    """

    def __init__(
        self,
        account: Account,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base = _base(base_url)
        if self.base.startswith("http:") and not account.allow_private:
            raise BadAccount("The address begins with http:// and would show the password to others. Use https://")
        self.secrets = tuple(secret for secret in secrets if secret)
        self._begin_by = account.begin_by
        if any(not value.isascii() or not value.isprintable() for value in (headers or {}).values()):
            raise BadAccount(
                "The credentials contain a line break or a letter that no network uses. "
                "Copy them again, without spaces around them."
            )
        self._client = httpx.Client(
            transport=transport or GuardedTransport(allow_private=account.allow_private),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )
        # A compressed answer could unfold to any size: the limit below counts what comes over the wire.
        self._client.headers["Accept-Encoding"] = "identity"

    def write(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes | IO[bytes], str]] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Reply | Refused | TryLater | Unknown:
        """Sends a change. A Reply carries the network's JSON whatever its status: the connector's table reads
        it."""
        if self._begin_by is not None and time.monotonic() > self._begin_by:
            # A post of several requests may have used up its time: begun now, the last could arrive after somebody
            # has looked, found nothing and sent it anew.
            return TryLater(5.0, "There was not enough time left to send it. Nothing was sent.")
        extra: dict[str, Any] = {"params": dict(params or {})}
        if files is not None:
            extra |= {"data": dict(form or {}), "files": dict(files)}
        elif form is not None:
            extra["data"] = dict(form)  # application/x-www-form-urlencoded
        elif body is not None:
            try:
                extra["content"] = json.dumps(dict(body), ensure_ascii=False).encode()
            except UnicodeEncodeError:
                return Refused("The text contains half a character that cannot be sent. Type that place again.")
            extra["headers"] = {"Content-Type": "application/json"}
        try:
            reply = self._exchange(method, path, extra, reading=False)
        except AddressRefused as fault:
            return Refused(str(fault), "address")
        except _NotSent as fault:
            return TryLater(LATER_SECONDS, self.say(f"Nothing was sent: {fault}"))
        except _Lost as fault:
            return Unknown(self.say(f"It was sent, but the answer was lost: {fault}"))
        if reply.is_json:
            return reply
        return _unreadable(reply)

    def read(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Asks for something. Returns JSON with a status below 500 and not 429; raises ReadFailed for the
        rest."""
        try:
            reply = self._exchange("GET", path, {"params": dict(params or {})}, reading=True)
        except AddressRefused as fault:
            raise ReadFailed(str(fault), None) from None
        except (_NotSent, _Lost) as fault:
            raise ReadFailed(self.say(f"The network could not be read: {fault}")) from None
        if reply.status == 429:
            raise ReadFailed("The network asks us to read less often.", wait_seconds(reply.headers))
        if reply.status >= 500:
            raise ReadFailed(f"The network has a fault of its own (status {reply.status}).")
        if not reply.is_json:
            raise ReadFailed(
                f"The network answered with a page or with nothing instead of data (status {reply.status}). "
                "Check the address of the channel; if it is right, the network is probably being repaired."
            )
        return reply

    def say(self, message: str) -> str:
        """`message` as people may see it: without secrets, in one line, at most 400 characters."""
        for secret in self.secrets:
            message = message.replace(secret, "[secret]")
        return " ".join(clean(message).split())[:400]

    def _exchange(self, method: str, path: str, extra: dict[str, Any], *, reading: bool) -> Reply:
        url = httpx.URL(self.base + path)
        for _ in range(REDIRECTS + 1):
            reply = self._once(method, url, extra)
            if not 300 <= reply.status < 400:
                return reply
            url = self._next(url, reply, reading=reading)
            extra = {**extra, "params": None}
        raise _NotSent(f"{url.host} redirects more than {REDIRECTS} times")

    def _next(self, url: httpx.URL, reply: Reply, *, reading: bool) -> httpx.URL:
        try:
            target = url.join(reply.headers.get("location", ""))
        except (httpx.InvalidURL, ValueError):
            raise _NotSent(f"{url.host} redirects to something that is no address") from None
        elsewhere = (target.host, target.port or 0) != (url.host, url.port or 0)
        if elsewhere or (url.scheme, target.scheme) == ("https", "http"):
            told = f"{target.scheme}://{target.host}"
            raise AddressRefused(
                f"{url.host} redirects to {told}; credentials are not sent there, so nothing was done. "
                "If that address is right, enter it as the address of the channel."
            )
        if not reading and reply.status not in (307, 308):
            # 301, 302 and 303 turn a change into a mere question: it would look done and not be.
            raise AddressRefused(
                f"{url.host} redirects changes to another address. Enter the final address of the channel."
            )
        return target

    def _once(self, method: str, url: httpx.URL, extra: dict[str, Any]) -> Reply:
        began = time.monotonic()
        try:
            with (
                Deadline(TOTAL_SECONDS, of_answer=True) as limit,
                self._client.stream(method, url, **extra, extensions=limit.extensions) as response,
            ):
                data = bytearray()
                for chunk in response.iter_raw():
                    data += chunk
                    if len(data) > ANSWER_LIMIT:
                        raise _Lost(f"the answer is larger than {ANSWER_LIMIT // 1024 // 1024} MB")
                    if time.monotonic() - began > TOTAL_SECONDS:
                        raise _Lost(f"the answer took longer than {TOTAL_SECONDS:.0f} seconds")
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise _NotSent(f"{url.host} did not answer within {CONNECT_SECONDS:.0f} seconds") from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as fault:
            why = "its certificate is not valid" if "CERTIFICATE" in str(fault) else "no connection"
            raise _NotSent(f"{url.host} could not be reached ({why})") from None
        except httpx.TimeoutException:
            raise _Lost(f"{url.host} did not answer in time") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise _Lost(f"{url.host} broke the connection off") from None
        except (httpx.InvalidURL, ValueError):  # httpx reads the target of a redirect even when it does not follow
            raise _Lost(f"{url.host} answered with something that cannot be understood") from None
        log.debug("%s %s%s -> %s", method, url.host, url.path, response.status_code)
        body, is_json = _json(bytes(data))
        return Reply(response.status_code, response.headers, body, is_json)


def by_status(wire: Wire, reply: Reply, *, network: str) -> Refused | TryLater | Unknown:
    """What a status means on a write when the network's own table does not know better."""
    told = wire.say(text(reply.body, "message") or text(reply.body, "detail") or text(reply.body, "error", "message"))
    if reply.status == 429:
        return used_up(reply, f"{network} asks us to wait.")
    if 400 <= reply.status < 500:
        return Refused(f"{network} refused it: {told or f'status {reply.status}, without a reason'}", str(reply.status))
    return Unknown(f"{network} had a fault of its own (status {reply.status}) and may have taken it.")


def wait_seconds(headers: Mapping[str, str], *, now: float | None = None, otherwise: float = 300.0) -> float:
    """Seconds to wait as the headers say: Retry-After, X's used-up day, x-rate-limit-reset; 1 to 86,400.

    `now` is seconds since 1970, the machine's clock when left out; `otherwise` holds when no header says
    anything.
    """
    now = time.time() if now is None else now
    after = headers.get("retry-after", "").strip()
    reset = headers.get("x-rate-limit-reset", "")
    for who in ("user", "app"):
        if headers.get(f"x-{who}-limit-24hour-remaining", "").strip() == "0":
            reset = headers.get(f"x-{who}-limit-24hour-reset", "") or reset
    seconds = otherwise
    if after.isascii() and after.isdigit():
        seconds = float(after[:9])
    elif after:
        try:
            seconds = email.utils.parsedate_to_datetime(after).timestamp() - now
        except (ValueError, OverflowError):
            seconds = otherwise
    elif reset.strip().isascii() and reset.strip().isdigit():
        seconds = float(reset.strip()[:12]) - now
    return min(max(seconds, 1.0), LONGEST_WAIT)


def used_up(reply: Reply, reason: str, seconds: float | None = None) -> TryLater:
    """The network takes nothing more for now: for how long, and that this holds for the whole account."""
    wait = wait_seconds(reply.headers) if seconds is None else seconds
    told = left_of(reply.headers)
    return TryLater(wait, reason, Left(told.most if told else 1, 0, wait))


def left_of(headers: Mapping[str, str]) -> Left | None:
    """What the x-rate-limit headers say is left; None when they say nothing that can be read."""
    names = ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
    told = [headers.get(name, "").strip() for name in names]
    if not all(value.isascii() and value.isdigit() and len(value) < 12 for value in told):
        return None
    most, left, reset = map(int, told)
    seconds = min(max(reset - time.time(), 1.0), LONGEST_WAIT)
    return Left(most, min(left, most), seconds) if 0 < most < 1_000_000 else None


def lookup_failed(fault: ReadFailed) -> TryLater | Unknown:
    """What `find` answers when it could not look: later, or a person must mend something first."""
    if fault.retry_after is None:
        return Unknown(fault.reason)
    return TryLater(fault.retry_after, fault.reason)


def not_begun(fault: ReadFailed) -> Refused | TryLater:
    """What a change answers that could not look before it began: nothing was sent, so waiting is safe, unless a person
    must mend something first."""
    return Refused(fault.reason) if fault.retry_after is None else TryLater(fault.retry_after, fault.reason)


def needed(account: Account, *names: str) -> None:
    """Raises BadAccount unless every credential in `names` is there."""
    for name in names:
        if not account.credentials.get(name, "").strip():
            raise BadAccount(f"The {account.network} channel has no {name.replace('_', ' ')}. Enter it and try again.")


def _base(url: str) -> str:
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL:
        read = httpx.URL("")
    if read.scheme not in ("http", "https") or not read.host:
        raise BadAccount(f"“{clean(url)[:100]}” is no web address. Enter one that begins with https://")
    if read.userinfo:
        raise BadAccount("The address contains a user name or password. Enter them in their own fields.")
    if read.query or read.fragment:
        raise BadAccount("The address of a channel ends before any “?” or “#”. Leave that part out.")
    return str(read).rstrip("/")


def _json(data: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(data), True
    except (ValueError, RecursionError):
        return None, False


def _unreadable(reply: Reply) -> Refused | TryLater | Unknown:
    if reply.status == 429:
        return used_up(reply, "The network asks us to wait.")
    if reply.status == 413:
        return Refused("The network's server does not take anything so large. Use a smaller image.", "413")
    return Unknown(
        f"The network answered with a page or with nothing instead of data (status {reply.status}), "
        "so it is not known whether it was taken."
    )
