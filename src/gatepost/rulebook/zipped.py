"""A pack as a zip file, and back, with limits: nothing of the file but text of known names is taken."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping

from gatepost.policy.pack import FILE_LIMIT, KNOWN, PACK_LIMIT
from gatepost.rulebook.drafts import DraftError

MOST_BYTES = 4_000_000  # of the zip itself
MOST_ENTRIES = 200
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError, ValueError)
WHEN = (1980, 1, 1, 0, 0, 0)  # the same pack is always the same file


def packed(files: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, str]:
    """The pack's files by name, from the zip's top or its one folder. Raises DraftError."""
    if len(data) > MOST_BYTES:
        raise DraftError(f"The zip is over {MOST_BYTES // 1_000_000} MB. A pack holds text alone.", field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _texts(archive)
    except UNREADABLE as error:
        raise DraftError(
            "This is no zip file the desk can open. Zip the folder of the pack again.", field="file"
        ) from (error)


def _texts(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > MOST_ENTRIES:
        raise DraftError(f"The zip holds more than {MOST_ENTRIES} files. A pack has about 14.", field="file")
    files: dict[str, str] = {}
    total = 0
    for entry in entries:
        name = entry.filename.rpartition("/")[2]
        if name not in KNOWN or "__MACOSX" in entry.filename:
            continue
        if entry.flag_bits & 1:
            raise DraftError(f"{name} is locked with a password. Zip the folder without one.", field="file")
        if name in files:
            raise DraftError(f"The zip holds {name} twice. Zip the folder of one pack alone.", field="file")
        with archive.open(entry) as opened:
            raw = opened.read(FILE_LIMIT + 1)
        total += len(raw)
        if len(raw) > FILE_LIMIT or total > PACK_LIMIT:
            raise DraftError(f"{name} is too large: a file of a pack has at most 1 MB, a pack 8 MB.", field="file")
        try:
            files[name] = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DraftError(f"{name} is not UTF-8 text. Save it as UTF-8.", field="file") from error
    if not files:
        raise DraftError("The zip holds no file of a policy pack, such as pack.toml.", field="file")
    return files
