"""Private messages between residents and the Page: the one private reply to a comment, and conversations after it.

Source: developers.facebook.com, Messenger Platform: Private Replies, Send API, and the webhooks messages,
message_deliveries and message_reads; the Graph API's Conversation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import ids
from .graph_errors import GraphError, bad_parameter, not_there
from .world import World

LONGEST = 2_000  # characters of one message
DAY = 24 * 3600 * 1000  # milliseconds
REPLY_WITHIN = 7 * DAY
FIELDS = "messages,message_deliveries,message_reads"
_LETTERS = """SELECT * FROM letters WHERE (:mid IS NULL OR mid = :mid) AND (:person IS NULL OR person = :person)
    AND (:comment IS NULL OR comment = :comment) AND (:ours IS NULL OR ours = :ours) ORDER BY n DESC LIMIT :most"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One private message. `person` is a resident's id; `comment` what it answers privately; times in milliseconds."""

    n: int
    mid: str
    person: str
    ours: bool
    text: str
    created: int
    comment: str
    delivered: int
    read: int


def keep(world: World, person: str, text: str, *, ours: bool, comment: str = "") -> Letter:
    with world.change():
        number = int(world.db.execute("SELECT coalesce(max(n),0)+1 FROM letters").fetchone()[0])
        mid = f"m_{ids.secret(world.seed, f'message {number}', 40)}"
        values = (mid, person, ours, text, world.now(), comment)
        world.db.execute("INSERT INTO letters (mid,person,ours,text,created,comment) VALUES (?,?,?,?,?,?)", values)
    return letters(world, mid=mid)[0]


def letters(
    world: World,
    *,
    mid: str | None = None,
    person: str | None = None,
    comment: str | None = None,
    ours: bool | None = None,
    limit: int = 200,
) -> list[Letter]:
    """Newest first; None asks for any."""
    asked = {"mid": mid, "person": person, "comment": comment, "ours": ours, "most": limit}
    return [_letter(row) for row in world.db.execute(_LETTERS, asked)]


def _letter(row: Any) -> Letter:
    return Letter(**{**dict(row), "ours": bool(row["ours"])})


def send(world: World, recipient: object, message: object) -> Letter:
    """What POST /{page}/messages takes. Raises GraphError as Facebook refuses."""
    to, said = (_object(one, name) for one, name in ((recipient, "recipient"), (message, "message")))
    words = str(said.get("text", ""))
    if not words.strip() or len(words) > LONGEST or words != words.encode("utf-8", "replace").decode():
        raise bad_parameter(f"Length of param message[text] must be 1 to {LONGEST}")
    comment = str(to.get("comment_id") or to.get("post_id") or "")
    person = _commented(world, comment) if comment else _known(world, str(to.get("id", "")))
    if world.kept_out("facebook") and _number(world, person) in world.kept_out("facebook"):
        raise GraphError(400, 551, "(#551) This person isn't available right now.")
    return keep(world, person, words, ours=True, comment=comment)


def _object(value: object, name: str) -> Mapping[str, Any]:
    try:
        read = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise bad_parameter(f"param {name} must be non-empty")
    return read


def _commented(world: World, ref: str) -> str:
    item = world.item(ref)
    if item is None or item.network != "facebook" or item.removed:
        raise not_there(ref, "post")
    if item.ours:
        raise GraphError(400, 10902, "(#10902) This is not a Replyable activity")
    if world.now() - item.created > REPLY_WITHIN:
        raise GraphError(400, 10901, "(#10901) Activity is too old to be replied to")
    if letters(world, ours=True, comment=ref):
        raise GraphError(400, 10900, "(#10900) Activity already replied to")
    return item.author


def _known(world: World, number: str) -> str:
    person = next((one.id for one in world.people() if one.facebook_id == number), "")
    if not person:
        raise GraphError(400, 100, "(#100) No matching user found", subcode=2018001)
    theirs = letters(world, ours=False, person=person, limit=1)
    if not theirs or world.now() - theirs[0].created > DAY:
        raise GraphError(
            400, 10, "(#10) This message is sent outside of allowed window.", subcode=2018278, kind="OAuthException"
        )
    return person


def _number(world: World, person: str) -> str:
    found = world.person(person)
    return found.facebook_id if found else ""


def answered_privately(world: World, ref: str) -> Letter | None:
    return next(iter(letters(world, ours=True, comment=ref, limit=1)), None)


def conversation_id(letter: Letter) -> str:
    return f"t_{letter.person}"


def conversations(world: World, user: str, most: int) -> dict[str, Any]:
    """GET /{page}/conversations, of one person by `user`, or of all: the newest first, with their newest messages."""
    account = world.account("facebook")
    found = [one for one in world.people() if not user or one.facebook_id == user]
    out = []
    for person in found:
        said = letters(world, person=person.id, limit=most)
        if not said:
            continue
        us, them = {"id": account.id, "name": account.name}, {"id": person.facebook_id, "name": person.name}
        rows = [
            {
                "id": one.mid,
                "message": one.text,
                "from": us if one.ours else them,
                "created_time": stamp(one.created),
            }
            for one in said
        ]
        entry = {"id": conversation_id(said[0]), "updated_time": stamp(said[0].created)}
        out.append(entry | {"participants": {"data": [them, us]}, "messages": {"data": rows}})
    out.sort(key=lambda one: str(one["updated_time"]), reverse=True)
    return {"data": out}


def stamp(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
