"""The town's own API under /_town/: what tests, exercises and the supervisor use to look and to make things happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import body, faults, media, messenger, post_office, residents, telling, webhooks
from .life import BadPace, Blocked, Life
from .world import NETWORKS, Item, World

LONGEST_SAID = 10_000
ALL_FIELDS = f"feed,{messenger.FIELDS}"
RULES = {"replies_restricted": "x_replies_restricted", "duplicates_refused": "duplicates_refused"}


class BadRequest(Exception):
    """What was asked cannot be done; the message says what is wrong and what would do."""


def routes(world: World, life: Life) -> list[Route]:
    async def state(_: Request) -> dict[str, Any]:
        return _state(world, life)

    async def say(request: Request) -> dict[str, Any]:
        sent = await body.read(request)
        network, text = _network(sent.text("network")), sent.text("text")
        if not text.strip() or len(text) > LONGEST_SAID:
            raise BadRequest(f"`text` must have 1 to {LONGEST_SAID} characters.")
        resident = sent.text("resident") or residents.people()[0].id
        if sent.yes("private", False):
            return _privately(world, network, resident, text)
        try:
            item = life.say(network, resident, text, sent.text("under"), named=sent.yes("named", True))
        except KeyError as error:
            raise BadRequest(
                f"There is no {error} on {network}: `resident` is an id of state's residents, `under` a ref."
            ) from error
        return {"ref": item.ref, "text": item.text}

    async def posts(request: Request) -> dict[str, Any]:
        network = request.query_params.get("network", "")
        chosen = (_network(network),) if network else NETWORKS
        return {"posts": [_post(world, item) for one in chosen for item in _ours(world, one)]}

    async def mail(_: Request) -> dict[str, Any]:
        return {"mail": [asdict(one) for one in post_office.letters(world)]}

    async def fault(request: Request) -> dict[str, Any]:
        if request.method == "POST":
            sent = await body.read(request)
            count, seconds = sent.fields.get("count"), sent.fields.get("seconds", 2.0)
            probability = sent.fields.get("probability", 1.0)
            numbers = (float(probability), float(seconds), None if count is None else int(count))
            faults.switch_on(
                world,
                sent.text("network"),
                sent.text("kind"),
                at=sent.text("at"),
                probability=numbers[0],
                seconds=numbers[1],
                count=numbers[2],
            )
        elif request.method == "DELETE":
            faults.switch_off(world, request.query_params.get("network", ""))
        return {"faults": [asdict(one) for one in faults.standing(world)]}

    async def pace(request: Request) -> dict[str, Any]:
        life.set_pace(float((await body.read(request)).fields["pace"]))
        return {"pace": life.pace}

    async def burst(request: Request) -> dict[str, Any]:
        items = life.burst(int((await body.read(request)).fields["n"]))
        return {"refs": [one.ref for one in items]}

    async def rules(request: Request) -> dict[str, Any]:
        sent = (await body.read(request)).fields
        for key, value in sent.items():
            if key in RULES and isinstance(value, bool):
                world.set_meta(RULES[key], "1" if value else "0")
            elif key == "revoked" and isinstance(value, dict):
                for network, revoked in value.items():
                    world.set_meta(f"{_network(network)}_revoked", "1" if revoked is True else "0")
            elif key == "x_limit" and isinstance(value, int) and value > 0:
                world.set_meta("x_limit", str(value))
            elif key == "read_after" and isinstance(value, (int, float)) and 0 <= value <= 86_400:
                world.set_meta("read_after", str(float(value) or 0.001))
            elif key == "clock_ahead" and isinstance(value, (int, float)) and abs(value) < 366 * 86_400:
                world.set_meta("clock_ahead", str(float(value)))
            else:
                raise BadRequest(
                    f"{key!r} is no rule with that value: use {', '.join(RULES)}, revoked, x_limit, "
                    "read_after, clock_ahead."
                )
        return _rules(world)

    async def counts(request: Request) -> dict[str, Any]:
        text = request.query_params.get("text")
        if text is None:
            rows = world.db.execute(
                "SELECT network, count(*) FROM items WHERE author='' AND theme<>'old' GROUP BY network"
            )
            return {"networks": {str(row[0]): int(row[1]) for row in rows}}
        network = request.query_params.get("network", "")
        return {"text": text, "count": world.times_taken(text, _network(network) if network else "")}

    async def delete_elsewhere(request: Request) -> dict[str, Any]:
        ref = (await body.read(request)).text("ref")
        found = world.item(ref)
        if found is None:
            raise BadRequest(f"There is no post or comment {ref!r} in the town.")
        world.remove(ref, "elsewhere")
        return {"ref": ref, "removed": True}

    async def edit_elsewhere(request: Request) -> dict[str, Any]:
        """A resident changes their words. Nobody is told: not every network tells of it."""
        sent = await body.read(request)
        found = world.item(sent.text("ref"))
        if found is None or found.ours or not sent.text("text").strip():
            raise BadRequest("Give the `ref` of a resident's comment and the new `text`.")
        world.edit(found.ref, sent.text("text"))
        return {"ref": found.ref, "text": sent.text("text")}

    async def private(request: Request) -> dict[str, Any]:
        """Private messages, the newest first; posted to, it tells of one that it was delivered or read. With `comment`
        and `text`, somebody answers the comment in the Page's own inbox."""
        if request.method == "POST":
            sent = await body.read(request)
            if sent.text("comment"):
                return _in_the_own_inbox(world, sent.text("comment"), sent.text("text"))
            letter = next(iter(messenger.letters(world, mid=sent.text("message"), ours=True)), None)
            field = {"delivered": "message_deliveries", "read": "message_reads"}.get(sent.text("became"), "")
            if letter is None or not field:
                raise BadRequest("Give the id of one of our private messages, and `became`: delivered or read.")
            return {"told": await telling.tell(world, letter, field)}
        return {"private": [asdict(one) for one in messenger.letters(world)]}

    async def subscribe(request: Request) -> dict[str, Any]:
        sent = await body.read(request)
        try:
            await webhooks.subscribe(world, sent.text("url"), sent.text("verify_token"), ALL_FIELDS)
        except webhooks.NotVerified as error:
            raise BadRequest(f"The callback was not verified: {error}.") from error
        return {"subscriptions": webhooks.listed(world)}

    async def requests(_: Request) -> dict[str, Any]:
        rows = world.db.execute("SELECT * FROM requests ORDER BY n DESC LIMIT 200")
        return {"requests": [dict(row) for row in rows]}

    async def picture(request: Request) -> Response:
        found = media.get(world, request.path_params["picture"])
        if found is None or not found.finished:
            return Response(status_code=404)
        return Response(found.data, media_type=found.mime, headers={"X-Content-Type-Options": "nosniff"})

    return [
        Route("/_town/state", _json(state)),
        Route("/_town/say", _json(say), methods=["POST"]),
        Route("/_town/posts", _json(posts)),
        Route("/_town/mail", _json(mail)),
        Route("/_town/faults", _json(fault), methods=["GET", "POST", "DELETE"]),
        Route("/_town/pace", _json(pace), methods=["POST"]),
        Route("/_town/burst", _json(burst), methods=["POST"]),
        Route("/_town/rules", _json(rules), methods=["POST"]),
        Route("/_town/counts", _json(counts)),
        Route("/_town/delete_elsewhere", _json(delete_elsewhere), methods=["POST"]),
        Route("/_town/edit_elsewhere", _json(edit_elsewhere), methods=["POST"]),
        Route("/_town/private", _json(private), methods=["GET", "POST"]),
        Route("/_town/subscribe", _json(subscribe), methods=["POST"]),
        Route("/_town/requests", _json(requests)),
        Route("/_town/media/{picture}", picture),
    ]


