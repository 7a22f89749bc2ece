"""What a file is by its bytes, whatever its name and its sender say; and why the desk does not keep it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from PIL import Image

LARGEST = 10 * 1024 * 1024
PIXELS = 80_000_000
ENTRIES = 5000  # of an office document

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN = frozenset(
    f"application/vnd.oasis.opendocument.{what}{end}"
    for what in ("text", "spreadsheet", "presentation", "graphics")
    for end in ("", "-template")
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`mime` of a file that is kept; else `refused` says why not, in words."""

    mime: str = ""
    refused: str = ""


def kind_of(data: bytes) -> Kind:
    """Looks at the bytes alone. Pictures are opened as far as shows that they are pictures."""
    if not data:
        return Kind(refused="It is empty.")
    if len(data) > LARGEST:
        return Kind(refused=f"It is larger than {LARGEST // 2**20} MB.")
    if data.startswith(_PROGRAMS):
        return Kind(refused="It is a program.")
    mime = next((mime for start, mime in _STARTS if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        mime = "image/webp"
    elif data[4:8] == b"ftyp":
        mime = "image/heic" if data[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    if mime.startswith("image/") and mime != "image/heic":
        return _picture(data, mime)
    if mime:
        return Kind(mime)
    if data.startswith(b"PK\x03\x04"):
        return _document(data)
    try:
        words = data.decode("utf-8")
    except UnicodeDecodeError:
        return Kind(refused="It is of a kind that the desk does not keep.")
    return Kind(refused="It is of a kind that the desk does not keep.") if "\x00" in words else Kind("text/plain")


def _picture(data: bytes, mime: str) -> Kind:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > PIXELS:
                return Kind(refused="The picture is larger than 80 megapixels.")
            if Image.MIME.get(picture.format or "") != mime:
                return Kind(refused="It says that it is a picture and is none.")
            picture.verify()
    except Exception:  # Pillow raises many kinds on broken files
        return Kind(refused="The picture is broken.")
    return Kind(mime)


def _document(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()[:ENTRIES]
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names):
                return Kind(refused="It holds a program (macros).")
            if "[Content_Types].xml" in names:
                return next(
                    (Kind(mime) for start, mime in _OFFICE.items() if any(name.startswith(start) for name in names)),
                    Kind(refused="It is an archive."),
                )
            if names and names[0] == "mimetype" and packed.getinfo("mimetype").file_size < 200:
                told = packed.read("mimetype").decode("ascii", "replace")
                if told.strip() in _OPEN:
                    return Kind(told.strip())
    except Exception:  # the decompressors raise many kinds on broken files
        return Kind(refused="The file is broken.")
    return Kind(refused="It is an archive.")
