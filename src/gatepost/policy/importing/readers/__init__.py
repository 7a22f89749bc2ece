"""From a file's bytes to a Document. The content decides which reader it gets, not the name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from gatepost.policy.importing.paper import MOST_BYTES, Document, Form, ImportProblem, Paragraph, document
from gatepost.policy.importing.readers.content import ENDINGS, tell

Reader = Callable[[str, bytes], Iterator[Paragraph]]

# Imported when first needed: the libraries are large, and a desk that imports nothing should not carry them.
_READERS: Mapping[Form, str] = {
    "docx": "word",
    "odt": "opendocument",
    "pdf": "pdf",
    "html": "web",
    "md": "markdown",
    "txt": "plain",
}


def read(name: str, data: bytes) -> Document:
    """The file called `name`, whose bytes are `data` (20 MB at most). Raises ImportProblem, and nothing else."""
    if len(data) > MOST_BYTES:
        mend = "Take out the pictures, or save the text alone."
        raise ImportProblem(f"{name} is over {MOST_BYTES // 1_000_000} MB", mend)
    if not data.strip():
        raise ImportProblem(f"{name} is empty", "Give the file that holds the policy.")
    form = tell(name, data)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    remarks = []
    if ENDINGS.get(ending, form) != form:
        remarks.append(f"The name ends in .{ending}, but the content is {form}: it was read as {form}.")
    reader: Reader = import_module(f"gatepost.policy.importing.readers.{_READERS[form]}").paragraphs
    try:
        return document(name, form, reader(name, data), remarks)
    except ImportProblem:
        raise
    except Exception as error:  # what a library raises over a damaged file has no end; a person gets one sentence
        message = f"{name} looks like {form}, but is damaged ({type(error).__name__})"
        mend = "Open it in the program it was written with and save it again."
        raise ImportProblem(message, mend) from error
