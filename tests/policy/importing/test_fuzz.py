"""Whatever bytes come, under whatever name: a draft or an ImportProblem, nothing else, nothing lost, no hang."""

from __future__ import annotations

import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost.policy.importing import Document, ImportProblem, Paragraph, draft, read
from gatepost.policy.importing.paper import document as whole
from tests.policy.importing.council import as_docx, as_html, as_md, as_odt, as_pdf, as_txt
from tests.policy.importing.help import nothing_dropped

NAMES = st.sampled_from(["p.docx", "p.odt", "p.pdf", "p.html", "p.md", "p.txt", "p.doc", "p", ".", "…/p.htm"])
WHOLE = [as_docx(), as_odt(), as_pdf(), as_html(), as_md(), as_txt()]
STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<!doctype html><p>", b"\xff\xfe", b"# ", b"\xd0\xcf\x11\xe0", b"{\\rtf"]
CALM = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# The characters and words that decide how a text is cut, in all orders.
PIECES = st.sampled_from(
    [
        "#", "##", "- ", "[a.1]", "\\", "1.1", "(a)", ":", "“", "”", '"', "'", ".", "!",
        "\n", "\n\n", "\t", "|", "OR",
        "OR\n", "policy", "Complaints", "Team", "Office", "refer to", "Imogen Thackeray", "Head of", "Officer",
        "9am to 5pm",
        "within two working days", "Act 1998", "remove", "offensive", "01632 960123", "a@example.org", "risks include:",
        "Benefits", "\u2028", "\u200b", "\x00", "\ud7ff", "🏳️‍🌈", "ß", "İ", "x" * 400, "." * 50, "1" * 60,
        "((((",
        "safeguarding", "respond with", "information, once published, can remain",
        "deemed to be personal in every one of these",
    ]
)  # fmt: skip


def imported(name: str, data: bytes) -> None:
    try:
        document = read(name, data)
        made = draft(document)
    except ImportProblem:
        return
    nothing_dropped(document, made)


@CALM
@given(name=NAMES, start=st.sampled_from(STARTS), data=st.binary(max_size=2_000))
def test_any_bytes(name: str, start: bytes, data: bytes) -> None:
    imported(name, start + data)


@CALM
@given(
    name=NAMES,
    file=st.sampled_from(WHOLE),
    where=st.floats(0, 1),
    cut=st.integers(0, 400),
    patch=st.binary(max_size=40),
)
def test_damaged_files(name: str, file: bytes, where: float, cut: int, patch: bytes) -> None:
    place = int(where * len(file))
    imported(name, file[:place] + patch + file[place + cut :])


@CALM
@given(name=st.sampled_from(["p.txt", "p.md", "p.html"]), parts=st.lists(PIECES, max_size=40))
def test_texts_made_of_what_decides(name: str, parts: list[str]) -> None:
    imported(name, " ".join(parts).encode("utf-8", "surrogatepass"))


@CALM
@given(
    packed=st.sampled_from([as_docx(), as_odt()]),
    member=st.sampled_from(
        ["word/document.xml", "word/styles.xml", "content.xml", "styles.xml", "[Content_Types].xml"]
    ),
    where=st.floats(0, 1),
    cut=st.integers(0, 60),
    patch=st.sampled_from([b"", b"<w:p/>", b"<", b"&amp;", b"</w:p>", b"<text:p>x</text:p>", b"\xff", b"99999999"]),
)
def test_damage_inside_packed_files(packed: bytes, member: str, where: float, cut: int, patch: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            data = old.read(one)
            if one == member:
                place = int(where * len(data))
                data = data[:place] + patch + data[place + cut :]
            new.writestr(one, data)
    imported("p.docx", held.getvalue())


@CALM
@given(
    st.lists(
        st.builds(
            Paragraph,
            text=st.lists(PIECES, min_size=1, max_size=12).map(" ".join).map(lambda text: " ".join(text.split()))
            .filter(lambda text: any(one.isalnum() for one in text)),
            place=st.just("line 1"), level=st.integers(0, 6), item=st.booleans(), aside=st.booleans(),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_any_paragraphs_make_a_draft_that_loses_nothing(paragraphs: list[Paragraph]) -> None:
    document: Document = whole("p.txt", "txt", paragraphs)
    nothing_dropped(document, draft(document))


def test_long_runs_do_not_hang() -> None:
    for run in (".", "(", "“", "‘", "A ", "0 ", "- ", "|", "#", "a@", "OR ", "[a.1] ", "<p>", "*", "`", "[", "Aa, "):
        for name in ("p.txt", "p.md", "p.html"):
            imported(name, run.encode() * (20_000 // len(run)))
            imported(name, (run * (1_000 // len(run)) + "word\n").encode() * 10)
