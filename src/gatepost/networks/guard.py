"""The address guard: which machines a connector may talk to, and a transport that holds it to them.

A base address comes from a person's settings and a redirect from a stranger's server, so both could point
into our own network. The host is resolved here, every address it has is judged, and the connection is made to
the address judged: a name that changes its answer between the two (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import functools
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

LOOK_UP_SECONDS = 10.0
"""How long the machine's resolver may take."""
ADDRESSES_TRIED = 3
"""How many of a host's addresses are tried before the connection counts as failed."""

_CGNAT = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598, shared by a provider's customers
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address written as an IPv6 one
_GLOBAL = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4: all that is given out for the Internet at large
_METADATA = frozenset(
    ipaddress.ip_address(a) for a in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")
)


class AddressRefused(Exception):
    """The host leads to an address that a connector may not talk to; the message is for people."""


def forbidden(address: Address) -> str:
    """Why `address` is out of bounds ("" when it is a public one): private, loopback, link-local and so
    on."""
    address = _reached(address)
    if address in _METADATA:
        return "the address of a cloud's metadata service"
    if isinstance(address, ipaddress.IPv4Address) and address in _CGNAT:
        return "a provider's shared address"
    kinds = (
        (address.is_loopback, "this machine itself"),
        (address.is_link_local, "a link-local address"),
        (address.is_multicast, "a multicast address"),
        (address.is_unspecified, "no address at all"),
        # The standard library knows the private ranges of its day; other IPv6 ranges may lead to IPv4 addresses too.
        (not address.is_global or (address.version == 6 and address not in _GLOBAL), "a private address"),
    )
    return next((why for is_so, why in kinds if is_so), "")


def _reached(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does: that is the one a connection reaches."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def look_up(host: str, port: int, *, within: float = LOOK_UP_SECONDS) -> list[str]:
    """The addresses of `host`, as the machine's resolver gives them. Raises OSError, also when it does not answer
    `within` seconds: the resolver itself knows no limit, so it is asked beside, and left to itself when it is late."""
    told: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            told.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as fault:
            told.put(fault)

    if _is_number(host):
        ask()
    else:
        threading.Thread(target=ask, name="look up", daemon=True).start()
    try:
        answer = told.get(timeout=max(within, 0.0))
    except queue.Empty:
        raise TimeoutError(f"the name {host} was not resolved in time") from None
    if isinstance(answer, list):
        return answer
    raise answer


def _is_number(host: str) -> bool:
    """Whether it is an address already: nobody has to be asked."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def judged(host: str, port: int, *, allow_private: bool, resolver: Resolver = look_up) -> list[str]:
    """The addresses of `host` that may be used. Raises AddressRefused, or OSError when the name cannot be
    resolved.

    One forbidden address among several refuses the host: a name with a public and a private address is a
    trap. Metadata and multicast addresses are refused even with `allow_private`.
    """
    addresses = list(resolver(host, port))
    for written in addresses:
        address = _reached(ipaddress.ip_address(written.split("%", 1)[0]))
        why = forbidden(address)
        always = address in _METADATA or address.is_multicast
        if why and (always or not allow_private):
            mend = "" if always else " If this server is meant, allow private addresses for this channel."
            raise AddressRefused(f"The address {host} leads to {written}, {why}, so nothing was sent.{mend}")
    return addresses


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.BaseTransport):
    """Sends a request to an address that was judged just before. One connection per request.

    Connections are not kept: a kept one that the network closes at the wrong moment turns a write into an
    Unknown.
    """

    def __init__(self, *, allow_private: bool, resolver: Resolver = look_up) -> None:
        self._allow_private = allow_private
        self._resolver = resolver
        self._inner = httpx.HTTPTransport(
            verify=_tls(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0), retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = judged(host, port, allow_private=self._allow_private, resolver=self._resolver)
        except (OSError, ValueError) as fault:
            raise httpx.ConnectError(f"the name {host} could not be resolved", request=request) from fault
        failed: httpx.TransportError = httpx.ConnectError(f"{host} has no address", request=request)
        for address in addresses[:ADDRESSES_TRIED]:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address.split("%", 1)[0]),
                headers=request.headers,
                stream=request.stream,
                # TLS still checks the certificate against the name, not against the address.
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return self._inner.handle_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
                failed = fault
        raise failed

    def close(self) -> None:
        self._inner.close()
