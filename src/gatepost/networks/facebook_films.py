"""Films on a Facebook Page: brought up in pieces that nobody sees, published by one last call, then their subtitles.

A film's ref is "session:video". Until the session is finished there is no post, and the film has no description: that
tells a lookup whether the last call was taken. Facebook takes subtitles for a film that is published, and no
alternative text. Source: developers.facebook.com/docs/graph-api/reference/page/videos (upload_phase), and there
/reference/video and /reference/video/captions, Graph API v26.0, November 2026.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .client import Reply
from .fields import dig, ident, settled, text
from .protocol import (
    Answer,
    Found,
    MediaFile,
    NotThere,
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

HOME = "https://graph-video.facebook.com"
PIECE = 64 * 1024 * 1024  # at most, whatever Facebook asks for at once
TRIES, PAUSE = 3, 2.0  # of subtitles, seconds between: the film has only just been published
LOCALES = {"en": "en_GB", "cy": "cy_GB", "gd": "gd_GB", "ga": "ga_IE", "pl": "pl_PL", "so": "so_SO"}
NotUploaded = Refused | TryLater | Unknown


@dataclass(frozen=True, slots=True)
class Films:
    """`write` goes to the host for films, `get` reads from the Graph and raises ReadFailed; `made` makes a receipt."""

    page: str
    write: Callable[..., Reply | Answer]
    get: Callable[[str, Mapping[str, str]], Reply]
    made: Callable[[str, Any], Receipt]

    def bring_up(self, film: MediaFile) -> UploadAnswer:
        """Everything but the last call. A lost answer is tried again from the beginning."""
        reply = self._sent(body={"upload_phase": "start", "file_size": film.size})
        if not isinstance(reply, Reply):
            return reply
        session, video = ident(reply.body, "upload_session_id"), ident(reply.body, "video_id")
        if not session or not video:
            return TryLater(60.0, "Facebook began to take a film but gave it no id.")
        begin, end = _offsets(reply)
        with film.opened() as data:
            while begin < end:
                data.seek(begin)
                piece = data.read(min(end - begin, PIECE))
                form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(begin)}
                reply = self._sent(form=form, files={"video_file_chunk": (film.filename, piece, film.mime)})
                if not isinstance(reply, Reply):
                    return reply
                before, (begin, end) = begin, _offsets(reply)
                if begin <= before:
                    return TryLater(60.0, "Facebook did not take a piece of the film.")
        return Uploaded(f"{session}:{video}")

    def post(self, film: MediaFile, message: str, title: str) -> Answer:
        """The last call, by which the film is public; its subtitles; and the post that it has become."""
        session, _, video = film.ref.partition(":")
        body = {"upload_phase": "finish", "upload_session_id": session, "description": message, "published": True}
        reply = self.write("POST", f"/{self.page}/videos", body=body | ({"title": title} if title else {}))
        if not isinstance(reply, Reply):
            return reply
        if dig(reply.body, "success") is not True:
            return Unknown("Facebook did not say whether the film was published.")
        lacking = [item.language for item in film.subtitles if not self._subtitled(video, item)]
        answer = self._receipt(video)
        if not lacking:
            return answer
        says = (
            f"The film is out, but Facebook did not take its subtitles ({', '.join(lacking)}). Add them there by hand."
        )
        return Receipt(answer.ref, answer.permalink, answer.raw, note=says)

    def find(self, film: MediaFile, message: str) -> Found:
        """Raises ReadFailed. The description comes with the last call, before Facebook has worked on the film."""
        video = film.ref.partition(":")[2]
        body = self.get(f"/{video}", {"fields": "description,published"}).body
        if settled(text(body, "description")) == settled(message):
            return self._receipt(video)
        if dig(body, "published") is False and not text(body, "description"):
            return NotThere()
        return Unknown("Facebook does not say whether this film was published. Look at the Page.")

    def forget(self, film: MediaFile) -> Answer:
        session = film.ref.partition(":")[0]
        reply = self.write(
            "POST", f"/{self.page}/videos", body={"upload_phase": "cancel", "upload_session_id": session}
        )
        return Receipt(film.ref) if isinstance(reply, Reply) else reply

    def _sent(self, **parts: Any) -> Reply | NotUploaded:
        """A step that nobody sees: after a lost answer it may be done again."""
        reply = self.write("POST", f"/{self.page}/videos", **parts)
        if isinstance(reply, Unknown):
            return TryLater(60.0, f"The film could not be uploaded. {reply.reason}")
        return Unknown("Facebook answered something odd.") if isinstance(reply, Receipt) else reply

    def _subtitled(self, video: str, subtitle: SubtitleFile) -> bool:
        locale = LOCALES.get(subtitle.language) or subtitle.language.replace("-", "_")
        file = (f"subtitles.{locale}.srt", srt_of(subtitle.data), "application/octet-stream")
        for left in range(TRIES, 0, -1):
            reply = self.write(
                "POST", f"/{video}/captions", form={"default_locale": locale}, files={"captions_file": file}
            )
            if isinstance(reply, Reply) and dig(reply.body, "success") is True:
                return True
            if left > 1:
                time.sleep(PAUSE)
        return False

    def _receipt(self, video: str) -> Receipt:
        """The post's ref; the film's own while Facebook has not made the post."""
        try:
            body = self.get(f"/{video}", {"fields": "post_id,permalink_url"}).body
        except ReadFailed:  # it is out, whatever goes wrong with looking
            return self.made(video, {})
        post = ident(body, "post_id")
        if post and "_" not in post:
            post = f"{self.page}_{post}"
        return self.made(post or video, {"id": post or video})


def _offsets(reply: Reply) -> tuple[int, int]:
    """What Facebook asks for next, as bytes of the film: from, to. It writes numbers as words."""
    found = [ident(reply.body, name) for name in ("start_offset", "end_offset")]
    begin, end = (int(value) if value.isascii() and value.isdigit() else 0 for value in found)
    return begin, end
