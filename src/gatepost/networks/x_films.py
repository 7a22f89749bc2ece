"""Films on X: uploaded in pieces, waited for while X works on them, their subtitles fastened to them.

Nobody sees an upload until a post names it, so whatever goes wrong here is tried again from the beginning.
Source: X's OpenAPI description 2.167 (/2/media/upload/initialize, append, finalize; /2/media/subtitles).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from .client import Reply
from .fields import dig, ident, text, whole
from .protocol import Answer, MediaFile, ReadFailed, Receipt, Refused, SubtitleFile, TryLater, Unknown
from .subtitles import srt_of

PIECE = 4 * 1024 * 1024
WAITS = 20.0  # seconds in all; X goes on working and the next try begins anew
NAMES = {"en": "English", "cy": "Cymraeg", "gd": "Gàidhlig", "ga": "Gaeilge", "pl": "Polski", "so": "Soomaali"}

Write = Callable[..., "Reply | Answer"]
Read = Callable[[str, Mapping[str, str]], Reply]


def send_film(write: Write, read: Read, film: MediaFile) -> Answer:
    """The film's media id as a Receipt, its subtitles with it; or why not."""
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
    if not isinstance(ended, Reply):
        return _again(ended)
    waited = _worked_on(read, ref, ended.body)
    if waited is not None:
        return waited
    for subtitle in film.subtitles:
        failed = _subtitled(write, ref, subtitle)
        if failed is not None:
            return failed
    return Receipt(ref)


def _worked_on(read: Read, ref: str, body: Any) -> Answer | None:
    """Waits while X works on a film; None when it is done."""
    until = time.monotonic() + WAITS
    while (state := text(body, "data", "processing_info", "state")) in ("pending", "in_progress"):
        pause = min(max(whole(dig(body, "data", "processing_info"), "check_after_secs"), 1), 5)
        if time.monotonic() + pause > until:
            return TryLater(60.0, "X is still working on the film.")
        time.sleep(pause)
        try:
            body = read("/2/media/upload", {"command": "STATUS", "media_id": ref}).body
        except ReadFailed as fault:
            return TryLater(fault.retry_after or 60.0, fault.reason)
    return (
        Refused("X could not use the film. Save it as MP4 (H.264), then add it again.") if state == "failed" else None
    )


def _subtitled(write: Write, film: str, subtitle: SubtitleFile) -> Answer | None:
    file = {"media": (f"subtitles.{subtitle.language}.srt", srt_of(subtitle.data), "text/srt")}
    ref = _id(write("POST", "/2/media/upload", form={"media_category": "subtitles"}, files=file))
    if not isinstance(ref, str):
        return ref
    code = subtitle.language[:2]
    track = {"id": ref, "language_code": code.upper(), "display_name": NAMES.get(code, subtitle.language)}
    body = {"id": film, "media_category": "TweetVideo", "subtitles": track}
    answer = write("POST", "/2/media/subtitles", body=body)
    return None if isinstance(answer, Reply) else _again(answer)


def _id(answer: Reply | Answer) -> str | Answer:
    if not isinstance(answer, Reply):
        return _again(answer)
    return ident(answer.body, "data", "id") or TryLater(60.0, "X took a file but gave it no id.")


def _again(answer: Answer) -> Answer:
    return TryLater(60.0, f"The film could not be uploaded. {answer.reason}") if isinstance(answer, Unknown) else answer
