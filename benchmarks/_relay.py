"""Carries TCP connections from one address to another: `python -m benchmarks._relay 127.0.0.1:8001 10.77.0.1:8001`.

Stands for a network's own address on a host that is not the practice town's.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    with contextlib.suppress(OSError):
        sink.close()


async def relay(here: str, there: str) -> None:
    host, _, port = here.rpartition(":")
    to, _, its_port = there.rpartition(":")

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            other_reader, other_writer = await asyncio.open_connection(to, int(its_port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, other_writer), _carry(other_reader, writer))

    server = await asyncio.start_server(taken, host, int(port))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1], sys.argv[2]))
