"""Facebook Pages over the Graph API, v26.0: what the Page says, and the moderation of what is said to it.

Credentials: `token` (a Page access token) and, when the app demands it, `app_secret` for `appsecret_proof`
and for the signatures of webhooks. The token travels in a header, never in an address. Reading lives in
facebook_reading.py. Source: developers.facebook.com/docs/pages-api and /docs/graph-api/reference, read
November 2026.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from .client import BadAccount, Reply, Wire, lookup_failed, needed
from .cursors import Cursor
from .facebook_again import again
from .facebook_blocking import NOBODY, PERSON, find_blocked, told_of
from .facebook_counts import COUNTED, counts_of, without_people
from .facebook_delivery import messages_in
from .facebook_errors import Gone, failed_read, failed_write, is_gone
from .facebook_films import HOME as FILM_HOME
from .facebook_films import Films
from .facebook_finding import BAD_REF as _BAD_REF
from .facebook_finding import REF as _REF
from .facebook_finding import find_gone, find_hidden, in_comments, in_feed, message_of
from .facebook_messenger import private_in, reached_in
from .facebook_private import Private
from .facebook_reading import OVERLAP, read_page
from .fields import dig, ident, kept, objects, text
from .matching import found_edited
from .protocol import (
    Account,
    Answer,
    Found,
    Health,
    Incoming,
    MediaFile,
    NotThere,
    Outgoing,
    Page,
    ReadFailed,
    Receipt,
    Refused,
    Shown,
    TryLater,
    Unknown,
    UploadAnswer,
    Uploaded,
)
from .reaching import Reached, person_of
from .rereading import Again

HOME = "https://graph.facebook.com"
VERSION = "v26.0"

_NO_PHOTO = ("100", "100/33", "324")  # codes of a post that names a picture Facebook does not have
_FILM_ENDED = (
    "Its film was at Facebook already. Look on the Page; if it is not there, change the post and sign it again."
)


class Facebook:
    """One Page. Raises BadAccount when made with settings that cannot work."""

    key = "facebook"

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        needed(account, "token")
        if not account.external_id.isascii() or not account.external_id.isdigit():
            raise BadAccount("The Page id of a Facebook channel is a number, shown under Page transparency. Enter it.")
        token = account.credentials["token"].strip()
        secret = account.credentials.get("app_secret", "").strip()
        self._page, self._own_home = account.external_id, not account.base_url
        self._secret = secret
        self._proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest() if secret else ""
        self._wire, self._film_wire = (
            Wire(
                account,
                account.base_url or home,
                headers={"Authorization": f"Bearer {token}"},
                secrets=(token, secret, self._proof),
                transport=transport,
            )
            for home in (HOME, FILM_HOME)
        )
        self._private = Private(self._page, self._write, self.get, self._wire.secrets)
        self._films = Films(self._page, self._write_film, self.get, self._receipt)

    def publish(self, act: Outgoing) -> Answer:
        """A post of the Page, or with kind "reply" a comment of the Page under a post or a comment."""
        replying = act.kind == "reply"
        if person := person_of(act.in_reply_to):
            return self._private.answer(act, person)
        if replying and not _REF.fullmatch(act.in_reply_to):
            return Refused(_BAD_REF.format(act.in_reply_to[:60]))
        if replying and len(act.media) > 1:
            return Refused("A comment on Facebook takes one picture. Leave the others out, or make it a post.")
        answer = self._posted(act)
        if isinstance(answer, Refused) and answer.code in _NO_PHOTO and any(file.ref for file in act.media):
            if _film_of(act):  # its last call may have been taken before: another film might be the second
                return replace(answer, reason=f"{answer.reason} {_FILM_ENDED}")
            # What was brought up ahead has ended: Facebook took nothing, so it is brought up anew.
            return self._posted(replace(act, media=tuple(replace(file, ref="") for file in act.media)))
        return answer

    def _posted(self, act: Outgoing) -> Answer:
        replying, photos = act.kind == "reply", []
        if film := _film_of(act):
            return self._post_film(act, film)
        for image in act.media:
            photo = Receipt(image.ref) if image.ref else self._photo(image)
            if not isinstance(photo, Receipt):
                return photo
            photos.append(photo.ref)
        if replying:
            picture = {"attachment_id": photos[0]} if photos else {}
            return self._made(f"/{act.in_reply_to}/comments", {"message": message_of(act), **picture})
        body: dict[str, Any] = {"message": message_of(act), "published": True}
        if photos:
            body["attached_media"] = [{"media_fbid": photo} for photo in photos]
        elif act.link:
            body["link"] = act.link
        return self._made(f"/{self._page}/feed", body)

    def _post_film(self, act: Outgoing, film: MediaFile) -> Answer:
        if act.kind == "reply" or len(act.media) > 1:
            return Refused("A film on Facebook is a post of its own. Leave the others out, or make it a post.")
        if not film.ref:
            up = self._films.bring_up(film)
            if not isinstance(up, Uploaded):
                return up
            film = replace(film, ref=up.ref)
        return self._films.post(film, message_of(act), act.title)

    def reply_privately(self, act: Outgoing) -> Answer:
        """The one private message that Facebook takes within seven days of a comment or a visitor's post."""
        return self._private.reply(act)

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        """A photo that is not published: Facebook lets go of it after a day when no post has named it. A film but for
        its last call."""
        if file.moving:
            return self._films.bring_up(file)
        photo = self._photo(file)
        return Uploaded(photo.ref) if isinstance(photo, Receipt) else photo

    def forget_unseen(self, file: MediaFile) -> Answer:
        return self._films.forget(file) if ":" in file.ref else self._delete(file.ref)

    def find(self, act: Outgoing) -> Found:
        """Looks through what the Page has posted, or at the state of the target."""
        try:
            if act.kind in ("hide", "unhide"):
                return find_hidden(self.get, act.target, self._wire.secrets, hidden=act.kind == "hide")
            if act.kind in ("block", "unblock"):
                return find_blocked(self.get, self._page, act.target, blocked=act.kind == "block")
            if act.kind in ("remove", "delete"):
                return find_gone(self.get, act.target)
            if act.kind == "edit":
                return found_edited(self.shown(act.target), act.target, message_of(act))
            if act.kind == "approve":
                return Refused("Facebook has no approval of comments.")
            return self._find_text(act)
        except ReadFailed as fault:
            return lookup_failed(fault)

    def find_many(self, acts: Sequence[Outgoing]) -> list[Found]:
        """Posts in one walk through the feed; everything else by itself."""
        posts = [act for act in acts if act.kind == "publish" and act.text.strip() and not _film_of(act)]
        try:
            found = dict(
                zip(map(id, posts), in_feed(self.get, self._page, posts, self._shown) if posts else [], strict=True)
            )
        except ReadFailed as fault:
            found = dict.fromkeys(map(id, posts), lookup_failed(fault))
        return [found[id(act)] if id(act) in found else self.find(act) for act in acts]

    def read_since(self, cursor: str) -> Page:
        """Comments under the Page's newest posts, and posts of others on the Page."""
        return read_page(self.get, self._page, cursor)

    def place_of(self, moment: datetime) -> str:
        return Cursor(mark=int(moment.timestamp()) + OVERLAP).written()

    def again(self, refs: Sequence[str]) -> Again:
        return again(self.get, self._page, refs)

    def remove(self, ref: str) -> Answer:
        return self._delete(ref)

    def edit(self, act: Outgoing) -> Answer:
        """Other words for a post or an answer of ours. Pictures and the card of a link stay."""
        if not _REF.fullmatch(act.target):
            return Refused(_BAD_REF.format(act.target[:60]))
        words = "message" if "_" in act.target else "description"
        return self._done(self._write("POST", f"/{act.target}", body={words: message_of(act)}), act.target)

    def shown(self, ref: str) -> Shown | NotThere:
        try:
            if ref.startswith(f"{self._page}_"):
                return self._look(ref)
            if not _REF.fullmatch(ref):
                raise ReadFailed(_BAD_REF.format(ref[:60]), None)
            words = "message" if "_" in ref else "description"  # a film whose post was not known yet
            body = self.get(f"/{ref}", {"fields": words}).body
            return Shown(text(body, words), raw=kept(body, self._wire.secrets))
        except Gone:
            return NotThere()

    def remove_other(self, ref: str) -> Answer:
        return self._delete(ref)

    def hide(self, ref: str) -> Answer:
        return self._set_hidden(ref, hidden=True)

    def unhide(self, ref: str) -> Answer:
        return self._set_hidden(ref, hidden=False)

    def block(self, person: str) -> Answer:
        """Keeps somebody from commenting on the Page and from writing to it."""
        if not PERSON.fullmatch(person):
            return Refused(NOBODY)
        reply = self._write("POST", f"/{self._page}/blocked", body={"user": [person]})
        return told_of(reply, person, self._wire.secrets) or self._done(reply, person)

    def unblock(self, person: str) -> Answer:
        if not PERSON.fullmatch(person):
            return Refused(NOBODY)
        return self._done(self._write("DELETE", f"/{self._page}/blocked", query={"user": person}), person)

    def check(self) -> Health:
        """Asks who the token belongs to; a token of another Page is ill."""
        try:
            who = self.get("/me", {"fields": "id,name"})
        except ReadFailed as fault:
            return Health(False, fault.reason)
        name = text(who.body, "name")
        if ident(who.body, "id") != self._page:
            return Health(
                False,
                f"The token belongs to {name or 'somebody else'}, not to this Page. Enter this Page's token.",
                name,
            )
        return Health(True, f"Connected to the Page {name}.", name)

    def _look(self, ref: str) -> Shown:
        if not _REF.fullmatch(ref):
            raise ReadFailed(_BAD_REF.format(ref[:60]), None)
        fields = "message,attachments{target{id},media_type,subattachments{target{id},media_type}}"
        post = self.get(f"/{ref}", {"fields": f"{fields},{COUNTED}"})
        alts = []
        for attachment in objects(post.body, "attachments", "data"):
            for part in objects(attachment, "subattachments", "data") or [attachment]:
                photo = ident(part, "target", "id")
                if photo and _REF.fullmatch(photo) and text(part, "media_type") != "video":
                    shown = self.get(f"/{photo}", {"fields": "alt_text_custom"})
                    alts.append(text(shown.body, "alt_text_custom"))
        raw = kept(without_people(post.body), self._wire.secrets)
        return Shown(text(post.body, "message"), tuple(alts), counts_of(post.body), raw)

    def signature_is_valid(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether X-Hub-Signature-256 is Facebook's over `body`. False without an app secret."""
        given = next((value for name, value in headers.items() if name.lower() == "x-hub-signature-256"), "")
        said = given.strip().encode("utf-8", "replace")
        made = "sha256=" + hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        # Bytes on both sides, because compare_digest raises for text outside ASCII.
        return bool(self._secret) and hmac.compare_digest(said, made.encode())

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        """The new messages that a call of Facebook's tells of, also those under posts too old for `read_since`, and
        private ones."""
        return (*messages_in(body, self._page), *private_in(body, self._page))

    def reached_in(self, body: bytes) -> tuple[Reached, ...]:
        return reached_in(body, self._page)

    def get(self, path: str, params: Mapping[str, str]) -> Reply:
        """Reads from the Graph. Raises ReadFailed for every error but "gone", which has its own reason."""
        reply = self._wire.read(f"/{VERSION}{path}", {**params, **self._proven()})
        if not reply.fine or dig(reply.body, "error") is not None:
            if is_gone(reply):
                raise Gone
            raise failed_read(self._wire, reply)
        return reply

    def _proven(self) -> dict[str, str]:
        return {"appsecret_proof": self._proof} if self._proof else {}

    def _write(self, method: str, path: str, *, query: Mapping[str, str] | None = None, **parts: Any) -> Reply | Answer:
        params = {**(query or {}), **self._proven()}
        return self._read_answer(method, self._wire.write(method, f"/{VERSION}{path}", params=params, **parts))

    def _write_film(self, method: str, path: str, **parts: Any) -> Reply | Answer:
        return self._read_answer(
            method, self._film_wire.write(method, f"/{VERSION}{path}", params=self._proven(), **parts)
        )

    def _read_answer(self, method: str, reply: Reply | Answer) -> Reply | Answer:
        if isinstance(reply, Reply) and (not reply.fine or dig(reply.body, "error") is not None):
            return self._receipt_if_gone(method, reply) or failed_write(self._wire, reply)
        return reply

    def _receipt_if_gone(self, method: str, reply: Reply) -> Receipt | None:
        return Receipt("gone", raw={"already_gone": True}) if method == "DELETE" and is_gone(reply) else None

    def _made(self, path: str, body: dict[str, Any]) -> Answer:
        reply = self._write("POST", path, body=body)
        if not isinstance(reply, Reply):
            return reply
        ref = ident(reply.body, "post_id") or ident(reply.body, "id")
        if not _REF.fullmatch(ref):
            return Unknown("Facebook answered without an id, so it is not known whether it was taken.")
        return self._receipt(ref, reply.body)

    def _receipt(self, ref: str, body: Any) -> Receipt:
        # A practice town's posts are not on Facebook: a link there would lead nowhere.
        link = (text(body, "permalink_url") or f"https://www.facebook.com/{ref}") if self._own_home else ""
        return Receipt(ref, link, kept(body, self._wire.secrets))

    def _photo(self, image: MediaFile) -> Answer:
        """Uploads a picture that nobody sees yet, so a lost answer loses nothing and is tried again."""
        form = {"published": "false", "alt_text_custom": image.alt}
        file = {"source": (image.filename, image.data, image.mime)}
        reply = self._write("POST", f"/{self._page}/photos", form=form, files=file)
        if isinstance(reply, Unknown):
            return TryLater(60.0, f"A picture could not be uploaded. {reply.reason}")
        if isinstance(reply, Reply):
            ref = ident(reply.body, "id")
            return Receipt(ref) if ref else TryLater(60.0, "Facebook took a picture but gave it no id.")
        return reply

    def _set_hidden(self, ref: str, *, hidden: bool) -> Answer:
        if not _REF.fullmatch(ref):
            return Refused(_BAD_REF.format(ref[:60]))
        return self._done(self._write("POST", f"/{ref}", body={"is_hidden": hidden}), ref)

    def _delete(self, ref: str) -> Answer:
        if not _REF.fullmatch(ref):
            return Refused(_BAD_REF.format(ref[:60]))
        return self._done(self._write("DELETE", f"/{ref}"), ref)

    def _done(self, reply: Reply | Answer, ref: str) -> Answer:
        if isinstance(reply, Receipt):
            return Receipt(ref, raw=reply.raw)
        if not isinstance(reply, Reply):
            return reply
        if dig(reply.body, "success") is not True and reply.body is not True:
            return Unknown("Facebook did not say whether it was done.")
        return Receipt(ref, raw=kept(reply.body, self._wire.secrets))

    def _find_text(self, act: Outgoing) -> Found:
        if act.privately:
            return self._private.find_reply(act)
        if person := person_of(act.in_reply_to):
            return self._private.find_answer(act, person)
        film = _film_of(act)
        if film and film.ref:
            return self._films.find(film, message_of(act))
        if not act.text.strip():
            return Unknown("A post without words cannot be recognised on Facebook. Look at the Page.")
        if act.kind != "reply":
            there = in_feed(self.get, self._page, [act], self._shown)[0]
            if film and isinstance(there, NotThere):
                return Unknown("Facebook may still be working on the film. Look at the Page.")
            return there
        if not _REF.fullmatch(act.in_reply_to):
            return Refused(_BAD_REF.format(act.in_reply_to[:60]))
        try:
            found = in_comments(self.get, act.in_reply_to, self._page, [act], self._shown)[0]
            if isinstance(found, NotThere) and not act.in_reply_to.startswith(f"{self._page}_"):
                # Facebook hangs an answer to an answer under the first comment of the thread.
                above = self.get(f"/{act.in_reply_to}", {"fields": "id,parent{id}"})
                top = ident(above.body, "parent", "id")
                if _REF.fullmatch(top):
                    return in_comments(self.get, top, self._page, [act], self._shown)[0]
            return found
        except Gone as fault:
            return Refused(fault.reason)

    def _shown(self, ref: str, entry: Any) -> Receipt:
        return self._receipt(ref, entry)


def _film_of(act: Outgoing) -> MediaFile | None:
    return next((file for file in act.media if file.moving), None)
