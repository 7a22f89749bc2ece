"""An X account spoken to in the API v2's dialect, mounted at /x (so that paths begin /x/2/…)."""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import body, media, x_media, x_text
from .world import Item, World
from .x_errors import XError, duplicate, forbidden, invalid, not_found, not_summoned, too_many, unauthorised
from .x_objects import Shape, XView

WINDOW = 900  # seconds of a rate limit window
SAME_AGAIN = 24 * 3600 * 1000  # milliseconds within which the same text counts as a duplicate
EDITABLE = 30 * 60 * 1000  # milliseconds in which X takes an edit
USUAL_LIMIT = 10_000  # requests a window; the town's own default, so that a rehearsal is not stopped by accident
CREATE = {
    "text",
    "reply",
    "edit_options",
    "media",
    "reply_settings",
    "quote_tweet_id",
    "made_with_ai",
    "nullcast",
    "share_with_followers",
}


class Limits:
    """Counts requests for each route in a sliding window, in memory: a restart forgets, as is fair for practice."""

    def __init__(self) -> None:
        self.seen: dict[str, deque[float]] = {}

    def count(self, route: str, limit: int) -> tuple[bool, dict[str, str]]:
        """Whether this request is within the limit, and the headers that say so."""
        now = time.time()
        seen = self.seen.setdefault(route, deque())
        while seen and seen[0] <= now - WINDOW:
            seen.popleft()
        allowed = len(seen) < limit
        if allowed:
            seen.append(now)
        reset = int((seen[0] if seen else now) + WINDOW)
        left = max(0, limit - len(seen))
        return allowed, {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(left),
            "x-rate-limit-reset": str(reset),
        }


def build(world: World, took: Callable[[Request, Item], None]) -> Starlette:
    """The sub-app. `took` is told of everything of ours the network has taken, before the answer goes out."""
    limits = Limits()

    async def every(request: Request) -> Response:
        path = [part for part in request.path_params["path"].split("/") if part]
        shape = "/".join("id" if part.isdecimal() else part for part in path)
        limit = int(world.meta("x_limit") or USUAL_LIMIT)
        allowed, headers = limits.count(f"{request.method} {shape}"[:100], limit)
        try:
            _authorise(world, request)
            if not allowed:
                raise too_many()
            sent = await body.read(request)
            status, answer = _route(world, request, path, sent, took)
        except body.BadBody as error:
            return invalid(str(error), body="").response(headers)
        except XError as error:
            return error.response(headers)
        return JSONResponse(answer, status, headers)

    return Starlette(routes=[Route("/2/{path:path}", every, methods=["GET", "POST", "PUT", "DELETE"])])


def _authorise(world: World, request: Request) -> None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    right = world.account("x").token
    if kind.lower() != "bearer" or not hmac.compare_digest(token.encode(), right.encode()):
        raise unauthorised()
    if world.flag("x_revoked", False):
        raise unauthorised()


def _route(
    world: World, request: Request, path: list[str], sent: body.Body, took: Callable[[Request, Item], None]
) -> tuple[int, dict[str, Any]]:
    query = dict(request.query_params)
    view = XView(world, f"{request.url.scheme}://{request.url.netloc}")
    match request.method, path:
        case "POST", ["tweets"]:
            item = _create(world, sent)
            took(request, item)
            shown = view.post(item, Shape({}))
            return 201, {"data": shown | {"edit_history_post_ids": [item.ref]}}
        case "GET", ["tweets"]:
            return 200, _several(view, query)
        case "GET", ["tweets", ref]:
            found = _standing(world, ref)
            if found is None:
                return 200, {"errors": [not_found(ref)]}
            answer = view.answer([found], Shape(query))
            return 200, answer | {"data": answer["data"][0]}
        case "DELETE", ["tweets", ref]:
            return 200, _delete(world, ref)
        case "PUT", ["tweets", ref, "hidden"]:
            return 200, _hide(world, ref, sent)
        case "GET", ["users", "me"]:
            return 200, {"data": view.our_user(Shape(query))}
        case "GET", ["users", ref]:
            user = view.user(ref, Shape(query))
            return 200, {"data": user} if user else {"errors": [not_found(ref, what="user")]}
        case "GET", ["users", ref, "tweets"]:
            if ref == view.account.id:
                return 200, view.timeline("author=''", (), query)
            where = "author IN (SELECT id FROM residents WHERE x_id=?)"
            return 200, view.timeline(where, (ref,), query)
        case "GET", ["users", ref, "mentions"]:
            if ref != view.account.id:
                raise forbidden("You are not permitted to use this endpoint for another account.")
            named = f"%@{view.account.handle}%"
            return 200, view.timeline("author<>'' AND text LIKE ?", (named,), query)
        case "GET", ["users", ref, "muting"] if ref == view.account.id:
            return 200, {"data": [view.user(one, Shape(query)) for one in world.kept_out("x")]}
        case "POST", ["users", ref, "muting"] if ref == view.account.id:
            return 200, _mute(world, str(sent.fields.get("target_user_id", "")), True)
        case "DELETE", ["users", ref, "muting", target] if ref == view.account.id:
            return 200, _mute(world, target, False)
        case "POST", ["media", "upload"]:
            return 200, x_media.one_shot(world, sent)
        case "GET", ["media", "upload"]:
            return 200, x_media.status(world, query.get("media_id", ""))
        case "POST", ["media", "upload", "initialize"]:
            return 200, x_media.initialise(world, sent)
        case "POST", ["media", "upload", ref, "append"]:
            return 200, x_media.append(world, ref, sent)
        case "POST", ["media", "upload", ref, "finalize"]:
            return 200, x_media.finalise(world, ref)
        case "POST", ["media", "subtitles"]:
            return 200, x_media.subtitles(world, sent)
        case "POST", ["media", "metadata"]:
            return 200, x_media.metadata(world, sent)
    raise XError(404, "Not Found", "Not Found")


