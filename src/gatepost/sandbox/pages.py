"""The town as people see it: the Facebook Page beside the X feed, and the post office. Plain HTML, no script."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from . import media, post_office
from .world import Item, World

NAMES = {"facebook": "Facebook", "x": "X"}
MOST = 40  # posts of each network on the page
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def routes(world: World) -> list[Route]:
    async def town(request: Request) -> Response:
        admin = request.query_params.get("as") == "admin"
        feeds = "".join(_feed(world, network, admin) for network in NAMES)
        return _page("The practice town", f'<div class="feeds">{feeds}</div>', admin)

    async def mail(_: Request) -> Response:
        return _page("The post office", _letters(world), False)

    async def css(_: Request) -> Response:
        return Response(Path(__file__).with_name("town.css").read_text(encoding="utf-8"), media_type="text/css")

    return [Route("/", town), Route("/mail", mail), Route("/town.css", css)]


def _page(title: str, content: str, admin: bool) -> HTMLResponse:
    links = (
        ("/", "As residents see it"),
        ("/?as=admin", "As the organisation sees it"),
        ("/mail", "The post office"),
    )
    here = "/mail" if title == "The post office" else "/?as=admin" if admin else "/"
    items = "".join(
        f'<li><a href="{address}"{" aria-current=page" if address == here else ""}>{name}</a></li>'
        for address, name in links
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} - Gatepost</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/town.css"></head><body>'
        '<a class="skip" href="#content">Skip to the content</a>'
        f"<header><h1>{title}</h1><p>Nobody here is real. What you publish from the desk appears here, "
        f'and nowhere else.</p><nav aria-label="Practice town"><ul>{items}</ul></nav></header>'
        f'<main id="content" tabindex="-1">{content}</main>'
        "<footer><p>Reload the page to see what is new.</p></footer></body></html>",
        headers={
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _feed(world: World, network: str, admin: bool) -> str:
    account = world.account(network)
    where = "network=? AND kind='post' AND removed='' AND published=1"
    posts = world.items(where, (network,), order="n DESC", limit=MOST)
    shown = "".join(_article(world, one, admin, 3) for one in posts) or "<p>Nothing has been posted yet.</p>"
    handle = f" <span>@{escape(account.handle)}</span>" if network == "x" else ""
    return (
        f'<section class="{network}" aria-labelledby="h-{network}"><h2 id="h-{network}">{NAMES[network]}: '
        f"{escape(account.name)}{handle}</h2>{shown}</section>"
    )


def _article(world: World, item: Item, admin: bool, level: int) -> str:
    name, handle = _who(world, item)
    marks = ' <span class="mark">Hidden from the public</span>' if item.hidden else ""
    link = (
        f'<p><a href="{escape(item.link)}" rel="nofollow noreferrer">{escape(item.link)}</a></p>' if item.link else ""
    )
    pictures = "".join(_figure(one) for one in media.of(world, item.ref))
    beneath = ""
    if level == 3:
        found = world.items("root=? AND removed=''", (item.ref,), limit=200)
        beneath = "".join(_article(world, one, admin, 4) for one in found if admin or not one.hidden)
    return (
        f'<article id="i{escape(item.ref)}"><h{level}>{escape(name)} <span class="handle">{escape(handle)}</span> '
        f"{_time(item.created)}{marks}</h{level}>"
        f'<p class="text" dir="auto">{escape(item.text)}</p>{link}{pictures}{beneath}</article>'
    )


def _figure(picture: media.Picture) -> str:
    said = f"Alternative text: {escape(picture.alt)}" if picture.alt else "This picture has no alternative text."
    if picture.mime == "video/mp4":
        film = f'<video controls preload="none" src="/_town/media/{picture.id}"></video>'
        return f"<figure>{film}<figcaption>A film</figcaption></figure>"
    size = f'width="{picture.width}" height="{picture.height}"'
    return (
        f'<figure><img src="/_town/media/{picture.id}" alt="{escape(picture.alt)}" {size} loading="lazy">'
        f"<figcaption>{said}</figcaption></figure>"
    )


def _who(world: World, item: Item) -> tuple[str, str]:
    if item.ours:
        account = world.account(item.network)
        return account.name, f"@{account.handle}" if item.network == "x" else ""
    person = world.person(item.author)
    if person is None:
        return "Somebody who has left", ""
    return person.name, f"@{person.handle}" if item.network == "x" else ""


def _time(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f'<time datetime="{moment.isoformat(timespec="seconds")}">{moment:%-d %B %Y, %H:%M} UTC</time>'


def _letters(world: World) -> str:
    shown = "".join(
        f'<article id="m{one.n}"><h2>{escape(one.subject) or "(no subject)"}</h2>'
        f"<dl><dt>From</dt><dd>{escape(one.sender)}</dd>"
        f"<dt>To</dt><dd>{escape(', '.join(one.recipients))}</dd><dt>Sent</dt><dd>{_time(one.at)}</dd></dl>"
        f'<p class="text" dir="auto">{escape(one.text)}</p></article>'
        for one in post_office.letters(world)
    )
    return shown or "<p>No e-mail has come yet. Referrals to departments arrive here.</p>"
