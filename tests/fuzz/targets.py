"""What the fuzzer throws bytes at: pack loading, import, and reading with deciding and checking.

Each target takes any bytes and returns; it raises for what must never happen. The first byte chooses, the rest is text.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from gatepost.policy.check import check
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.hazards import hazards
from gatepost.policy.importing import ImportProblem, draft, read
from gatepost.policy.model import LABELS, Decision, Inbound, Outbound
from gatepost.policy.pack import Pack, load, load_files
from gatepost.policy.problems import PackError
from gatepost.policy.reading import Words, load_words, read_many, tone
from gatepost.policy.reading import read as read_text
from gatepost.policy.reasons import reasons
from tests.policy.importing.help import nothing_dropped

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
NETWORKS = ("facebook", "x", "wordpress", "")
MOST = 10_000  # code points of one message
SLOW = 2.0  # CPU seconds; the fuzzer's own bookkeeping makes everything several times slower


class Wrong(AssertionError):
    """Something that must never happen did."""


def text_of(data: bytes) -> str:
    """Any bytes as any text, lone surrogates included."""
    return data.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=1)
def shipped() -> Pack:
    """Ready to decide: what is read once, for the first message, is no message's time."""
    pack = load(ROOT / "packs" / "bhp")
    decide(Inbound("0", "Hello"), pack, AT)
    return pack


@lru_cache(maxsize=1)
def small() -> dict[str, str]:
    from tests.policy.small import FILES

    return dict(FILES)


def pack(data: bytes) -> None:
    """One file of a small pack, or one line of it, replaced by any text: a pack, or a PackError that names the mend."""
    files = small()
    names = sorted({*files, "words.toml"})
    chosen, line = data[0] if data else 0, data[1] if len(data) > 1 else 0
    name = names[chosen % len(names)]
    lines = files.get(name, "").split("\n")
    text = text_of(data[2:])
    if line:
        lines[line % len(lines)] = text
    files[name] = "\n".join(lines) if line else text
    try:
        loaded = load_files(files)
    except PackError as error:
        if not error.problems or not all(one.file and one.message for one in error.problems):
            raise Wrong("a PackError without a problem") from error
        return
    for message in ("Still no hot water", "ring me on 07700 900123", "1 2 3"):
        consistent(Inbound("1", message), decide(Inbound("1", message), loaded, AT))


def importing(data: bytes) -> None:
    """Any bytes as a file, or as the inside of a Word or OpenDocument file: a draft that drops nothing."""
    chosen, rest = (data[0] if data else 0) % 8, data[1:]
    name = ("p.txt", "p.md", "p.html", "p.pdf", "p.docx", "p.odt", "p.docx", "p.odt")[chosen]
    inside = {6: ("docx", "word/document.xml"), 7: ("odt", "content.xml")}.get(chosen)
    if inside:
        rest = _packed(*inside, rest)
    try:
        document = read(name, rest)
        made = draft(document)
    except ImportProblem:
        return
    nothing_dropped(document, made)


@lru_cache(maxsize=2)
def _whole(kind: str) -> bytes:
    from tests.policy.importing.council import as_docx, as_odt

    return as_docx() if kind == "docx" else as_odt()


def _packed(kind: str, member: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_whole(kind))) as old, zipfile.ZipFile(held, "w") as new:
        for one in old.namelist():
            new.writestr(one, data if one == member else old.read(one))
    return held.getvalue()


def triage(data: bytes) -> None:
    """Any text as a message and as a draft: read, decided, checked; the same alone and in a batch; no span outside."""
    chosen, text = data[0] if data else 0, text_of(data[1:])[:MOST]
    message = Inbound("1", text, NETWORKS[chosen % 4], private=bool(chosen & 4))
    pack = shipped()
    began = time.process_time()
    alone = decide(message, pack, AT)
    taken = time.process_time() - began
    consistent(message, alone)
    other = Inbound("2", "Thank you, the lift works again")
    if decide_many([other, message, other], pack, AT)[1] != alone:
        raise Wrong("read in a batch it says something else")
    draft_of_ours = Outbound(text, message.network, "reply" if chosen & 8 else "post", answering=message)
    for finding in check(draft_of_ours, pack, AT):
        if finding.field == "text" and not 0 <= finding.start <= finding.end <= len(text):
            raise Wrong(f"{finding.check}: a place outside the text")
    for span in (*tone(text, pack.words), *hazards(text, pack.words)):
        if not 0 <= span.start < span.end <= len(text):
            raise Wrong("tone or hazard: a place outside the text")
    for label in LABELS:
        if any(not why.says for why in reasons(text, label, alone.reading.spans)):
            raise Wrong(f"{label}: a reason without words")
    if taken > SLOW:
        raise Wrong(f"{taken:.2f} s for {len(text)} characters")


def consistent(message: Inbound, decision: Decision) -> None:
    """What must hold of every decision."""
    reading = decision.reading
    if set(reading.labels) != set(LABELS) or not all(0.0 <= value <= 1.0 for value in reading.labels.values()):
        raise Wrong("labels that are no probabilities")
    for span in reading.spans:
        if not 0 <= span.start < span.end <= len(message.text) or span.label not in LABELS or not span.kind:
            raise Wrong(f"a place outside the text: {span}")
    for label, value in reading.labels.items():
        if value >= 0.5 and not any(span.label == label for span in reading.spans):
            raise Wrong(f"{label} without a place")


@lru_cache(maxsize=64)
def _words(text: str) -> Words | None:
    try:
        return load_words(text)
    except PackError:
        return None


def phrases(data: bytes) -> None:
    """Any text as a phrase of a pack, then read for: an error that names it, or readings that are whole."""
    head, _, tail = text_of(data[:400]).partition("\n")
    quoted = head.replace("\\", " ").replace("'", " ").replace("\r", " ")
    words = _words(f"[[cue]]\nlabel = 'complaint'\nphrases = ['{quoted}']\n[spellings]\nu = 'you'\n")
    if words is None:
        return
    texts = [tail, f"{quoted} {tail}", quoted]
    for text, one in zip(texts, read_many(texts, words), strict=True):
        if one != read_text(text, words):
            raise Wrong("read in a batch it says something else")
        if not all(0 <= span.start < span.end <= len(text) for span in one.spans):
            raise Wrong("a place outside the text")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "pack": pack,
    "importing": importing,
    "triage": triage,
    "phrases": phrases,
}
