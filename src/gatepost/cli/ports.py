"""Whether an address can be listened on, said before anything is started."""

from __future__ import annotations

import errno
import json
import socket
from pathlib import Path


class PortTaken(Exception):
    """The desk cannot listen there; the message says why and what to do."""


def free_port(host: str, port: int) -> int:
    """`port` (or, for 0, one the machine chooses) after trying to listen on it. Raises PortTaken."""
    if not 0 <= port <= 65535:
        raise PortTaken(f"There is no port {port}: choose one from 1024 to 65535 with --port.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            return int(trial.getsockname()[1])
    except socket.gaierror:
        raise PortTaken(f"“{host}” is no address of this machine: use --host 127.0.0.1.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            message = (
                f"Port {port} on {host} is used by another program: stop that, or choose another with --port {other}."
            )
        elif error.errno == errno.EACCES:
            message = f"Port {port} is only for root: choose one from 1024 to 65535 with --port."
        else:
            message = (
                f"The desk cannot listen on {host} port {port} ({error.strerror}): choose another --host or --port."
            )
        raise PortTaken(message) from None


def town_ports(note: Path, wanted: tuple[int, int]) -> tuple[int, int]:
    """The practice town's ports for HTTP and mail: those of the last time, for connected channels keep the address;
    on a new desk `wanted`. Whatever is taken is replaced by a free one. Kept in `note`."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        wanted = (int(kept["http"]), int(kept["smtp"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    chosen: list[int] = []
    for port in wanted:
        try:
            chosen.append(free_port("127.0.0.1", port))
        except PortTaken:
            chosen.append(free_port("127.0.0.1", 0))
    note.write_text(json.dumps({"http": chosen[0], "smtp": chosen[1]}) + "\n", encoding="utf-8")
    return chosen[0], chosen[1]
