"""`python -m gatepost.sandbox`: serves the practice town on 127.0.0.1 until told to stop.

Prints one line of JSON when ready: {"http": port, "smtp": port}.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from . import parent, post_office
from .app import build
from .life import BadPace, Life
from .world import World, WorldUnreadable

HOST = "127.0.0.1"


def options(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gatepost.sandbox", description="Serves the practice town.")
    parser.add_argument("--port", type=int, default=0, help="port for HTTP; 0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="port for SMTP; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder in which the town lives")
    parser.add_argument("--seed", type=int, default=1, help="seed of a new town; a town that is there keeps its own")
    parser.add_argument("--pace", type=float, default=6.0, help="messages a minute; 0 for silence")
    parser.add_argument("--quiet-start", action="store_true", help="a new town starts without its first messages")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="stop when this process, our parent, ends")
    parser.add_argument("--detached", action="store_true", help="go on when the parent ends")
    return parser.parse_args(argv)


def free_port(wanted: int) -> int:
    """The port itself when it is free, or a free one for 0. Raises OSError when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, wanted))
        return int(probe.getsockname()[1])


async def serve(chosen: argparse.Namespace) -> None:
    """Serves until SIGTERM or SIGINT. Raises WorldUnreadable, BadPace, OSError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    port = free_port(chosen.port)
    world = World(chosen.data, chosen.seed)
    life = Life(world, chosen.pace)
    life.found(chosen.quiet_start)
    mail = await loop.create_server(lambda: post_office.server(world), HOST, chosen.smtp_port)
    http = Server(build(world, life), address=HOST, port=port, interface=Interfaces.ASGI, log_enabled=False)
    serving = loop.create_task(http.serve())
    living = loop.create_task(life.run())
    try:
        await answering(port, serving)
        print(json.dumps({"http": port, "smtp": mail.sockets[0].getsockname()[1]}), flush=True)
        asked = loop.create_task(stop.wait())
        orphaned = loop.create_task(stop.wait() if chosen.detached else parent.gone(chosen.parent))
        await asyncio.wait({asked, orphaned, serving, living}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        orphaned.cancel()
        for task in (serving, living):
            if task.done() and task.exception() is not None:
                task.result()
    finally:
        living.cancel()
        http.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
        mail.close()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(serving, 3)
        world.close()


async def answering(port: int, serving: asyncio.Task[None]) -> None:
    """Waits until the port takes connections. Raises OSError when the server ends before that, or after 15 seconds."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, port)
            writer.close()
            return
        if serving.done():
            break
        await asyncio.sleep(0.025)
    raise OSError(f"the web server did not start on port {port}")


def main(argv: list[str] | None = None) -> int:
    chosen = options(argv)
    try:
        asyncio.run(serve(chosen))
    except (WorldUnreadable, BadPace) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"The practice town cannot start: {error}. Choose another port, or stop what uses it.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The server's own threads may outlive the loop by a moment; everything is committed, so nothing is lost by leaving.
    os._exit(code)
