"""Reading a file somebody handed in, in a process of its own: no file can hang or fill the one that asks."""

from __future__ import annotations

import multiprocessing
import resource
from multiprocessing.connection import Connection

from gatepost.policy.importing.paper import Document, ImportProblem
from gatepost.policy.importing.readers import read

SECONDS = 180  # a file made to choke its reader is given up after this
MEMORY = 4 * 1024**3  # bytes of address space for reading one file


def guarded(name: str, data: bytes, seconds: float = SECONDS) -> Document:
    """The file as a document. Raises ImportProblem."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(there, name, data), daemon=True)
    reader.start()
    there.close()
    try:
        if not here.poll(seconds):
            mend = "Save the text alone, without pictures, and import that."
            raise ImportProblem(f"{name} could not be read within {seconds:.0f} seconds", mend)
        found: Document | ImportProblem = here.recv()
    except EOFError as error:
        mend = "Save the text alone, without pictures, and import that."
        raise ImportProblem(f"{name} brought its reader down", mend) from error
    finally:
        reader.kill()
        reader.join()
        here.close()
    if isinstance(found, ImportProblem):
        raise found
    return found


def _read(answer: Connection, name: str, data: bytes) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer.send(read(name, data))
    except ImportProblem as problem:
        answer.send(problem)
