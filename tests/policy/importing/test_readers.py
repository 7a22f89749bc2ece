"""Files as they come: refused with the way out, told by their content, read whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from fpdf import FPDF

from gatepost.policy.importing import ImportProblem, read
from gatepost.policy.importing.paper import MOST_BYTES
from tests.policy.importing.council import as_docx, as_html, as_odt, as_pdf


def zipped(members: Mapping[str, bytes], stored: bool = False) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def blank_pdf(pages: int = 1) -> bytes:
    made = pypdf.PdfWriter()
    for _ in range(pages):
        made.add_blank_page(200, 200)
    return saved(made)


def locked_pdf(password: str) -> bytes:
    made = pypdf.PdfWriter(clone_from=io.BytesIO(as_pdf()))
    made.encrypt(user_password=password, owner_password="only-for-the-owner", algorithm="AES-256")
    return saved(made)


def saved(made: pypdf.PdfWriter) -> bytes:
    held = io.BytesIO()
    made.write(held)
    return held.getvalue()


ODT = b"application/vnd.oasis.opendocument.text"
LOCKED_ODT = {"mimetype": ODT, "content.xml": b"?", "META-INF/manifest.xml": b"<m><manifest:encryption-data/></m>"}

REFUSED = [
    ("empty.txt", b"", "empty", "holds the policy"),
    ("space.md", b" \n\t\n", "empty", "holds the policy"),
    ("signs.txt", b"--- *** ---\n...", "no text", "the policy's words"),
    ("big.txt", b"a" * (MOST_BYTES + 1), "over 20 MB", "save the text alone"),
    ("long.txt", b"many words " * 110_000, "1,000,000 characters", "in parts"),
    ("lines.txt", b"a\n\n" * 60_000, "50,000 paragraphs", "in parts"),
    ("scan.pdf", blank_pdf(), "one page and no text", "OCR"),
    ("scan.pdf", blank_pdf(3), "3 pages and no text", "OCR"),
    ("thick.pdf", blank_pdf(2_001), "2,001 pages", "in parts"),
    ("locked.pdf", locked_pdf("secret"), "protected by a password", "without a password"),
    ("half.pdf", as_pdf()[:300], "damaged", "save it again"),
    ("no.pdf", b"%PDF-1.7\nnothing", "damaged", "save it again"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Word 97", ".docx"),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a password", "copy"),
    ("locked.odt", zipped(LOCKED_ODT), "protected by a password", "without a password"),
    ("rich.rtf", b"{\\rtf1 policy}", "Rich Text", ".docx"),
    ("scan.png", b"\x89PNG\r\n\x1a\n\0\0", "a picture", "OCR"),
    ("data.xml", b"<?xml version='1.0'?><policy/>", "XML", ".docx"),
    ("sheet.xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "a spreadsheet", ".docx"),
    ("some.zip", zipped({"a.txt": b"policy"}), "not a text document", ".docx"),
    ("half.docx", as_docx()[:5_000], "damaged", "Save it again"),
    ("odd.docx", zipped({"word/document.xml": b"<w:document/>"}), "damaged", "save it again"),
    ("odd.odt", zipped({"mimetype": ODT, "content.xml": b"<oops"}), "damaged", "save it again"),
    ("bytes.txt", bytes(range(256)) * 40, "not text", ".docx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said", "mend"), REFUSED, ids=[f"{one[0]}-{one[2]}" for one in REFUSED])
def test_refused_with_the_way_out(name: str, data: bytes, said: str, mend: str) -> None:
    with pytest.raises(ImportProblem) as problem:
        read(name, data)
    assert said in problem.value.message
    assert mend in problem.value.mend
    assert name in str(problem.value)


BOMBS = {
    "swollen": {"word/document.xml": b"<a>" + b" " * 30_000_000},
    "long": {"word/document.xml": b"<w:document/>", "word/other.xml": bytes(range(256)) * 170_000},
    "many": {f"word/{number}.xml": b"" for number in range(5_001)},
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_zip_bombs_are_refused_before_they_burst(bomb: str) -> None:
    with pytest.raises(ImportProblem, match="choke a program"):
        read("bomb.docx", zipped(BOMBS[bomb]))


def test_a_size_that_lies_is_not_believed() -> None:
    data = bytearray(zipped({"word/document.xml": b"<a>" + b" " * 30_000_000}))
    for mark, shift in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        data[at + shift : at + shift + 4] = (500).to_bytes(4, "little")
    with pytest.raises(ImportProblem, match="damaged"):
        read("liar.docx", bytes(data))


def test_a_bomb_of_entities_is_refused() -> None:
    lol = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lollollol'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + place, b"&%c;" % (97 + place) * 20) for place in range(12)
    )
    odt = {"mimetype": ODT, "content.xml": lol + b"]><l>&m;</l>"}
    with pytest.raises(ImportProblem, match="damaged"):
        read("lol.odt", zipped(odt))


def test_a_page_of_the_network_is_never_fetched(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("private") / "secret.txt"
    secret.write_text("the secret itself")
    page = f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file://{secret}'>]><html><body><p>Posts &x; stay.</p></body></html>"
    assert "the secret itself" not in " ".join(one.text for one in read("x.html", page.encode()).paragraphs)


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("policy.docx", as_odt(), "odt"),
        ("policy.txt", as_docx(), "docx"),
        ("policy.docx", as_pdf(), "pdf"),
        ("policy.txt", as_html(), "html"),
        ("policy.pdf", b"Posts must be kind.", "txt"),
        ("policy.docx", b"# Rules\n\nPosts must be kind.", "md"),
    ],
)
def test_the_content_decides(name: str, data: bytes, form: str) -> None:
    document = read(name, data)
    assert document.form == form
    assert any(f"read as {form}" in remark for remark in document.remarks)


def test_a_web_page_in_one_file_is_refused_with_the_way_out() -> None:
    page = (
        b"From: <Saved by a browser>\r\nSubject: Policy\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x\r\n\r\n<p>Posts must be kind.</p>\r\n--x--\r\n"
    )
    with pytest.raises(ImportProblem, match="in one file") as refused:
        read("policy.mht", page)
    assert "save it as .html" in str(refused.value)
    assert read("policy.txt", b"MIME-Version: 1.0 is no rule.").form == "txt"


@pytest.mark.parametrize("name", ["policy.txt", "POLICY.TXT", "policy"])
def test_the_right_name_needs_no_remark(name: str) -> None:
    assert read(name, b"Posts must be kind.").remarks == ()


def test_a_pdf_locked_only_against_editing_is_read() -> None:
    assert read("p.pdf", locked_pdf("")).paragraphs == read("p.pdf", as_pdf()).paragraphs


def test_places() -> None:
    assert read("p.txt", b"One rule.\n\n\nAnother rule.").paragraphs[1].place == "line 4"
    assert read("p.md", b"# One\n\n- two").paragraphs[1].place == "line 3"
    assert read("p.html", b"<html><p>One</p>\n<p>Two</p></html>").paragraphs[1].place == "line 2"
    assert read("p.pdf", as_pdf()).paragraphs[-1].place.startswith("page ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert read("p.txt", "Café “rules” – kind".encode(encoding)).paragraphs[0].text == "Café “rules” – kind"


def test_a_declared_encoding_is_heeded() -> None:
    page = "<html><head><meta charset='iso-8859-2'></head><p>Łódź zażółć</p></html>".encode("iso-8859-2")
    assert read("p.html", page).paragraphs[0].text == "Łódź zażółć"


def test_wrapped_lines_are_joined_and_short_ones_are_not() -> None:
    text = (
        "This is the first line of a paragraph that somebody wrapped\nat sixty characters or so, as one does in plain "
        "text when\none is old.\n\nDefamation Act 1996\nEquality Act 2010\n"
    )
    texts = [one.text for one in read("p.txt", text.encode()).paragraphs]
    assert texts[1:] == ["Defamation Act 1996", "Equality Act 2010"]
    assert texts[0].endswith("one is old.")


def test_underlined_headings_and_bullets() -> None:
    text = "Rules\n=====\n\n* be kind\n  and short\n* be true\n\nSmall print\n-----------\nPage 3 of 9\n"
    seen = [(one.text, one.level, one.item, one.aside) for one in read("p.txt", text.encode()).paragraphs]
    assert seen == [
        ("Rules", 1, False, False), ("be kind and short", 0, True, False), ("be true", 0, True, False),
        ("Small print", 2, False, False), ("Page 3 of 9", 0, False, True),
    ]  # fmt: skip


def test_web_pages() -> None:
    page = (
        "<html><body><h2>Rules <small>of use</small></h2><script>no()</script><p>Be <b>kind</b>.<br>Be brief.</p>"
        "<ul><li>one</li><li>two<p>more</p></li></ul><q>Sorry</q><!-- no --> said<footer>foot</footer></body></html>"
    )
    seen = [(one.text, one.level, one.item, one.aside) for one in read("p.html", page.encode()).paragraphs]
    assert seen == [
        ("Rules of use", 2, False, False), ("Be kind.", 0, False, False), ("Be brief.", 0, False, False),
        ("one", 0, True, False), ("two", 0, True, False), ("more", 0, True, False), ("“Sorry” said", 0, False, False),
        ("foot", 0, False, True),
    ]  # fmt: skip


def test_word_documents_with_more_than_paragraphs() -> None:
    made = docx.Document()
    made.add_paragraph().add_run("All bold and short").bold = True
    table = made.add_table(1, 2)
    table.cell(0, 0).text = "Only one cell"
    inner = table.cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "side"
    struck = made.add_paragraph("kept ")
    deleted = parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:delText>gone</w:delText>'
        "</w:r></w:del>"
    )
    added = parse_xml(
        '<w:ins xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:t>new</w:t></w:r></w:ins>'
    )
    struck._p.append(deleted)
    struck._p.append(added)
    held = io.BytesIO()
    made.save(held)
    seen = [(one.text, one.level, one.item) for one in read("p.docx", held.getvalue()).paragraphs]
    assert seen == [
        ("All bold and short", 3, False),
        ("Only one cell", 0, False),
        ("in | side", 0, True),
        ("kept new", 0, False),
    ]


def test_what_a_pdf_repeats_on_every_page_stands_aside() -> None:
    made = FPDF()
    made.set_font("Helvetica", size=11)
    for number in range(1, 4):
        made.add_page()
        made.cell(0, 6, "Larkmoor draft policy", new_x="LMARGIN", new_y="NEXT")
        made.ln(20)
        made.multi_cell(0, 6, f"Rule {number} is that posts are kind to everybody who reads them.")
        made.ln(30)
        made.cell(0, 6, f"Page {number} of 3")
    seen = [(one.text, one.aside) for one in read("p.pdf", bytes(made.output())).paragraphs]
    assert sum(aside for _, aside in seen) == 6
    assert next(text for text, aside in seen if not aside).startswith("Rule 1")
