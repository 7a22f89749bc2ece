"""X over its API v2, with a user's OAuth 2.0 token.

Credentials: `token` (user context, scopes tweet.read tweet.write tweet.moderate.write users.read media.write
offline.access); `api_secret` (the app's consumer secret) where X calls us. A reply is refused by X on self-serve tiers
unless its author mentioned or quoted us (23 February 2026): the answer then says to reply by hand. Source: docs.x.com
and X's OpenAPI description 2.167, November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx

from .client import BadAccount, Reply, Wire, left_of, lookup_failed, needed
from .cursors import Cursor, cursor_of
from .fields import dig, ident, kept, objects, text
from .matching import Sought, found_edited
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
from .rereading import Again
from .x_errors import GONE, failed_read, failed_write, is_gone, words_of
from .x_films import send_film, upload_film
from .x_posts import POST, TWEET, Dialect, counts_of, id_at, incoming, known_by, replied_to, seconds_of, words
from .x_webhooks import answer_to, is_signed

HOME = "https://api.x.com"
OVERLAP = 30
"""Seconds before the newest mention that are read again: X shows posts late and not in order."""
PAGES = 8
"""Of 100 mentions: X gives the newest 800 and no more."""
OWN_PAGES = 32
"""Of 100 posts of our own: X gives the newest 3,200."""

_ID = re.compile(r"[0-9]{1,19}")
_BAD_REF = "“{}” is not the id of a post on X."


class X:
    """One account. Raises BadAccount when made with settings that cannot work."""

    key = "x"

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        needed(account, "token")
        if not _ID.fullmatch(account.external_id):
            raise BadAccount("The user id of an X channel is a number, not the @name. Enter the number.")
        token = account.credentials["token"].strip()
        self._api_secret = account.credentials.get("api_secret", "").strip()
        self._us, self._handle = account.external_id, account.handle.lstrip("@")
        self._own_home = not account.base_url
        self._dialect: Dialect = POST
        self._wire = Wire(
            account,
            account.base_url or HOME,
            headers={"Authorization": f"Bearer {token}"},
            secrets=(token,),
            transport=transport,
        )

    def publish(self, act: Outgoing) -> Answer:
        """A post, or with kind "reply" an answer to a post."""
        return self._create(act, {"text": _full_text(act)})

    def edit(self, act: Outgoing) -> Answer:
        """Other words for a post of ours: X takes them for half an hour, five times, from accounts it lets edit. The
        receipt holds the new post's id; the old one leads to it."""
        if not _ID.fullmatch(act.target):
            return Refused(_BAD_REF.format(act.target[:40]))
        return self._create(act, {"text": _full_text(act), "edit_options": {"previous_post_id": act.target}})

    def shown(self, ref: str) -> Shown | NotThere:
        if not _ID.fullmatch(ref):
            raise ReadFailed(_BAD_REF.format(ref[:40]), None)
        extra = {"expansions": "attachments.media_keys", "media.fields": "alt_text,type"}
        reply = self._read(f"/2/tweets/{ref}", extra, gone_is_fine=True)
        if is_gone(reply):
            return NotThere()
        alts = [text(media, "alt_text") for media in objects(reply.body, "includes", "media")]
        post = dig(reply.body, "data")
        raw = kept({"data": post, "media": objects(reply.body, "includes", "media")}, self._wire.secrets)
        return Shown(words(post if isinstance(post, dict) else {}), tuple(alts), counts_of(post), raw)

    def _create(self, act: Outgoing, body: dict[str, Any]) -> Answer:
        if act.kind == "reply":
            if not _ID.fullmatch(act.in_reply_to):
                return Refused(_BAD_REF.format(act.in_reply_to[:40]))
            body["reply"] = {"in_reply_to_tweet_id": act.in_reply_to}
        reply = self._posted(act, body)
        if isinstance(reply, Refused) and reply.code == "400" and any(file.ref for file in act.media):
            # What was brought up ahead has ended: X took nothing, so it is brought up anew.
            reply = self._posted(replace(act, media=tuple(replace(file, ref="") for file in act.media)), body)
        if not isinstance(reply, Reply):
            return reply
        ref = ident(reply.body, "data", "id")
        if not _ID.fullmatch(ref):
            return Unknown("X answered without an id, so it is not known whether it was taken.")
        return replace(self._receipt(ref, reply.body), left=left_of(reply.headers))

    def _posted(self, act: Outgoing, body: Mapping[str, Any]) -> Reply | Answer:
        refs = []
        for file in act.media:
            uploaded = Receipt(file.ref) if file.ref else self._brought_up(file)
            if not isinstance(uploaded, Receipt):
                return uploaded
            refs.append(uploaded.ref)
        media = {"media": {"media_ids": refs}} if refs else {}
        return self._write("POST", "/2/tweets", replying=act.kind == "reply", body={**body, **media})

    def _brought_up(self, file: MediaFile) -> Answer:
        return send_film(self._write, self._read, file) if file.moving else self._picture(file)

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        if file.moving:
            return upload_film(self._write, self._read, file)
        picture = self._picture(file)
        return Uploaded(picture.ref) if isinstance(picture, Receipt) else picture

    def forget_unseen(self, file: MediaFile) -> Answer:
        """X has no way to delete an upload; what no post names ends after a day."""
        return Receipt(file.ref)

    def find(self, act: Outgoing) -> Found:
        """Looks through our own posts, or at the target.

        X does not tell whether an answer is hidden. Hiding twice does no harm, so a target that is still
        there counts as not yet hidden or shown: the gate then simply does it again.
        """
        try:
            if act.kind in ("publish", "reply"):
                return self._find_post(act)
            if act.kind == "approve":
                return Refused("X has no approval of posts.")
            if not _ID.fullmatch(act.target):
                return Refused(_BAD_REF.format(act.target[:40]))
            if act.kind in ("mute", "unmute"):
                return NotThere()  # X tells it only page by page; muting twice does no harm
            if act.kind == "edit":
                return found_edited(self.shown(act.target), act.target, _full_text(act))
            gone = is_gone(self._read(f"/2/tweets/{act.target}", {}, gone_is_fine=True))
            if act.kind in ("hide", "unhide"):
                return Refused(GONE, "404") if gone else NotThere()
            return Receipt(act.target, raw={"already_gone": True}) if gone else NotThere()
        except ReadFailed as fault:
            return lookup_failed(fault)

    def read_since(self, cursor: str) -> Page:
        """Posts that mention us, answers to ours among them. X keeps the newest 800."""
        at = cursor_of(cursor)
        params = {"max_results": "100"}
        if at.mark:
            params["since_id"] = id_at(at.mark - OVERLAP)
        found: dict[str, Incoming] = {}
        shown: list[tuple[int, str]] = []
        cut = False
        for _ in range(PAGES):
            body = self._read(f"/2/users/{self._us}/mentions", params).body
            people = {ident(person, "id"): person for person in objects(body, "includes", "users")}
            for post in objects(body, "data"):
                ref = ident(post, "id")
                if _ID.fullmatch(ref):
                    shown.append((seconds_of(ref), ref))
                message = incoming(post, people, self._us)
                if message and message.ref not in at.seen:
                    found[message.ref] = message
            token = ident(body, "meta", "next_token")
            if not token:
                break
            params["pagination_token"] = token
        else:
            cut = True
        fresh = sorted(found.values(), key=lambda message: int(message.ref))
        return Page(tuple(fresh), at.moved(shown, OVERLAP).written() if shown else at.written(), cut=cut)

    def place_of(self, moment: datetime) -> str:
        return Cursor(mark=int(moment.timestamp()) + OVERLAP).written()

    def gone(self, refs: Sequence[str]) -> tuple[str, ...]:
        """Posts that were deleted, or whose writer is gone, suspended or private now: X does not find them. What it
        neither shows nor misses is not told."""
        asked = [ref for ref in refs if _ID.fullmatch(ref)][:100]
        if not asked:
            return ()
        return _missed(asked, self._read("/2/tweets", {"ids": ",".join(asked)}, gone_is_fine=True).body)

    def again(self, refs: Sequence[str]) -> Again:
        """X charges for each post that it shows."""
        asked = [ref for ref in refs if _ID.fullmatch(ref)][:100]
        if not asked:
            return Again()
        body = self._read("/2/tweets", {"ids": ",".join(asked)}, gone_is_fine=True).body
        people = {ident(person, "id"): person for person in objects(body, "includes", "users")}
        found = (incoming(post, people, self._us) for post in objects(body, "data"))
        return Again(tuple(one for one in found if one is not None), _missed(asked, body))

    def remove(self, ref: str) -> Answer:
        if not _ID.fullmatch(ref):
            return Refused(_BAD_REF.format(ref[:40]))
        reply = self._wire.write("DELETE", f"/2/tweets/{ref}")
        if not isinstance(reply, Reply):
            return reply
        if is_gone(reply):
            return Receipt(ref, raw={"already_gone": True})
        if not reply.fine:
            return failed_write(self._wire, reply)
        if dig(reply.body, "data", "deleted") is not True:
            return Unknown("X did not say whether the post was deleted.")
        return Receipt(ref, raw=kept(reply.body, self._wire.secrets))

    def hide(self, ref: str) -> Answer:
        """Hides an answer in a conversation that we began; others can still open it."""
        return self._set_hidden(ref, hidden=True)

    def unhide(self, ref: str) -> Answer:
        return self._set_hidden(ref, hidden=False)

    def mute(self, person: str) -> Answer:
        """We no longer see what they write; they are not told. Blocking is for X's Enterprise customers alone."""
        if not _ID.fullmatch(person):
            return Refused(_BAD_REF.format(person[:40]))
        reply = self._write("POST", f"/2/users/{self._us}/muting", body={"target_user_id": person})
        return self._muted(reply, person, muting=True)

    def unmute(self, person: str) -> Answer:
        if not _ID.fullmatch(person):
            return Refused(_BAD_REF.format(person[:40]))
        return self._muted(self._write("DELETE", f"/2/users/{self._us}/muting/{person}"), person, muting=False)

    def _muted(self, reply: Reply | Answer, person: str, *, muting: bool) -> Answer:
        if not isinstance(reply, Reply):
            return reply
        if dig(reply.body, "data", "muting") is not muting:
            return Unknown("X did not say whether it was done.")
        return Receipt(person, raw=kept(reply.body, self._wire.secrets))

    def check(self) -> Health:
        try:
            who = self._read("/2/users/me", {})
        except ReadFailed as fault:
            return Health(False, fault.reason)
        name, handle = text(who.body, "data", "name"), text(who.body, "data", "username")
        if ident(who.body, "data", "id") != self._us:
            return Health(
                False,
                f"The token belongs to @{handle}, not to this channel's account. Enter this account's token.",
                name,
            )
        return Health(True, f"Connected to @{handle}.", name)

    def signature_is_valid(self, body: bytes, headers: Mapping[str, str]) -> bool:
        return is_signed(self._api_secret, body, headers)

    def answer_to(self, asked: Mapping[str, str]) -> str:
        return answer_to(self._api_secret, asked)

    def _read(self, path: str, params: Mapping[str, str], *, gone_is_fine: bool = False) -> Reply:
        """Reads, in the newer dialect or, when X does not know its names, in the older one. Raises
        ReadFailed."""
        posts = path.startswith("/2/tweets") or path.endswith(("/tweets", "/mentions"))
        reply = self._wire.read(path, _asked(self._dialect if posts else {}, params))
        if posts and reply.status == 400 and self._dialect is POST and _unknown_names(reply):
            self._dialect = TWEET
            reply = self._wire.read(path, _asked(TWEET, params))
        if is_gone(reply):
            if gone_is_fine:
                return reply
            raise ReadFailed(GONE, None)
        if not reply.fine:
            raise failed_read(self._wire, reply)
        return reply

    def _write(self, method: str, path: str, *, replying: bool = False, **parts: Any) -> Reply | Answer:
        reply = self._wire.write(method, path, **parts)
        if isinstance(reply, Reply) and (not reply.fine or is_gone(reply)):
            return failed_write(self._wire, reply, replying=replying)
        return reply

    def _receipt(self, ref: str, body: Any) -> Receipt:
        # A practice town's posts are not on X: a link there would lead nowhere.
        link = f"https://x.com/{self._handle or 'i'}/status/{ref}" if self._own_home else ""
        return Receipt(ref, link, kept(body, self._wire.secrets))

    def _picture(self, image: MediaFile) -> Answer:
        """Uploads a picture and its alternative text. Nobody sees it yet, so a lost answer is tried again."""
        kind = "tweet_gif" if image.mime == "image/gif" else "tweet_image"
        file = {"media": (image.filename, image.data, image.mime)}
        reply = self._write("POST", "/2/media/upload", form={"media_category": kind}, files=file)
        ref = ident(reply.body, "data", "id") if isinstance(reply, Reply) else ""
        if isinstance(reply, Reply) and not _ID.fullmatch(ref):
            return TryLater(60.0, "X took a picture but gave it no id.")
        if isinstance(reply, Reply) and image.alt:
            words_for = {"id": ref, "metadata": {"alt_text": {"text": image.alt}}}
            reply = self._write("POST", "/2/media/metadata", body=words_for)
        if isinstance(reply, Unknown):
            return TryLater(60.0, f"A picture or its alternative text could not be uploaded. {reply.reason}")
        return Receipt(ref) if isinstance(reply, Reply) else reply

    def _set_hidden(self, ref: str, *, hidden: bool) -> Answer:
        if not _ID.fullmatch(ref):
            return Refused(_BAD_REF.format(ref[:40]))
        reply = self._write("PUT", f"/2/tweets/{ref}/hidden", body={"hidden": hidden})
        if not isinstance(reply, Reply):
            return reply
        if dig(reply.body, "data", "hidden") is not hidden:
            return Unknown("X did not say whether it was done.")
        return Receipt(ref, raw=kept(reply.body, self._wire.secrets))

    def find_many(self, acts: Sequence[Outgoing]) -> list[Found]:
        """Posts and answers in one walk through the account's own posts; everything else by itself."""
        ours = [act for act in acts if act.kind in ("publish", "reply") and _full_text(act).strip()]
        try:
            found = dict(zip(map(id, ours), self._find_posts(ours) if ours else [], strict=True))
        except ReadFailed as fault:
            found = dict.fromkeys(map(id, ours), lookup_failed(fault))
        return [found[id(act)] if id(act) in found else self.find(act) for act in acts]

    def _find_post(self, act: Outgoing) -> Found:
        if not _full_text(act).strip():
            return Unknown("A post without words cannot be recognised on X. Look at the account.")
        return self._find_posts([act])[0]

    def _find_posts(self, acts: Sequence[Outgoing]) -> list[Found]:
        sought = Sought(acts, lambda act: known_by(_full_text(act), act.in_reply_to if act.kind == "reply" else ""))
        params = {"max_results": "100", "exclude": "retweets"}
        if sought.earliest:
            params["start_time"] = sought.earliest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for _ in range(OWN_PAGES):
            body = self._read(f"/2/users/{self._us}/tweets", params).body
            if not isinstance(body, dict) or not ({"data", "meta"} & set(body)):
                return sought.answers(Unknown("X answered the search with something that is no list of posts."))
            for post in objects(body, "data"):
                ref = ident(post, "id")
                if _ID.fullmatch(ref):
                    sought.offer(ref, known_by(words(post), replied_to(post)), None, partial(self._receipt, ref, post))
            token = ident(body, "meta", "next_token")
            if sought.complete or not token:
                return sought.answers(NotThere())
            params["pagination_token"] = token
        return sought.answers(Unknown("Too much was posted since to be sure that it is not on X. Look at the account."))


def _full_text(act: Outgoing) -> str:
    return f"{act.text} {act.link}".strip() if act.link and act.link not in act.text else act.text


def _asked(dialect: Dialect, params: Mapping[str, str]) -> dict[str, str]:
    """`params` over the dialect's own; expansions of both are asked for."""
    both = ",".join(filter(None, (dialect.get("expansions", ""), params.get("expansions", ""))))
    return {**dialect, **params, **({"expansions": both} if both else {})}


def _unknown_names(reply: Reply) -> bool:
    told = f"{words_of(reply)} {dig(reply.body, 'errors')!s:.2000}"
    return any(name in told for name in ("post.fields", "referenced_posts", "note_post"))


def _missed(asked: Sequence[str], body: Any) -> tuple[str, ...]:
    """Those that X says it does not find. What it neither shows nor misses is not told."""
    missed = {
        ident(error, "resource_id") or ident(error, "value")
        for error in objects(body, "errors")
        if text(error, "type").endswith(("resource-not-found", "not-authorized-for-resource"))
    }
    there = {ident(post, "id") for post in objects(body, "data")}
    return tuple(ref for ref in asked if ref in missed and ref not in there)