def _standing(world: World, ref: str) -> Item | None:
    if not (ref.isdecimal() and len(ref) <= 19):
        raise invalid(f"The `id` query parameter value [{ref[:40]}] is not valid", id=ref[:40])
    found = world.item(ref)
    return None if found is None or found.network != "x" or found.removed else found


def _several(view: XView, query: dict[str, str]) -> dict[str, Any]:
    refs = [ref for ref in query.get("ids", "").split(",") if ref]
    if not 0 < len(refs) <= 100:
        raise invalid("The `ids` query parameter must name 1 to 100 posts", ids=query.get("ids", "")[:100])
    found = {ref: _standing(view.world, ref) for ref in refs}
    answer = view.answer([item for item in found.values() if item is not None], Shape(query))
    errors = [not_found(ref, "ids") for ref, item in found.items() if item is None]
    return answer | ({"errors": errors} if errors else {})


def _create(world: World, sent: body.Body) -> Item:
    unknown = sorted(sent.fields.keys() - CREATE)
    if unknown:
        message = (
            f"$.{unknown[0][:40]}: is not defined in the schema and the schema does not allow additional properties"
        )
        raise invalid(message, **{unknown[0][:40]: ""})
    text = sent.text("text")
    pictures = _pictures(world, sent.fields.get("media"))
    if not text.strip() and not pictures:
        raise invalid("Your Tweet has no text and no media", text="")
    if x_text.weight(text) > x_text.LONGEST:
        detail = "Your Tweet text is too long. Its weighted length must be at most 280."
        raise XError(400, "Invalid Request", detail, kind="about:blank")
    parent = _replied(world, sent.fields.get("reply"))
    before = _edited(world, sent.fields.get("edit_options"))
    since = world.now() - SAME_AGAIN
    same = "network='x' AND author='' AND removed='' AND text=? AND parent=? AND created>?"
    if text.strip() and world.items(same, (text, parent, since), limit=1) and world.flag("duplicates_refused", True):
        raise duplicate()
    with world.change():
        if before:
            world.remove(before, "edited")
        item = world.write("x", "", text, parent=parent)
        media.attach(world, item.ref, pictures)
    return item


def _edited(world: World, given: Any) -> str:
    """The post whose place the new one takes, "" for none. X takes edits of posts, not of answers, for half an hour."""
    if given is None:
        return ""
    ref = given.get("previous_post_id") if isinstance(given, dict) else None
    before = _standing(world, ref) if isinstance(ref, str) and ref.isdecimal() else None
    if before is None or not before.ours or before.parent or world.now() - before.created > EDITABLE:
        raise forbidden("You are not permitted to edit this Post.")
    return before.ref


def _pictures(world: World, given: Any) -> list[str]:
    if given is None:
        return []
    wanted = given.get("media_ids") if isinstance(given, dict) else None
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 4:
        raise invalid("media.media_ids must be a list of 1 to 4 ids", media="")
    for ref in wanted:
        found = media.get(world, str(ref))
        if found is None or found.network != "x" or found.item or not found.finished:
            raise invalid("Your media IDs are invalid.", **{"media.media_ids": str(ref)[:30]})
    return [str(ref) for ref in wanted]


def _replied(world: World, given: Any) -> str:
    """The post that is answered, "" for none. X refuses replies to those who have not mentioned us."""
    if given is None:
        return ""
    ref = given.get("in_reply_to_tweet_id") if isinstance(given, dict) else None
    if not isinstance(ref, str) or not ref.isdecimal():
        raise invalid("reply.in_reply_to_tweet_id must be a string of digits", reply="")
    above = _standing(world, ref)
    if above is None:
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    summoned = above.ours or x_text.names(above.text, world.account("x").handle)
    if not summoned and world.flag("x_replies_restricted", True):
        raise not_summoned()
    return ref


def _delete(world: World, ref: str) -> dict[str, Any]:
    found = _standing(world, ref)
    if found is None:
        raise XError(404, "Not Found Error", f"Could not find tweet with id: [{ref}].", kind=not_found(ref)["type"])
    if not found.ours:
        raise forbidden("You are not authorized to delete this Tweet.")
    world.remove(ref, "us")
    return {"data": {"deleted": True}}


def _mute(world: World, person: str, muting: bool) -> dict[str, Any]:
    if person not in {one.x_id for one in world.people()}:
        raise invalid("target_user_id is not a valid user ID", target_user_id=person[:40])
    world.keep_out("x", person, muting)
    return {"data": {"muting": muting}}


def _hide(world: World, ref: str, sent: body.Body) -> dict[str, Any]:
    hidden = sent.fields.get("hidden")
    if not isinstance(hidden, bool):
        raise invalid("hidden must be true or false", hidden=str(hidden)[:20])
    found = _standing(world, ref)
    if found is None:
        return {"errors": [not_found(ref, "tweet_id")]}
    root = world.item(found.root) if found.root else None
    if root is None or not root.ours:
        raise forbidden("You may only hide replies in conversations you started.")
    world.hide(ref, hidden)
    return {"data": {"hidden": hidden}}
