"""Posts, users and media as the X API v2 shows them, and its timelines with paging.

X's description of 2026 renames fields (`tweet.fields` to `post.fields`, `referenced_tweets` to `referenced_posts`, …).
Both names are understood; an answer uses the names of the parameter the caller used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from . import media, x_text
from .world import Item, World
from .x_errors import invalid


class Shape:
    """What the caller wants to see, from its query."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.new_names = "post.fields" in query
        self.post = _several(query.get("post.fields") or query.get("tweet.fields"))
        self.user = _several(query.get("user.fields"))
        self.media = _several(query.get("media.fields"))
        self.expansions = _several(query.get("expansions"))


def _several(value: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (value or "").split(",") if part.strip())


def stamp(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


class XView:
    def __init__(self, world: World, base: str) -> None:
        self.world, self.base = world, base
        self.account = world.account("x")

    def author(self, item: Item) -> str:
        if item.ours:
            return self.account.id
        person = self.world.person(item.author)
        return person.x_id if person else "0"

    def handle(self, item: Item) -> str:
        if item.ours:
            return self.account.handle
        person = self.world.person(item.author)
        return person.handle if person else "gone"

    def post(self, item: Item, shape: Shape) -> dict[str, Any]:
        pictures = media.of(self.world, item.ref)
        page = f"https://x.com/{self.handle(item)}/status/{item.ref}/photo/1"
        text, entities = x_text.shown(item.text, [(_key(one), page) for one in pictures])
        above = self.world.item(item.parent) if item.parent else None
        quoted = [{"type": "replied_to", "id": item.parent}] if item.parent else []
        replies = len(self.world.items("parent=? AND removed=''", (item.ref,)))
        values: dict[str, Any] = {
            "author_id": self.author(item),
            "conversation_id": item.root or item.ref,
            "created_at": stamp(item.created),
            "entities": entities or None,
            "in_reply_to_user_id": self.author(above) if above else None,
            "lang": "en",
            "referenced_posts" if shape.new_names else "referenced_tweets": quoted or None,
            "attachments": {"media_keys": [_key(one) for one in pictures]} if pictures else None,
            "reply_settings": "everyone",
            "possibly_sensitive": False,
            "public_metrics": {"reply_count": replies, "like_count": 0, "quote_count": 0},
        }
        # A name of either generation asks for the field; in_reply_to_user_id comes with its expansion too.
        wanted = set(shape.post)
        wanted |= (
            {"referenced_posts", "referenced_tweets"} if wanted & {"referenced_posts", "referenced_tweets"} else set()
        )
        for expansion, brings in (
            ("author_id", "author_id"),
            ("in_reply_to_user_id", "in_reply_to_user_id"),
            ("attachments.media_keys", "attachments"),
            ("referenced_posts", "referenced_posts"),
            ("referenced_tweets.id", "referenced_tweets"),
        ):
            if expansion in shape.expansions:
                wanted |= {brings}
        if "referenced_posts" in wanted or "referenced_tweets" in wanted:
            wanted |= {"referenced_posts", "referenced_tweets"}
        history = "edit_history_post_ids" if shape.new_names else "edit_history_tweet_ids"
        out: dict[str, Any] = {"id": item.ref, "text": text, history: [item.ref]}
        return out | {key: value for key, value in values.items() if key in wanted and value is not None}

    def our_user(self, shape: Shape) -> dict[str, Any]:
        return self._user(self.account.id, self.account.name, self.account.handle, shape)

    def user(self, ref: str, shape: Shape) -> dict[str, Any] | None:
        if ref == self.account.id:
            return self.our_user(shape)
        row = self.world.db.execute("SELECT name, handle FROM residents WHERE x_id=?", (ref,)).fetchone()
        return None if row is None else self._user(ref, str(row[0]), str(row[1]), shape)

    def _user(self, ref: str, name: str, handle: str, shape: Shape) -> dict[str, Any]:
        metrics = {
            "followers_count": 4388 if ref == self.account.id else 120,
            "following_count": 90,
            "listed_count": 2,
        }
        values: dict[str, Any] = {
            "created_at": "2011-05-04T09:00:00.000Z",
            "description": "Lives in the practice town.",
            "public_metrics": metrics,
            "protected": False,
            "verified": False,
        }
        return {"id": ref, "name": name, "username": handle} | {k: v for k, v in values.items() if k in shape.user}

    def answer(self, items: Sequence[Item], shape: Shape) -> dict[str, Any]:
        """`data` and `includes` for these posts."""
        out: dict[str, Any] = {"data": [self.post(one, shape) for one in items]}
        includes: dict[str, Any] = {}
        users: dict[str, dict[str, Any]] = {}
        for item in items:
            wanted = {self.author(item)} if "author_id" in shape.expansions else set()
            above = self.world.item(item.parent) if "in_reply_to_user_id" in shape.expansions and item.parent else None
            wanted |= {self.author(above)} if above else set()
            for ref in wanted - users.keys():
                user = self.user(ref, shape)
                if user is not None:
                    users[ref] = user
        if users:
            includes["users"] = list(users.values())
        if "attachments.media_keys" in shape.expansions:
            pictures = [one for item in items for one in media.of(self.world, item.ref)]
            if pictures:
                includes["media"] = [self.picture(one, shape) for one in pictures]
        if shape.expansions & {"referenced_posts", "referenced_tweets.id"}:
            refs = dict.fromkeys(item.parent for item in items if item.parent)
            posts = [found for ref in refs if (found := self.world.item(ref)) is not None and not found.removed]
            if posts:
                includes["posts" if shape.new_names else "tweets"] = [self.post(one, shape) for one in posts]
        return out | ({"includes": includes} if includes else {})

    def picture(self, one: media.Picture, shape: Shape) -> dict[str, Any]:
        values: dict[str, Any] = {
            "url": f"{self.base}/_town/media/{one.id}",
            "alt_text": one.alt or None,
            "width": one.width,
            "height": one.height,
        }
        shown = {key: value for key, value in values.items() if key in shape.media and value is not None}
        return {"media_key": _key(one), "type": "video" if one.mime == "video/mp4" else "photo"} | shown

    def timeline(self, where: str, values: Sequence[object], query: Mapping[str, str]) -> dict[str, Any]:
        """One page of a timeline, newest first.

        Read from `query`: max_results, since_id, until_id, start_time, end_time, pagination_token. Raises XError.
        """
        most = _number(query, "max_results", 10, 5, 100)
        conditions, bound = [where, "network='x'", "removed=''"], list(values)
        for key, sign in (("since_id", ">"), ("until_id", "<")):
            if query.get(key):
                conditions.append(f"CAST(ref AS INTEGER){sign}?")
                bound.append(_number(query, key, 0, 0, 2**63 - 1))
        for key, sign in (("start_time", ">="), ("end_time", "<")):
            if query.get(key):
                conditions.append(f"created{sign}?")
                bound.append(_moment(query[key], key))
        token = query.get("pagination_token") or query.get("next_token")
        if token:
            try:
                bound.append(int(token.removeprefix("7140"), 32))
            except ValueError as error:
                message = f"The `pagination_token` query parameter value [{token[:40]}] is not valid"
                raise invalid(message, pagination_token=token[:40]) from error
            conditions.append("CAST(ref AS INTEGER)<?")
        found = self.world.items(" AND ".join(conditions), bound, order="CAST(ref AS INTEGER) DESC", limit=most + 1)
        page = found[:most]
        if not page:
            return {"meta": {"result_count": 0}}
        meta: dict[str, Any] = {
            "result_count": len(page),
            "newest_id": page[0].ref,
            "oldest_id": page[-1].ref,
        }
        if len(found) > most:
            meta["next_token"] = "7140" + _base32(int(page[-1].ref))
        return self.answer(page, Shape(query)) | {"meta": meta}


def _base32(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = "0123456789abcdefghijklmnopqrstuv"[digit] + digits
    return digits or "0"


def _number(query: Mapping[str, str], key: str, default: int, low: int, high: int) -> int:
    value = query.get(key)
    if value is None:
        return default
    if not value.isdecimal() or len(value) > 19 or not low <= int(value) <= high:
        raise invalid(
            f"The `{key}` query parameter value [{value[:40]}] is not between {low} and {high}",
            **{key: value[:40]},
        )
    return int(value)


def _moment(value: str, key: str) -> int:
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise invalid(
            f"The `{key}` query parameter value [{value[:40]}] is not a valid RFC 3339 time",
            **{key: value[:40]},
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _key(one: media.Picture) -> str:
    """Films' keys begin with 7, pictures' with 3."""
    return f"{7 if one.mime == 'video/mp4' else 3}_{one.id}"
