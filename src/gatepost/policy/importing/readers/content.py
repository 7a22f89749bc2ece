"""What a file is, told from its content; and packed files that would burst, refused before anything is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from gatepost.policy.importing.paper import Form, ImportProblem

ENDINGS: Mapping[str, Form] = {
    "docx": "docx",
    "odt": "odt",
    "pdf": "pdf",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "md": "md",
    "markdown": "md",
    "txt": "txt",
    "text": "txt",
}
MOST_MEMBERS = 5_000
MOST_UNPACKED = 100_000_000  # bytes, all members together
MOST_XML = 40_000_000  # bytes of one XML member
MOST_RATIO = 200  # unpacked to packed, for members over 1 MB

_SAVE = "Save it as .docx, .odt, .pdf, .html, .md or .txt."
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
_HTML = re.compile(rb"^(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ONE_FILE = re.compile(rb"^MIME-Version:.*^Content-Type:\s*multipart/related", re.IGNORECASE | re.DOTALL | re.MULTILINE)
_XML = re.compile(rb"^\s*<\?xml\b")
_MARKDOWN = re.compile(rb"^#{1,6} \S", re.MULTILINE)


def tell(name: str, data: bytes) -> Form:
    """The format of `data`. Raises ImportProblem for what cannot be read, with the way out."""
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(name, data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked(name)
        raise ImportProblem(f"{name} is in the format of Word 97 to 2003, or of another old program", _SAVE)
    if data.startswith(b"{\\rtf"):
        raise ImportProblem(f"{name} is Rich Text", _SAVE)
    if data.startswith(_PICTURES) and b"\x00" in data[:4096]:
        mend = "Run text recognition (OCR) over it and give the text."
        raise ImportProblem(f"{name} is a picture: there is no text in it to read", mend)
    if _ONE_FILE.search(head):
        mend = "Open it in a browser or in Word and save it as .html or .docx."
        raise ImportProblem(f"{name} is a web page with its pictures in one file (.mht)", mend)
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        raise ImportProblem(f"{name} is XML, and not a web page", _SAVE)
    ending = ENDINGS.get(name.rpartition(".")[2].lower(), "txt")
    if ending in ("html", "md", "txt"):
        return ending
    return "md" if _MARKDOWN.search(data) else "txt"


def locked(name: str) -> ImportProblem:
    return ImportProblem(f"{name} is protected by a password", "Save a copy without a password and import that.")


def _packed(name: str, data: bytes) -> Form:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bombs(name, members)
            names = {one.filename for one in members}
            if "word/document.xml" in names:
                return "docx"
            kind = _start(archive, "mimetype") if "mimetype" in names else b""
            if kind.startswith(b"application/vnd.oasis.opendocument.text") and "content.xml" in names:
                manifest = _start(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
                if b"encryption-data" in manifest:
                    raise locked(name)
                return "odt"
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        mend = "Save it again in the program it was written with."
        raise ImportProblem(f"{name} is a packed file that is damaged", mend) from error
    what = "a spreadsheet" if "xl/workbook.xml" in names else "not a text document"
    raise ImportProblem(f"{name} is {what}", _SAVE)


def _start(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as opened:
        return opened.read(200_000)


def _refuse_bombs(name: str, members: list[zipfile.ZipInfo]) -> None:
    # What a member says of its size is also the most that zipfile unpacks of it.
    whole = sum(one.file_size for one in members)
    swollen = any(
        one.file_size > 1_000_000 and one.file_size > MOST_RATIO * max(1, one.compress_size) for one in members
    )
    long_text = any(one.file_size > MOST_XML for one in members if one.filename.endswith((".xml", ".rels")))
    if len(members) > MOST_MEMBERS or whole > MOST_UNPACKED or swollen or long_text:
        message = f"{name} unpacks to far more than a policy holds, as files do that are made to choke a program"
        raise ImportProblem(message, "Save the text alone, without pictures, and import that.")
