"""The connection to a mail server: imaplib's client on an address that was judged, with limits on time and size."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
import threading

from .guard import ADDRESSES_TRIED, judged

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 90.0
LETTER_BYTES = 25 * 1024 * 1024
LINE_BYTES = 16 * 1024 * 1024
"""A search answers in one line, with up to eleven bytes a letter."""


def tls() -> ssl.SSLContext:
    """Certificates are checked; SSL_CERT_FILE names other authorities."""
    return ssl.create_default_context()


class Guarded(imaplib.IMAP4):
    """imaplib's client, on an address that was judged, with limits on time and on what is read.

    The limit of the socket is for one read each, and a server that sends a byte every few seconds stays within it: when
    TOTAL_SECONDS are over the connection is shut from this side.
    """

    def __init__(self, host: str, port: int, *, at_once: bool, allow_private: bool) -> None:
        self._at_once, self._allow_private = at_once, allow_private
        self._past = False
        self._wire: socket.socket | None = None
        self._timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self._timer.daemon = True
        super().__init__(host, port, CONNECT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self._timer.start()  # the look-up of the name is part of the time
        try:
            plain = self._reached(timeout)
            self._wire = plain.dup()  # stays the same connection whatever TLS is put around the socket, and when
            if self._past:
                raise TimeoutError("its time was over before it was reached")
            if not self._at_once:
                return plain
            # The certificate is checked against the name, not against the address.
            return tls().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            self._over()
            raise

    def _reached(self, timeout: float | None) -> socket.socket:
        """A connection to the first address that takes one. Raises AddressRefused, OSError."""
        failed: OSError = OSError("no address")
        for address in judged(self.host, self.port, allow_private=self._allow_private)[:ADDRESSES_TRIED]:
            if self._past:
                break
            try:
                return socket.create_connection((address, self.port), timeout)
            except OSError as fault:
                failed = fault
        raise failed

    def shutdown(self) -> None:
        self._over()
        super().shutdown()

    def _cut(self) -> None:
        self._past = True
        if (wire := self._wire) is not None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _over(self) -> None:
        self._timer.cancel()
        if self._wire is not None:
            self._wire.close()

    def read(self, size: int) -> bytes:
        if size > LETTER_BYTES + 1024:
            raise self.abort("a literal of the server is larger than was asked for")
        self._in_time()
        read = super().read(size)
        self._in_time()  # what came of it before the connection was shut is not the whole
        return read

    def readline(self) -> bytes:
        self._in_time()
        line = self.file.readline(LINE_BYTES + 1)  # imaplib's own limit is too little for a search of a large mailbox
        self._in_time()
        if len(line) > LINE_BYTES:
            raise self.abort("a line of the server is too long")
        return bytes(line) if isinstance(line, bytes) else line.encode()

    def _in_time(self) -> None:
        if self._past:
            raise TimeoutError("the mail server took too long")
