"""Films on X: uploaded in pieces, waited for while X works on them, their subtitles fastened to them.

Nobody sees an upload until a post names it, so whatever goes wrong here is tried again: while X works on the film from
there, else from the beginning.
Source: X's OpenAPI description 2.167 (/2/media/upload/initialize, append, finalize; /2/media/subtitles).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .client import Reply, not_begun
from .fields import dig, ident, text, whole
from .protocol import (
    Answer,
    MediaFile,
    ReadFailed,
    Receipt,
    Refused,
    SubtitleFile,
    TryLater,
    Unknown,
    UploadAnswer,
    Uploaded,
)
from .subtitles import srt_of

PIECE = 4 * 1024 * 1024
WAITS = 20.0  # seconds in all; X goes on working and the next try begins anew
NAMES = {"en": "English", "cy": "Cymraeg", "gd": "Gàidhlig", "ga": "Gaeilge", "pl": "Polski", "so": "Soomaali"}

NotUploaded = Refused | TryLater | Unknown
Write = Callable[..., "Reply | Answer"]
Read = Callable[[str, Mapping[str, str]], Reply]


def send_film(write: Write, read: Read, film: MediaFile) -> Answer:
    """The film's media id as a Receipt, its subtitles with it; or why not. Waits a little while X works on it."""
    until, answer = time.monotonic() + WAITS, upload_film(write, read, film)
    while isinstance(answer, Uploaded) and answer.after:
        pause = min(answer.after, 5.0)
        if time.monotonic() + pause > until:
            return TryLater(60.0, "X is still working on the film.")
        time.sleep(pause)
        answer = upload_film(write, read, replace(film, ref=answer.ref))
    return Receipt(answer.ref) if isinstance(answer, Uploaded) else answer


def upload_film(write: Write, read: Read, film: MediaFile) -> UploadAnswer:
    """Brings a film up, or asks how far X is with one that has a ref. Its subtitles are fastened when X is done."""
    if film.ref:
        try:
            body = read("/2/media/upload", {"command": "STATUS", "media_id": film.ref}).body
        except ReadFailed as fault:
            return not_begun(fault)
        return _done(write, film, film.ref, body)
    began = {"media_type": film.mime, "total_bytes": film.size, "media_category": "tweet_video"}
    ref = _id(write("POST", "/2/media/upload/initialize", body=began))
    if not isinstance(ref, str):
        return ref
    for number, piece in enumerate(film.pieces(PIECE)):
        part = {"media": (film.filename, piece, film.mime)}
        answer = write("POST", f"/2/media/upload/{ref}/append", form={"segment_index": str(number)}, files=part)
        if not isinstance(answer, Reply):
            return _again(answer)
    ended = write("POST", f"/2/media/upload/{ref}/finalize")
    return _done(write, film, ref, ended.body) if isinstance(ended, Reply) else _again(ended)


def _done(write: Write, film: MediaFile, ref: str, body: Any) -> UploadAnswer:
    """What X says of its work on a film; with the subtitles fastened to it when it is done."""
    keeps = float(whole(dig(body, "data"), "expires_after_secs"))
    state = text(body, "data", "processing_info", "state")
    if state in ("pending", "in_progress"):
        return Uploaded(ref, keeps, float(max(whole(dig(body, "data", "processing_info"), "check_after_secs"), 1)))
    if state == "failed":
        return Refused("X could not use the film. Save it as MP4 (H.264), then add it again.")
    for subtitle in film.subtitles:
        failed = _subtitled(write, ref, subtitle)
        if failed is not None:
            return failed
    return Uploaded(ref, keeps)


def _subtitled(write: Write, film: str, subtitle: SubtitleFile) -> NotUploaded | None:
    file = {"media": (f"subtitles.{subtitle.language}.srt", srt_of(subtitle.data), "text/srt")}
    ref = _id(write("POST", "/2/media/upload", form={"media_category": "subtitles"}, files=file))
    if not isinstance(ref, str):
        return ref
    code = subtitle.language[:2]
    track = {"id": ref, "language_code": code.upper(), "display_name": NAMES.get(code, subtitle.language)}
    body = {"id": film, "media_category": "TweetVideo", "subtitles": track}
    answer = write("POST", "/2/media/subtitles", body=body)
    return None if isinstance(answer, Reply) else _again(answer)


def _id(answer: Reply | Answer) -> str | NotUploaded:
    if not isinstance(answer, Reply):
        return _again(answer)
    return ident(answer.body, "data", "id") or TryLater(60.0, "X took a file but gave it no id.")


def _again(answer: Answer) -> NotUploaded:
    if isinstance(answer, Receipt):
        return TryLater(60.0, "X took a file but gave it no id.")
    return TryLater(60.0, f"The film could not be uploaded. {answer.reason}") if isinstance(answer, Unknown) else answer