def _privately(world: World, network: str, resident: str, text: str) -> dict[str, Any]:
    if network != "facebook" or world.person(resident) is None:
        raise BadRequest("Residents write privately on facebook alone; `resident` is an id of state's residents.")
    letter = messenger.keep(world, resident, text, ours=False)
    telling.arrived(world, letter)
    return {"ref": letter.mid, "text": letter.text}


def _in_the_own_inbox(world: World, comment: str, text: str) -> dict[str, Any]:
    found = world.item(comment)
    if found is None or found.ours or found.network != "facebook" or not text.strip():
        raise BadRequest("Give the `comment` of a resident on facebook, and the `text` that answers it privately.")
    return {"ref": messenger.keep(world, found.author, text, ours=True, comment=comment).mid}


def _json(view: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Answers with JSON; what is wrong with a request is a 400 with a sentence."""

    async def answer(request: Request) -> Response:
        if request.method != "GET" and request.headers.get("sec-fetch-site", "none") not in (
            "none",
            "same-origin",
        ):
            return JSONResponse({"error": "Another site's page may not change the practice town."}, 403)
        try:
            return JSONResponse(await view(request))
        except (BadRequest, BadPace, Blocked, faults.BadFault, body.BadBody) as error:
            return JSONResponse({"error": str(error)}, 400)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"The request cannot be read ({type(error).__name__}: {error})."}, 400)

    return answer


def _network(name: str) -> str:
    if name not in NETWORKS:
        raise BadRequest(f"There is no network {name!r} in the town: use {' or '.join(NETWORKS)}.")
    return name


def _state(world: World, life: Life) -> dict[str, Any]:
    return {
        "seed": world.seed,
        "pace": life.pace,
        "now": _moment(world.now()),
        "accounts": {network: asdict(world.account(network)) | {"path": f"/{network}"} for network in NETWORKS},
        "residents": [asdict(one) for one in world.people()],
        "rules": _rules(world),
        "counts": {
            str(row[0]): int(row[1]) for row in world.db.execute("SELECT network, count(*) FROM items GROUP BY network")
        },
        "faults": [asdict(one) for one in faults.standing(world)],
    }


def _rules(world: World) -> dict[str, Any]:
    return {
        "replies_restricted": world.flag("x_replies_restricted", True),
        "duplicates_refused": world.flag("duplicates_refused", True),
        "x_limit": int(world.meta("x_limit") or 10_000),
        "revoked": {network: world.flag(f"{network}_revoked", False) for network in NETWORKS},
    }


def _ours(world: World, network: str) -> list[Item]:
    """What the organisation put out, newest first: posts, and its comments and replies."""
    return world.items("network=? AND author=''", (network,), order="n DESC", limit=2_000)


def _post(world: World, item: Item) -> dict[str, Any]:
    beneath = world.items("root=?", (item.ref,)) if item.kind == "post" else world.items("parent=?", (item.ref,))
    return _bare(item) | {
        "media": [
            {
                "id": one.id,
                "mime": one.mime,
                "alt": one.alt,
                "width": one.width,
                "height": one.height,
                "bytes": len(one.data),
            }
            for one in media.of(world, item.ref)
        ],
        "comments": [_bare(one) for one in beneath],
    }


def _bare(item: Item) -> dict[str, Any]:
    out = asdict(item)
    out.pop("n")
    return out | {"created": _moment(item.created), "labels": [one for one in item.labels.split(",") if one]}


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
