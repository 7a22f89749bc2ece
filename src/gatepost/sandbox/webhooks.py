"""Meta's webhooks: subscribing with a challenge, and signed notices of new comments.

Source: developers.facebook.com, Webhooks, Getting started; X-Hub-Signature-256 is HMAC-SHA256 over the raw bytes sent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

import httpx

from .fetch import FetchFailed, must_be_here
from .world import Item, World


class NotVerified(Exception):
    """The callback did not answer the challenge as it must; the message says how it answered."""


def sign(secret: str, raw: bytes) -> str:
    """The value of X-Hub-Signature-256 for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def listed(world: World) -> list[dict[str, Any]]:
    rows = world.db.execute("SELECT url, fields FROM subscriptions ORDER BY url").fetchall()
    return [
        {
            "object": "page",
            "callback_url": row[0],
            "active": True,
            "fields": [{"name": name} for name in str(row[1]).split(",")],
        }
        for row in rows
    ]


def forget(world: World) -> None:
    world.db.execute("DELETE FROM subscriptions")


async def subscribe(world: World, url: str, verify_token: str, fields: str) -> None:
    """Asks the callback for the challenge, then keeps it. Raises NotVerified."""
    challenge = str(secrets.randbelow(10**10))
    params = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(must_be_here(url), params=params)
    except (httpx.HTTPError, httpx.InvalidURL, FetchFailed) as error:
        raise NotVerified(str(error) or type(error).__name__) from error
    if answer.status_code != 200 or answer.text.strip() != challenge:
        raise NotVerified(f"HTTP {answer.status_code}, and the body was not the challenge")
    world.db.execute("INSERT OR REPLACE INTO subscriptions VALUES (?,?,?)", (url, verify_token, fields or "feed"))


def notice(world: World, item: Item) -> bytes:
    """The body Meta sends for a new comment under a Page's post."""
    account = world.account("facebook")
    person = world.person(item.author)
    value = {
        "from": {"id": person.facebook_id, "name": person.name} if person else {"id": account.id, "name": account.name},
        "post_id": item.root,
        "comment_id": item.ref,
        "parent_id": item.parent,
        "created_time": item.created // 1000,
        "item": "comment",
        "verb": "add",
        "message": item.text,
    }
    entry = {"id": account.id, "time": item.created // 1000, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


async def tell(world: World, item: Item) -> int:
    """Sends the notice to every subscriber; returns how many took it. A subscriber that is away hears nothing."""
    if item.network != "facebook" or item.kind != "comment":
        return 0
    return await send(world, "feed", notice(world, item))


async def send(world: World, field: str, raw: bytes) -> int:
    """Sends a body to everybody who has subscribed to this field; returns how many took it."""
    rows = world.db.execute("SELECT url, fields FROM subscriptions").fetchall()
    urls = [str(row[0]) for row in rows if field in str(row[1]).split(",")]
    if not urls:
        return 0
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": sign(world.account("facebook").app_secret, raw),
    }
    taken = 0
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        for url in urls:
            try:
                taken += (await client.post(url, content=raw, headers=headers)).is_success
            except httpx.HTTPError:
                continue
    return taken
