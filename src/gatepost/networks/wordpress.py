"""A WordPress site over its REST API (wp/v2): posts with pictures, and the comments under them.

Credentials: `username` and `application_password` of a user with the role Editor. `base_url` is the address
of the site. Refs name their kind, because posts and comments are numbered apart: "post:12", "comment:34". A post's slug
comes from the act's key, so a lost answer is settled by one question. Reading lives in wordpress_reading.py.
Source: developer.wordpress.org/rest-api and the source of WordPress 6.5, tried on a real server, November
2026.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx

from .client import BadAccount, Reply, Wire, lookup_failed, needed, not_begun
from .fields import dig, ident, kept, moment, objects, same_text, text, whole
from .matching import found_edited
from .protocol import (
    Account,
    Answer,
    Found,
    Health,
    MediaFile,
    NotThere,
    Outgoing,
    Page,
    ReadFailed,
    Receipt,
    Refused,
    Shown,
    Unknown,
    UploadAnswer,
)
from .rereading import Again
from .wordpress_errors import GONE, code_of, failed_read, failed_write, is_gone
from .wordpress_media import Library
from .wordpress_reading import comments_again, read_comments
from .wordpress_text import Embedded, blocks, heading, numbered, plain, slug, with_pictures

API = "/wp-json/wp/v2"
CLOCK_SKEW = timedelta(minutes=5)
PAGES_LOOKED_AT = 5
NEEDED_RIGHTS = ("publish_posts", "upload_files", "moderate_comments")
NOT_SEEN = ("trash", "spam", "draft", "pending", "private", "future", "hold")  # by the public

_BAD_REF = "“{}” names neither a post nor a comment on this website."


class WordPress:
    """One site and one of its users. Raises BadAccount when made with settings that cannot work."""

    key = "wordpress"

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        needed(account, "username", "application_password")
        if not account.base_url:
            raise BadAccount("A WordPress channel needs the address of its website, such as https://www.example.org")
        user = account.credentials["username"].strip()
        # WordPress shows application passwords in groups of four and takes them without the blanks.
        password = "".join(account.credentials["application_password"].split())
        if ":" in user:
            raise BadAccount("A WordPress user name cannot contain a colon. Enter the name shown under Users.")
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._me = 0
        self._wire = Wire(
            account,
            account.base_url,
            headers={"Authorization": f"Basic {token}"},
            secrets=(token, password),
            transport=transport,
        )
        self._library = Library(self._write, self.get)

    def publish(self, act: Outgoing) -> Answer:
        """A post, or with kind "reply" a comment. The first picture becomes the post's featured image."""
        if act.kind == "reply":
            return self._comment(act)
        try:
            earlier = self._by_slug(act)
        except ReadFailed as fault:
            return not_begun(fault)
        if isinstance(earlier, Receipt):
            return earlier
        uploaded: list[dict[str, Any]] = []
        for number, image in enumerate(act.media):
            picture = self._library.picture(image, act.key, number)
            if not isinstance(picture, dict):
                return picture
            uploaded.append(picture)
        title = heading(act.title, act.text)
        featured = next((place for place, file in enumerate(act.media) if not file.moving), None)
        more: list[Embedded] = []
        for place, (kept_there, file) in enumerate(zip(uploaded, act.media, strict=True)):
            tracks = self._library.tracks(file, act.key, place)
            if not isinstance(tracks, tuple):
                return tracks
            if place != featured:
                more.append(Embedded(text(kept_there, "source_url"), file.alt, file.moving, tracks))
        body: dict[str, Any] = {
            "title": title,
            "content": blocks(act.text, act.link, tuple(more)),
            "status": "publish",
            "slug": slug(title, act.key),
        }
        if featured is not None:
            body["featured_media"] = whole(uploaded[featured], "id")
        reply = self._write("POST", "/posts", body=body)
        return self._receipt("post", reply) if isinstance(reply, Reply) else reply

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        """Private in the site's library until the post that shows it, its subtitles with it."""
        return self._library.unseen(file, key, place)

    def forget_unseen(self, file: MediaFile) -> Answer:
        return self._library.forgotten(file.ref)

    def find(self, act: Outgoing) -> Found:
        """A post by its slug, a reply by its words, a target by its status."""
        try:
            if act.kind == "publish":
                return self._by_slug(act)
            if act.kind == "reply":
                return self._find_comment(act)
            if act.kind == "edit":
                return found_edited(self.shown(act.target), act.target, self._shown_as(act))
            if act.kind in ("close", "reopen"):
                return self._find_closed(act.target, closed=act.kind == "close")
            return self._find_state(act)
        except ReadFailed as fault:
            return lookup_failed(fault)

    def read_since(self, cursor: str) -> Page:
        """Comments of others, on hold and approved, after the cursor."""
        return read_comments(self.get, self._user(), cursor)

    def again(self, refs: Sequence[str]) -> Again:
        return comments_again(self.get, self._user(), refs, self._status)

    def _status(self, number: str) -> str:
        reply = self._wire.read(f"{API}/comments/{number}", {"context": "edit", "_fields": "status"})
        if is_gone(reply):
            return ""
        if not reply.fine:
            raise failed_read(self._wire, reply)
        return text(reply.body, "status") or "unknown"

    def remove(self, ref: str) -> Answer:
        """Puts a post or a reply of ours into the bin."""
        return self._bin(ref)

    def edit(self, act: Outgoing) -> Answer:
        """Other words, and another title where one is given, for a post or an answer of ours. Its pictures stay."""
        kind, number = numbered(act.target)
        if not kind:
            return Refused(_BAD_REF.format(act.target[:40]))
        body = {"content": _markup(act)}
        if kind == "post":
            try:
                now = self.get(f"/posts/{number}", {"context": "edit", "_fields": "content"}).body
            except ReadFailed as fault:
                return not_begun(fault)
            body = {"content": with_pictures(blocks(act.text, act.link), text(now, "content", "raw"))}
            body |= {"title": act.title} if act.title else {}
        reply = self._write("POST", f"/{kind}s/{number}", body=body)
        return self._receipt(kind, reply) if isinstance(reply, Reply) else reply

    def shown(self, ref: str) -> Shown | NotThere:
        kind, number = numbered(ref)
        if not kind:
            raise ReadFailed(_BAD_REF.format(ref[:40]), None)
        asked = {"context": "edit", "_fields": "status,content,featured_media"}
        reply = self._wire.read(f"{API}/{kind}s/{number}", asked)
        if is_gone(reply) or text(reply.body, "status") in NOT_SEEN:
            return NotThere()
        if not reply.fine:
            raise failed_read(self._wire, reply)
        alts = self._alts(whole(reply.body, "featured_media"))
        return Shown(plain(text(reply.body, "content", "raw")), alts, raw=kept(reply.body, self._wire.secrets))

    def _alts(self, picture: int) -> tuple[str, ...]:
        """The alternative text of a post's featured image; none without one, or when it has been thrown away."""
        reply = self._wire.read(f"{API}/media/{picture}", {"_fields": "alt_text"}) if picture else None
        return (text(reply.body, "alt_text"),) if reply is not None and reply.fine else ()

    def _shown_as(self, act: Outgoing) -> str:
        markup = blocks(act.text, act.link) if numbered(act.target)[0] == "post" else _markup(act)
        return plain(markup)

    def remove_other(self, ref: str) -> Answer:
        """Puts somebody's comment into the bin, from where WordPress can restore it."""
        if numbered(ref)[0] != "comment":
            return Refused(_BAD_REF.format(ref[:40]))
        return self._bin(ref)

    def hide(self, ref: str) -> Answer:
        """Puts a comment on hold: its author and the public no longer see it."""
        return self._set_status(ref, "hold")

    def unhide(self, ref: str) -> Answer:
        return self._set_status(ref, "approved")

    def approve(self, ref: str) -> Answer:
        return self._set_status(ref, "approved")

    def close_comments(self, post: str) -> Answer:
        return self._set_comments(post, "closed")

    def reopen_comments(self, post: str) -> Answer:
        return self._set_comments(post, "open")

    def _set_comments(self, post: str, status: str) -> Answer:
        kind, number = numbered(post)
        if kind != "post":
            return Refused(_BAD_REF.format(post[:40]))
        reply = self._write("POST", f"/posts/{number}", body={"comment_status": status})
        if isinstance(reply, Reply) and text(reply.body, "comment_status") != status:
            return Unknown("WordPress did not say whether comments are open there now.")
        return self._known("post", reply.body) if isinstance(reply, Reply) else reply

    def _find_closed(self, post: str, *, closed: bool) -> Found:
        kind, number = numbered(post)
        if kind != "post":
            return Refused(_BAD_REF.format(post[:40]))
        body = self.get(f"/posts/{number}", {"context": "edit"}).body
        return self._known("post", body) if (text(body, "comment_status") == "closed") is closed else NotThere()

    def check(self) -> Health:
        """Asks who we are and whether we may publish, upload and moderate."""
        try:
            who = self.get("/users/me", {"context": "edit", "_fields": "id,name,capabilities"})
            site = self._wire.read("/wp-json/", {"_fields": "name"})
        except ReadFailed as fault:
            return Health(False, fault.reason)
        name = plain(text(site.body, "name"))
        rights = dig(who.body, "capabilities")
        missing = [r for r in NEEDED_RIGHTS if not isinstance(rights, dict) or rights.get(r) is not True]
        if missing:
            told = f"This WordPress user lacks {', '.join(missing)}. Give the user the role Editor."
            return Health(False, told, name)
        return Health(True, f"Connected to {name} as {text(who.body, 'name')}.", name)

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        """Reads from wp/v2. Raises ReadFailed for every error."""
        reply = self._wire.read(API + path, params)
        if not reply.fine:
            raise failed_read(self._wire, reply)
        return reply

    def _user(self) -> int:
        """Our own user id, asked once. Raises ReadFailed."""
        if not self._me:
            self._me = whole(self.get("/users/me", {"_fields": "id"}).body, "id")
            if self._me <= 0:
                raise ReadFailed("WordPress did not say who we are. Check the address of the website.")
        return self._me

    def _write(self, method: str, path: str, **parts: Any) -> Reply | Answer:
        reply = self._wire.write(method, API + path, **parts)
        return failed_write(self._wire, reply) if isinstance(reply, Reply) and not reply.fine else reply

    def _receipt(self, kind: str, reply: Reply) -> Answer:
        number = ident(reply.body, "id")
        if not number.isdigit():
            return Unknown("WordPress answered without an id, so it is not known whether it was taken.")
        return self._known(kind, reply.body)

    def _known(self, kind: str, body: Any) -> Receipt:
        # Comments come with the address and the machine of their author, which a receipt does not need.
        slim = {name: dig(body, name) for name in ("id", "date_gmt", "status", "link", "slug", "post", "parent")}
        return Receipt(f"{kind}:{whole(body, 'id')}", text(body, "link"), kept(slim, self._wire.secrets))

    def _by_slug(self, act: Outgoing) -> Receipt | NotThere:
        wanted = slug(heading(act.title, act.text), act.key)
        body = self.get("/posts", {"slug": wanted, "context": "edit"}).body
        if not isinstance(body, list):
            raise ReadFailed("WordPress answered the search with something that is no list.")
        for post in objects({"found": body}, "found"):
            number = whole(post, "id")
            if text(post, "slug") == wanted and number > 0 and f"post:{number}" not in act.taken:
                return self._known("post", post)
        return NotThere()

    def _comment(self, act: Outgoing) -> Answer:
        kind, number = numbered(act.in_reply_to)
        if not kind:
            return Refused(_BAD_REF.format(act.in_reply_to[:40]))
        if act.media:
            return Refused("A comment on WordPress takes no pictures. Leave them out, or make it a post.")
        body: dict[str, Any] = {"post": number, "content": _markup(act)}
        if kind == "comment":
            try:
                above = self.get(f"/comments/{number}", {"context": "edit", "_fields": "id,post"})
            except ReadFailed as fault:
                return not_begun(fault)
            body = {"post": whole(above.body, "post"), "parent": number, "content": _markup(act)}
        reply = self._write("POST", "/comments", body=body)
        return self._receipt("comment", reply) if isinstance(reply, Reply) else reply

    def _bin(self, ref: str) -> Answer:
        kind, number = numbered(ref)
        if not kind:
            return Refused(_BAD_REF.format(ref[:40]))
        path = f"/{kind}s/{number}"
        reply = self._wire.write("DELETE", API + path)
        if isinstance(reply, Reply) and code_of(reply) == "rest_trash_not_supported":
            # The site keeps no bin (EMPTY_TRASH_DAYS is 0): deleting is for good or not at all.
            reply = self._wire.write("DELETE", API + path, params={"force": "true"})
        if not isinstance(reply, Reply):
            return reply
        if is_gone(reply):
            return Receipt(ref, raw={"already_gone": True})
        return Receipt(ref, raw={"status": reply.status}) if reply.fine else failed_write(self._wire, reply)

    def _set_status(self, ref: str, status: str) -> Answer:
        kind, number = numbered(ref)
        if kind != "comment":
            return Refused(_BAD_REF.format(ref[:40]))
        try:
            now = self.get(f"/comments/{number}", {"context": "edit"}).body
        except ReadFailed as fault:
            return not_begun(fault)
        # WordPress writes the address and the machine of whoever changes a comment over its author's, which
        # are evidence, unless the change names them.
        whose = {name: text(now, name) for name in ("author_ip", "author_user_agent") if text(now, name)}
        reply = self._write("POST", f"/comments/{number}", body={"status": status, **whose})
        if not isinstance(reply, Reply):
            return reply
        if text(reply.body, "status") != status:
            return Unknown(f"WordPress did not say that the comment is now “{status}”.")
        return self._known("comment", reply.body) if whole(reply.body, "id") > 0 else Receipt(ref)

    def _find_comment(self, act: Outgoing) -> Found:
        kind, number = numbered(act.in_reply_to)
        if not kind:
            return Refused(_BAD_REF.format(act.in_reply_to[:40]))
        params = {"status": "all", "context": "edit", "orderby": "id", "order": "desc", "per_page": "100"}
        params |= {"parent": str(number)} if kind == "comment" else {"post": str(number), "parent": "0"}
        params["author"] = str(self._user())
        earliest = act.since - CLOCK_SKEW if act.since else None
        for page in range(1, PAGES_LOOKED_AT + 1):
            body = self.get("/comments", {**params, "page": str(page)}).body
            if not isinstance(body, list):
                raise ReadFailed("WordPress answered the search with something that is no list.")
            entries = objects({"found": body}, "found")
            for entry in entries:
                ref = f"comment:{whole(entry, 'id')}"
                known = whole(entry, "id") <= 0 or ref in act.taken or whole(entry, "author") != self._me
                if known or (earliest and moment(entry, "date_gmt") < earliest):
                    continue
                if same_text(plain(_markup(act)), plain(text(entry, "content", "raw"))):
                    return self._known("comment", entry)
            if len(entries) < 100:
                return NotThere()
        return Unknown("Too much was said since to be sure that it is not on the website. Look at the page.")

    def _find_state(self, act: Outgoing) -> Found:
        kind, number = numbered(act.target)
        if not kind:
            return Refused(_BAD_REF.format(act.target[:40]))
        reply = self._wire.read(f"{API}/{kind}s/{number}", {"context": "edit", "_fields": "id,status,link"})
        taking_down = act.kind in ("remove", "delete")
        if is_gone(reply):
            return Receipt(act.target, raw={"already_gone": True}) if taking_down else Refused(GONE)
        if not reply.fine:
            raise failed_read(self._wire, reply)
        wanted = {"remove": ("trash",), "delete": ("trash",), "hide": ("hold", "spam", "trash")}
        status = text(reply.body, "status")
        if not status:
            return Unknown("WordPress does not say in what state this is.")
        if status in wanted.get(act.kind, ("approved",)):
            return Receipt(act.target, raw={"status": status})
        return NotThere()


def _markup(act: Outgoing) -> str:
    """A comment as WordPress keeps it: it is HTML there, so our angle brackets and ampersands are escaped."""
    words = f"{act.text}\n\n{act.link}" if act.link and act.link not in act.text else act.text
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
