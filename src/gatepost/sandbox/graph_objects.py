"""Posts, comments, photos and Pages as the Graph API shows them to the Page's own token."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from . import media
from .graph_errors import bad_parameter
from .graph_fields import Field
from .graph_videos import VIDEO, shown
from .messenger import REPLY_WITHIN, answered_privately, conversation_id, stamp
from .world import Item, World

POST = {
    "id",
    "message",
    "created_time",
    "updated_time",
    "from",
    "permalink_url",
    "is_published",
    "is_hidden",
    "is_expired",
}
POST |= {
    "attachments",
    "comments",
    "full_picture",
    "link",
    "status_type",
    "story",
    "shares",
    "reactions",
    "type",
    "to",
}
COMMENT = {
    "id",
    "message",
    "created_time",
    "from",
    "parent",
    "is_hidden",
    "can_hide",
    "can_remove",
    "can_comment",
}
COMMENT |= {
    "comment_count",
    "like_count",
    "permalink_url",
    "attachment",
    "comments",
    "object",
    "message_tags",
    "is_private",
    "can_reply_privately",
    "private_reply_conversation",
}
PHOTO = {
    "id",
    "name",
    "alt_text",
    "alt_text_custom",
    "link",
    "picture",
    "images",
    "created_time",
    "from",
    "width",
    "height",
}
PHOTO |= {"page_story_id"}
PAGE = {
    "id",
    "name",
    "username",
    "link",
    "about",
    "category",
    "fan_count",
    "followers_count",
    "feed",
    "access_token",
    "posts",
}
MOST = 100


class Graph:
    """Renders for one request: `base` is the address of the sub-app, for paging links and pictures."""

    def __init__(self, world: World, base: str, version: str) -> None:
        self.world, self.base, self.version = world, base, version
        self.account = world.account("facebook")

    def render(self, kind: str, thing: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
        """The fields asked for, and always `id`. Raises GraphError 100 for a field the object has not."""
        known = {"post": POST, "comment": COMMENT, "photo": PHOTO, "page": PAGE, "video": VIDEO}[kind]
        out: dict[str, Any] = {}
        for one in fields:
            if one.name not in known:
                raise bad_parameter(f"Tried accessing nonexisting field ({one.name})")
            value = getattr(self, f"_{kind}")(thing, one)
            if value is not None:
                out[one.name] = value
        out["id"] = thing.id if kind in ("photo", "page", "video") else thing.ref
        return out

    def _page(self, _: Any, field: Field) -> Any:
        account = self.account
        if field.name in ("feed", "posts"):
            return self.feed(field.options, field.inner)
        values = {
            "name": account.name,
            "username": account.handle,
            "link": f"https://www.facebook.com/{account.handle}",
        }
        values |= {
            "category": "Housing Association",
            "about": "A practice Page.",
            "access_token": account.token,
        }
        return values.get(field.name, {"fan_count": 4210, "followers_count": 4388}.get(field.name))

    def _author(self, item: Item) -> dict[str, str] | None:
        if item.ours:
            return {"name": self.account.name, "id": self.account.id}
        person = self.world.person(item.author)
        return {"name": person.name, "id": person.facebook_id} if person else None

    def _post(self, item: Item, field: Field) -> Any:
        number = item.ref.partition("_")[2]
        if field.name == "comments":
            return self.comments(item.ref, field.options, field.inner)
        if field.name == "attachments":
            return self._attachments(item)
        if field.name == "full_picture":
            pictures = media.of(self.world, item.ref)
            return self._picture(pictures[0].id) if pictures else None
        simple = {
            "message": item.text or None,
            "created_time": stamp(item.created),
            "updated_time": stamp(item.created),
            "from": self._author(item),
            "permalink_url": f"https://www.facebook.com/{self.account.id}/posts/{number}",
            "is_published": item.published,
            "is_hidden": item.hidden,
            "is_expired": False,
            "link": item.link or None,
            "status_type": "added_photos" if media.of(self.world, item.ref) else "mobile_status_update",
        }
        return simple.get(field.name)

    def _comment(self, item: Item, field: Field) -> Any:
        if field.name == "comments":
            return self.comments(item.ref, field.options, field.inner)
        if field.name == "parent":
            above = self.world.item(item.parent)
            if above is None or above.kind == "post":
                return None
            inner = field.inner or (Field("created_time"), Field("from"), Field("message"))
            return self.render("comment", above, inner)
        if field.name == "object":
            return {"id": item.root}
        if field.name in ("can_reply_privately", "private_reply_conversation"):
            sent = answered_privately(self.world, item.ref)
            if field.name == "private_reply_conversation":
                return {"id": conversation_id(sent)} if sent else None
            return sent is None and not item.ours and self.world.now() - item.created <= REPLY_WITHIN
        root, _, number = item.root.rpartition("_")
        simple = {
            "message": item.text,
            "created_time": stamp(item.created),
            "from": self._author(item),
            "is_hidden": item.hidden,
            "can_hide": not item.ours,
            "can_remove": True,
            "can_comment": True,
            "is_private": False,
            "like_count": 0,
            "comment_count": len(self.world.items("parent=? AND removed=''", (item.ref,))),
            "permalink_url": f"https://www.facebook.com/{root}/posts/{number}/?comment_id={item.ref.rpartition('_')[2]}",
        }
        return simple.get(field.name)

    def _photo(self, picture: media.Picture, field: Field) -> Any:
        source = self._picture(picture.id)
        simple = {
            "name": picture.caption or None,
            "alt_text": picture.alt or None,
            "alt_text_custom": picture.alt or None,
            "link": f"https://www.facebook.com/photo.php?fbid={picture.id}",
            "picture": source,
            "images": [{"height": picture.height, "source": source, "width": picture.width}],
            "created_time": stamp(picture.created),
            "from": {"name": self.account.name, "id": self.account.id},
            "width": picture.width,
            "height": picture.height,
            "page_story_id": picture.item or None,
        }
        return simple.get(field.name)

    def _video(self, film: media.Picture, field: Field) -> Any:
        return {"created_time": stamp(film.created), **shown(self.world, film, self.account.id)}.get(field.name)

    def _picture(self, picture: str) -> str:
        return f"{self.base.rpartition('/facebook')[0]}/_town/media/{picture}"

    def _attachments(self, item: Item) -> dict[str, Any] | None:
        pictures = media.of(self.world, item.ref)
        if not pictures:
            if not item.link:
                return None
            return {"data": [{"type": "share", "title": item.link, "url": item.link, "unshimmed_url": item.link}]}
        album = [
            {
                "media": {"image": {"height": one.height, "src": self._picture(one.id), "width": one.width}},
                "target": {"id": one.id, "url": f"https://www.facebook.com/photo.php?fbid={one.id}"},
                "type": "photo",
                "media_type": "photo",
                "url": f"https://www.facebook.com/photo.php?fbid={one.id}",
                "description": item.text,
            }
            for one in pictures
        ]
        if pictures[0].mime == "video/mp4":
            there = {"target": {"id": pictures[0].id}, "type": "video_inline", "media_type": "video"}
            return {"data": [there | {"description": item.text}]}
        if len(album) == 1:
            return {"data": album}
        return {"data": [{"type": "album", "media_type": "album", "subattachments": {"data": album}}]}

    # --- edges --------------------------------------------------------------------------------------------------

    def feed(self, options: Mapping[str, str], fields: tuple[Field, ...], *, own: bool = False) -> dict[str, Any]:
        """Posts of the Page, newest first. Options: limit, after, before, since, until (seconds or ISO time)."""
        fields = fields or (Field("created_time"), Field("message"))
        where = "network='facebook' AND kind='post' AND removed='' AND published=1" + (" AND author=''" if own else "")
        return self._edge("post", where, [], options, fields, newest_first=True, path=f"{self.account.id}/feed")

    def comments(self, ref: str, options: Mapping[str, str], fields: tuple[Field, ...]) -> dict[str, Any]:
        """Comments under an object: those directly beneath it, or with filter=stream all of the thread."""
        fields = fields or (Field("created_time"), Field("from"), Field("message"))
        stream = options.get("filter", "toplevel") == "stream"
        where = "kind='comment' AND removed='' AND " + ("(root=? OR parent=?)" if stream else "parent=?")
        reverse = options.get("order", "chronological") == "reverse_chronological"
        values = [ref, ref] if stream else [ref]
        out = self._edge("comment", where, values, options, fields, newest_first=reverse, path=f"{ref}/comments")
        if options.get("summary", "").lower() in ("1", "true", "total_count"):
            total = len(self.world.items(where, values, limit=100_000))
            order = "reverse_chronological" if reverse else "chronological"
            out["summary"] = {"order": order, "total_count": total, "can_comment": True}
        return out

    def _edge(
        self,
        kind: str,
        where: str,
        values: Sequence[object],
        options: Mapping[str, str],
        fields: tuple[Field, ...],
        *,
        newest_first: bool,
        path: str,
    ) -> dict[str, Any]:
        limit = _number(options.get("limit"), "limit", 25)
        if not 0 < limit <= MOST:
            raise bad_parameter(f"Please reduce the amount of data you're asking for: limit must be 1 to {MOST}")
        for key, sign in (("since", ">="), ("until", "<=")):
            if options.get(key):
                where += f" AND created{sign}?"
                values = [*values, _moment(options[key], key)]
        backwards = bool(options.get("before")) and not options.get("after")
        cursor = options.get("after") or options.get("before")
        order = "created DESC, n DESC" if newest_first != backwards else "created, n"
        if cursor:
            created, n = _uncursor(cursor)
            sign = "<" if newest_first != backwards else ">"
            where += f" AND (created{sign}? OR (created=? AND n{sign}?))"
            values = [*values, created, created, n]
        found = self.world.items(where, values, order=order, limit=limit + 1)
        more = len(found) > limit
        found = found[:limit]
        if backwards:
            found.reverse()
        out: dict[str, Any] = {"data": [self.render(kind, one, fields) for one in found]}
        if found:
            paging: dict[str, Any] = {"cursors": {"before": _cursor(found[0]), "after": _cursor(found[-1])}}
            kept = {key: value for key, value in options.items() if key not in ("after", "before", "access_token")}
            address = f"{self.base}/{self.version}/{path}?" if self.version else f"{self.base}/{path}?"
            if more and not backwards:
                paging["next"] = address + urlencode({**kept, "fields": _unparse(fields), "after": _cursor(found[-1])})
            if cursor:
                paging["previous"] = address + urlencode(
                    {**kept, "fields": _unparse(fields), "before": _cursor(found[0])}
                )
            out["paging"] = paging
        return out


def _unparse(fields: tuple[Field, ...]) -> str:
    def one(field: Field) -> str:
        options = "".join(f".{key}({value})" for key, value in field.options.items())
        return field.name + options + (f"{{{_unparse(field.inner)}}}" if field.inner else "")

    return ",".join(one(field) for field in fields)


def _cursor(item: Item) -> str:
    return base64.urlsafe_b64encode(f"{item.created}:{item.n}".encode()).decode().rstrip("=")


def _uncursor(cursor: str) -> tuple[int, int]:
    try:
        created, _, n = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        return int(created), int(n)
    except ValueError as error:
        raise bad_parameter("Invalid cursors values") from error


def _number(value: str | None, what: str, default: int) -> int:
    if not value:
        return default
    if not value.isdecimal() or len(value) > 12:
        raise bad_parameter(f"Param {what} must be an integer")
    return int(value)


def _moment(value: str, what: str) -> int:
    """Milliseconds from Unix seconds or an ISO time."""
    if value.isdecimal() and len(value) <= 12:
        return int(value) * 1000
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise bad_parameter(f"Param {what} must be a time") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
