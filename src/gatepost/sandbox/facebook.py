"""A Facebook Page spoken to in the Graph API's dialect (v26.0), mounted at /facebook with and without the version.

What is here is what a desk needs of a Page: its feed, photos, comments, hiding, deletion and webhooks. Ids, paging,
error codes and the `fields` language are the real ones, so that a connector for the real network works unchanged.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import body, graph_videos, media, messenger, telling, webhooks
from .fetch import FetchFailed, fetch_here
from .graph_errors import (
    GraphError,
    bad_parameter,
    bad_token,
    duplicate,
    no_token,
    not_allowed,
    not_there,
    revoked,
)
from .graph_fields import BadFields, Field, parse
from .graph_objects import Graph
from .world import Item, World

LONGEST = 63_206  # characters of a post; comments share the town's limit of 8,000
LONGEST_COMMENT = 8_000
LARGEST_PHOTO = 10 * 1024 * 1024
SAME_AGAIN = 600_000  # milliseconds within which the same status counts as a duplicate
VERSION = re.compile(r"v\d{1,2}\.\d")


class Call:
    """One authorised call: the caller's parameters from query and body together."""

    def __init__(self, world: World, request: Request, sent: body.Body, path: list[str], version: str) -> None:
        self.world, self.request, self.sent = world, request, sent
        self.query = dict(request.query_params)
        self.path = path
        self.graph = Graph(world, f"{request.url.scheme}://{request.url.netloc}/facebook", version)
        self.account = world.account("facebook")

    def text(self, key: str) -> str:
        return self.query[key] if key in self.query else self.sent.text(key)

    def yes(self, key: str, default: bool) -> bool:
        return self.query[key].lower() in ("true", "1") if key in self.query else self.sent.yes(key, default)

    def fields(self, default: str) -> tuple[Field, ...]:
        try:
            return parse(self.text("fields") or default)
        except BadFields as error:
            raise GraphError(400, 2500, str(error)) from error

    def authorise(self) -> None:
        given = self.request.headers.get("authorization", "")
        kind, _, token = given.partition(" ")
        if kind.lower() not in ("bearer", "oauth"):
            token = self.text("access_token")
        if not token:
            raise no_token()
        app_token = f"{self.account.app_id}|{self.account.app_secret}"
        if self.path[-1:] == ["subscriptions"] and hmac.compare_digest(token.encode(), app_token.encode()):
            return
        if not hmac.compare_digest(token.encode(), self.account.token.encode()):
            raise bad_token()
        if self.world.flag("facebook_revoked", False):
            raise revoked()
        proof = self.text("appsecret_proof")
        right = hmac.new(self.account.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof and not hmac.compare_digest(proof.encode(), right.encode()):
            raise GraphError(
                400, 100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
            )


def build(world: World, took: Callable[[Request, Item], None]) -> Starlette:
    """The sub-app. `took` is told of everything of ours the network has taken, before the answer goes out."""

    async def every(request: Request) -> Response:
        path = [part for part in request.path_params["path"].split("/") if part]
        version = path.pop(0) if path and VERSION.fullmatch(path[0]) else ""
        try:
            sent = await body.read(request)
            call = Call(world, request, sent, path, version)
            call.authorise()
            answer = await _route(call, took)
        except body.BadBody as error:
            return GraphError(400, 100, f"(#100) {error}").response()
        except GraphError as error:
            return error.response()
        return JSONResponse(answer, headers={"facebook-api-version": "v26.0", "x-app-usage": '{"call_count":1}'})

    return Starlette(routes=[Route("/{path:path}", every, methods=["GET", "POST", "DELETE"])])


async def _route(call: Call, took: Callable[[Request, Item], None]) -> dict[str, Any]:
    method = call.request.method
    match call.path:
        case [node] if node == "me" or node == call.account.id:
            if method != "GET":
                raise not_there(node, method.lower())
            return call.graph.render("page", call.account, call.fields("id,name"))
        case [node, "feed" | "posts" | "published_posts" as edge] if node in ("me", call.account.id):
            if method == "POST" and edge == "feed":
                return _publish(call, took)
            return call.graph.feed(_options(call), call.fields("created_time,message"), own=edge != "feed")
        case [node, "messages"] if method == "POST" and node in ("me", call.account.id):
            return _message(call)
        case [node, "conversations"] if method == "GET" and node in ("me", call.account.id):
            return messenger.conversations(call.world, call.text("user_id"), 50)
        case [node, "blocked"] if node in ("me", call.account.id):
            return _blocked(call)
        case [node, "photos"] if method == "POST" and node in ("me", call.account.id):
            return await _photo(call, took)
        case [node, "videos"] if method == "POST" and node in ("me", call.account.id):
            return _video(call, took)
        case [ref, "captions"]:
            return _captions(call, ref)
        case [node, "subscribed_apps"] if node in ("me", call.account.id):
            return _subscribed_apps(call)
        case [node, "subscriptions"] if node == call.account.app_id:
            return await _subscriptions(call)
        case [ref, "comments"]:
            above = _there(call, ref)
            if method == "POST":
                return _comment(call, above, took)
            return call.graph.comments(above.ref, _options(call), call.fields("created_time,from,message"))
        case [ref]:
            return _object(call, ref)
    raise GraphError(400, 2500, f"Unknown path components: /{'/'.join(call.path)[:100]}")


def _message(call: Call) -> dict[str, Any]:
    """A private message of the Page's. Its receipts follow by webhook."""
    given = {name: call.sent.fields.get(name, call.query.get(name)) for name in ("recipient", "message")}
    letter = messenger.send(call.world, given["recipient"], given["message"])
    call.request.scope["took"].append(letter.mid)
    telling.receipts(call.world, letter)
    person = call.world.person(letter.person)
    return {"recipient_id": person.facebook_id if person else "", "message_id": letter.mid}


def _options(call: Call) -> dict[str, str]:
    return {key: value for key, value in call.query.items() if key != "fields"}


def _there(call: Call, ref: str) -> Item:
    found = call.world.item(ref)
    if found is None or found.network != "facebook" or found.removed:
        raise not_there(ref, call.request.method.lower())
    return found


def _publish(call: Call, took: Callable[[Request, Item], None]) -> dict[str, Any]:
    message, link = call.text("message"), call.text("link")
    pictures = _attached(call)
    if not (message.strip() or link or pictures):
        raise bad_parameter("Param message: the post is empty")
    if len(message) > LONGEST:
        raise bad_parameter(f"Param message must be at most {LONGEST} characters long")
    if link and not link.startswith(("https://", "http://")):
        raise GraphError(400, 1500, "The url you supplied is invalid")
    before = call.world.items("network='facebook' AND kind='post' AND author=''", order="n DESC", limit=1)
    if (
        before
        and message
        and (before[0].text, before[0].link) == (message, link)
        and not before[0].removed
        and call.world.now() - before[0].created < SAME_AGAIN
        and call.world.flag("duplicates_refused", True)
    ):
        raise duplicate()
    item = _take(call, took, message, link=link, published=call.yes("published", True), pictures=pictures)
    return {"id": item.ref}


def _take(
    call: Call,
    took: Callable[[Request, Item], None],
    text: str,
    *,
    link: str = "",
    published: bool = True,
    pictures: list[str] | None = None,
    parent: str = "",
) -> Item:
    with call.world.change():
        item = call.world.write("facebook", "", text, link=link, published=published, parent=parent)
        media.attach(call.world, item.ref, pictures or [])
    took(call.request, item)
    return item


def _attached(call: Call) -> list[str]:
    """Pictures from `attached_media` as JSON, or as the form keys attached_media[0]…"""
    given: Any = call.sent.fields.get("attached_media") or call.query.get("attached_media") or []
    try:
        if isinstance(given, str):
            given = json.loads(given)
        for key in sorted(key for key in call.sent.fields if key.startswith("attached_media[")):
            value = call.sent.fields[key]
            given = [*given, json.loads(value) if isinstance(value, str) else value]
        wanted = [str(one["media_fbid"]) for one in given]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise bad_parameter("Param attached_media must be an array of objects with media_fbid") from error
    for one in wanted:
        picture = media.get(call.world, one)
        if picture is None or picture.network != "facebook" or picture.item:
            raise bad_parameter(f"Param attached_media: {one[:30]} is no unpublished photo of this Page")
    return wanted


async def _photo(call: Call, took: Callable[[Request, Item], None]) -> dict[str, Any]:
    data = next(iter(call.sent.files.values()), b"")
    if not data and call.text("url"):
        try:
            data = await fetch_here(call.text("url"), LARGEST_PHOTO)
        except FetchFailed as error:
            raise bad_parameter(f"url should represent a valid URL: {error}") from error
    if not data:
        raise GraphError(400, 324, "(#324) Requires upload file")
    if len(data) > LARGEST_PHOTO:
        raise bad_parameter("Your photos couldn't be uploaded: photos should be smaller than 10 MB")
    caption = call.text("message") or call.text("caption")
    try:
        with call.world.change():
            picture = media.add(call.world, "facebook", data, alt=call.text("alt_text_custom"), caption=caption)
            if not call.yes("published", True):
                return {"id": picture.id}
            item = call.world.write("facebook", "", caption)
            media.attach(call.world, item.ref, [picture.id])
    except ValueError as error:
        raise GraphError(400, 324, "(#324) Missing or invalid image file") from error
    took(call.request, item)
    return {"id": picture.id, "post_id": item.ref}


def _video(call: Call, took: Callable[[Request, Item], None]) -> dict[str, Any]:
    """An upload in phases. Nobody sees anything of it before the last."""
    session = call.text("upload_session_id")
    match call.text("upload_phase"):
        case "start":
            return graph_videos.start(call.world, call.text("file_size"))
        case "transfer":
            piece = call.sent.files.get("video_file_chunk", b"")
            return graph_videos.transfer(call.world, session, call.text("start_offset"), piece)
        case "cancel":
            return graph_videos.cancel(call.world, session)
        case "finish":
            with call.world.change():
                film = graph_videos.finish(call.world, session, call.text("title"))
                item = call.world.write("facebook", "", call.text("description"), published=call.yes("published", True))
                media.attach(call.world, item.ref, [film])
            took(call.request, item)
            return {"success": True}
    raise bad_parameter("Param upload_phase must be one of {start, transfer, finish, cancel}")


def _captions(call: Call, ref: str) -> dict[str, Any]:
    film = media.get(call.world, ref)
    if film is None or film.network != "facebook" or film.mime != "video/mp4":
        raise not_there(ref, call.request.method.lower())
    if call.request.method == "GET":
        return graph_videos.captions(call.world, film)
    name = call.sent.names.get("captions_file", "")
    return graph_videos.caption(call.world, film, name, call.sent.files.get("captions_file", b""))


def _comment(call: Call, above: Item, took: Callable[[Request, Item], None]) -> dict[str, Any]:
    message = call.text("message")
    if not message.strip():
        raise bad_parameter("Param message: the comment is empty")
    if len(message) > LONGEST_COMMENT:
        raise bad_parameter(f"Param message must be at most {LONGEST_COMMENT} characters long")
    return {"id": _take(call, took, message, parent=above.ref).ref}


def _object(call: Call, ref: str) -> dict[str, Any]:
    picture = media.get(call.world, ref)
    if picture is not None and picture.network == "facebook":
        moving = picture.mime == "video/mp4" or picture.caption.startswith("film")
        if call.request.method == "DELETE" and not picture.item:
            media.drop(call.world, picture.id)
            return {"success": True}
        if call.request.method == "DELETE" and moving:
            call.world.remove(picture.item, "us")
            return {"success": True}
        if call.request.method == "POST" and moving and picture.item and call.text("description"):
            call.world.edit(picture.item, call.text("description"))
            return {"success": True}
        if call.request.method != "GET":
            raise not_there(ref, call.request.method.lower())
        if moving:
            return call.graph.render("video", picture, call.fields("description,created_time"))
        return call.graph.render("photo", picture, call.fields("created_time,name"))
    item = _there(call, ref)
    if call.request.method == "GET":
        default = "created_time,message" if item.kind == "post" else "created_time,from,message"
        return call.graph.render(item.kind, item, call.fields(default))
    if call.request.method == "DELETE":
        call.world.remove(item.ref, "us")
        return {"success": True}
    if "is_hidden" in call.sent.fields or "is_hidden" in call.query:
        if item.kind == "post" or item.ours:
            raise not_allowed("Permissions error: only comments of others can be hidden")
        call.world.hide(item.ref, call.yes("is_hidden", False))
    elif call.text("message"):
        if not item.ours:
            raise not_allowed("Permissions error: only the author can edit")
        call.world.edit(item.ref, call.text("message"))
    else:
        raise bad_parameter("Nothing to change: message or is_hidden expected")
    return {"success": True}


def _blocked(call: Call) -> dict[str, Any]:
    """Those whom the Page has blocked: listed, added, or let in again. Sent as a list, or as one id."""
    given = call.sent.fields.get("user", call.query.get("user", ""))
    asked = [str(one) for one in (given if isinstance(given, list) else [given]) if one]
    known = {person.facebook_id: person.name for person in call.world.people()}
    if call.request.method == "GET":
        found = [one for one in call.world.kept_out("facebook") if not asked or one in asked]
        return {"data": [{"id": one, "name": known.get(one, "")} for one in found], "paging": {}}
    if not asked:
        raise bad_parameter("The parameter user is required")
    if any(one not in known for one in asked):
        raise GraphError(400, 210, "(#210) User not visible")
    for one in asked:
        call.world.keep_out("facebook", one, call.request.method == "POST")
    return dict.fromkeys(asked, True) if call.request.method == "POST" else {"success": True}


def _subscribed_apps(call: Call) -> dict[str, Any]:
    if call.request.method == "GET":
        on = call.world.flag("facebook_subscribed", False)
        return {"data": [{"id": call.account.app_id, "name": "Gatepost", "subscribed_fields": ["feed"]}] if on else []}
    call.world.set_meta("facebook_subscribed", "1" if call.request.method == "POST" else "0")
    return {"success": True}


async def _subscriptions(call: Call) -> dict[str, Any]:
    if call.request.method == "GET":
        return {"data": webhooks.listed(call.world)}
    if call.request.method == "DELETE":
        webhooks.forget(call.world)
        return {"success": True}
    try:
        await webhooks.subscribe(call.world, call.text("callback_url"), call.text("verify_token"), call.text("fields"))
    except webhooks.NotVerified as error:
        raise GraphError(400, 2200, f"(#2200) Callback verification failed: {error}") from error
    return {"success": True}
