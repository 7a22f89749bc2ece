"""The media library of a WordPress site: pictures, films and their subtitles, each known by a slug made of its act and
of what is in it, so that another content of the act never finds it.

What is brought up before its post is private there: nobody finds it in the library, and its file has a name that nobody
can guess. With its post it is opened. Source: developer.wordpress.org/rest-api/reference/media, November 2026; tried on
a real WordPress.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from .client import Reply, not_begun
from .fields import objects, text, whole
from .protocol import Answer, MediaFile, ReadFailed, Receipt, Refused, TryLater, Unknown, UploadAnswer, Uploaded
from .wordpress_text import slug

NotKept = Refused | TryLater | Unknown
NO_ID = TryLater(60.0, "WordPress took a picture but gave it no id.")
IDS = 20  # of one film's ref, which the desk keeps in 300 characters


@dataclass(frozen=True, slots=True)
class Library:
    """`write` and `get` are the connector's own, under wp/v2."""

    write: Callable[..., Reply | Answer]
    get: Callable[[str, Mapping[str, str]], Reply]

    def picture(self, file: MediaFile, key: str, place: int, *, unseen: bool = False) -> dict[str, Any] | NotKept:
        """The picture or film at `place` of the act `key`."""
        return self._kept(file, f"{slug('picture', key)}-{place}", unseen=unseen)

    def unseen(self, file: MediaFile, key: str, place: int) -> UploadAnswer:
        """Private until its post, its subtitles with it. The ref: its number, then theirs."""
        tracks = self._tracks(file, key, place, unseen=True)
        if not isinstance(tracks, list):
            return tracks
        entry = self.picture(file, key, place, unseen=True)
        if not isinstance(entry, dict):
            return entry
        return Uploaded(",".join(str(whole(one, "id")) for one in [entry, *tracks][:IDS]))

    def forgotten(self, ref: str) -> Answer:
        """Takes out what `unseen` brought up; of what a page shows by now, nothing."""
        numbers = ref.split(",")
        if not all(number.isascii() and number.isdigit() for number in numbers):
            return Refused(f"“{ref[:40]}” names no file on this website.")
        for number in numbers:
            gone = self._thrown_away(int(number))
            if not isinstance(gone, Receipt):
                return gone
        return Receipt(ref)

    def _kept(self, file: MediaFile, name: str, *, unseen: bool) -> dict[str, Any] | NotKept:
        """A file in the library, found by its slug or brought up; open to all unless it is to stay `unseen`."""
        name = f"{name}-{_mark(file)}"
        try:
            found = self._found(name)
        except ReadFailed as fault:
            return not_begun(fault)
        if found is None:
            return self._brought_up(file, name, unseen=unseen)
        if unseen or text(found, "status") != "private":
            return found
        # A status that no file can have: WordPress makes "inherit" of it, which it does not take by that name.
        opened = self.write("POST", f"/media/{whole(found, 'id')}", body={"status": "publish"})
        return _entry(opened, "opened")

    def tracks(self, film: MediaFile, key: str, place: int) -> tuple[tuple[str, str], ...] | NotKept:
        """The addresses of a film's subtitles, each with its language. A site that takes no WebVTT files says so, and
        nothing is published without them."""
        found = self._tracks(film, key, place, unseen=False)
        if not isinstance(found, list):
            return found
        return tuple(
            (text(entry, "source_url"), subtitle.language)
            for entry, subtitle in zip(found, film.subtitles, strict=True)
        )

    def _tracks(self, film: MediaFile, key: str, place: int, *, unseen: bool) -> list[dict[str, Any]] | NotKept:
        tracks: list[dict[str, Any]] = []
        for subtitle in film.subtitles:
            file = MediaFile(subtitle.data, "text/vtt", "", f"subtitles-{subtitle.language}.vtt")
            name = f"{slug('track', f'{key}-{place}')}-{subtitle.language.lower()}"
            entry = self._kept(file, name, unseen=unseen)
            if not isinstance(entry, dict):
                return entry
            tracks.append(entry)
        return tracks

    def _thrown_away(self, number: int) -> Answer:
        """Takes a file that is still private out of the library, for good: the library has no bin."""
        try:
            now = self.get(f"/media/{number}", {"context": "edit", "_fields": "id,status"}).body
        except ReadFailed as fault:
            return not_begun(fault)
        if text(now, "status") != "private":
            return Refused("A page shows it by now.")
        gone = self.write("DELETE", f"/media/{number}", params={"force": "true"})
        return Receipt(str(number)) if isinstance(gone, Reply) else gone

    def _found(self, name: str) -> dict[str, Any] | None:
        """Raises ReadFailed."""
        asked = {"slug": name, "status": "inherit,private", "context": "edit", "_fields": "id,slug,source_url,status"}
        body = self.get("/media", asked).body
        entries = objects({"found": body}, "found")
        return next((one for one in entries if text(one, "slug") == name and whole(one, "id") > 0), None)

    def _brought_up(self, file: MediaFile, name: str, *, unseen: bool) -> dict[str, Any] | NotKept:
        form = {"alt_text": file.alt, "slug": name, "title": file.alt[:80] or file.filename}
        form |= {"status": "private"} if unseen else {}
        path = PurePath(file.filename)
        called = f"{path.stem}-{slug('', name).removeprefix('post-')}{path.suffix}" if unseen else file.filename
        with file.opened() as data:
            reply = self.write("POST", "/media", form=form, files={"file": (called, data, file.mime)})
        return _entry(reply, "uploaded")


def _mark(file: MediaFile) -> str:
    """Of its bytes and its alternative text."""
    with file.opened() as data:
        made = hashlib.file_digest(data, "sha256")
    made.update(file.alt.encode("utf-8", "replace"))
    return made.hexdigest()[:16]


def _entry(reply: Reply | Answer, done: str) -> dict[str, Any] | NotKept:
    if isinstance(reply, Unknown):
        return TryLater(60.0, f"A picture could not be {done}. {reply.reason}")
    if isinstance(reply, (Refused, TryLater)):
        return reply
    if isinstance(reply, Reply) and isinstance(reply.body, dict) and whole(reply.body, "id") > 0:
        return reply.body
    return NO_ID
