"""Posts as X's API v2 gives them, under both names it uses for their fields.

X's description 2.167 says `post.fields`, `referenced_posts`, `note_post`; its changelog and older servers say
`tweet.fields`, `referenced_tweets`, `note_tweet`. Answers are read under both; requests are tried in this
order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .fields import dig, ident, kept, moment, objects, settled, text
from .protocol import Incoming

Dialect = Mapping[str, str]

POST: Dialect = {
    "post.fields": "created_at,conversation_id,entities,note_post,public_metrics,text",
    "expansions": "author_id,in_reply_to_user_id,referenced_posts",
    "user.fields": "name,username",
}
TWEET: Dialect = {
    "tweet.fields": (
        "author_id,created_at,conversation_id,entities,in_reply_to_user_id,note_tweet,public_metrics,"
        "referenced_tweets,text"
    ),
    "expansions": "author_id",
    "user.fields": "name,username",
}

COUNTED = {
    "like_count": "likes",
    "reply_count": "replies",
    "repost_count": "shares",
    "retweet_count": "shares",
    "quote_count": "quotes",
    "impression_count": "views",
}


def counts_of(post: Any) -> dict[str, int]:
    """How people took a post, by our names; what X does not tell is left out."""
    told = dig(post, "public_metrics")
    if not isinstance(told, dict):
        return {}
    return {name: told[key] for key, name in COUNTED.items() if type(told.get(key)) is int and told[key] >= 0}


SNOWFLAKE_EPOCH = 1_288_834_974_657
"""Milliseconds since 1970 at which X's ids begin; an id holds its time above its lowest 22 bits."""

_LEADING_NAMES = re.compile(r"^(@\w{1,30}\s+)+")
_MEDIA_LINK = re.compile(r"/status/\d+/(photo|video)/\d+$")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def seconds_of(ref: str) -> int:
    """The second, since 1970, at which X made the id `ref`."""
    return ((int(ref) >> 22) + SNOWFLAKE_EPOCH) // 1000


def id_at(seconds: int) -> str:
    """The smallest id X can have made at `seconds` since 1970; "1" for times before X."""
    return str(max((seconds * 1000 - SNOWFLAKE_EPOCH) << 22, 1))


def words(post: Mapping[str, Any]) -> str:
    """The text as its author typed it: long form, links in full, without the link to its own pictures."""
    long = dig(post, "note_post") or dig(post, "note_tweet")
    source = long if text(long, "text") else post
    said = text(source, "text")
    for url in objects(source, "entities", "urls") or objects(post, "entities", "urls"):
        short, full = text(url, "url"), text(url, "expanded_url") or text(url, "unwound_url")
        if short and full:
            said = said.replace(short, "" if _MEDIA_LINK.search(full) else full)
    for escaped, plain in _ENTITIES.items():
        said = said.replace(escaped, plain)
    return said.strip()


def replied_to(post: Mapping[str, Any]) -> str:
    """The id of the post that this one answers, or ""."""
    for other in objects(post, "referenced_posts") + objects(post, "referenced_tweets"):
        if text(other, "type") == "replied_to":
            return ident(other, "id")
    return ""


def known_by(said: str, answers: str) -> list[tuple[str, str, str]]:
    """What a post is known by when it is looked for: its words, and its words bare, for X puts names before an answer
    and a scheme before a bare link; both with the id of the post that it answers."""
    bare = settled(_bare(said))
    return [("as written", answers, settled(said)), *([("bare", answers, bare)] if bare else [])]


def _bare(value: str) -> str:
    value = _LEADING_NAMES.sub("", value.strip())
    return re.sub(r"https?://(\S+?)/?(?=\s|$)", r"\1", value)


def incoming(post: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], us: str) -> Incoming | None:
    """A mention or an answer to us; None for our own posts and for anything without id or words."""
    ref, author = ident(post, "id"), ident(post, "author_id")
    said = words(post)
    if not ref.isdigit() or author == us or not said:
        return None
    person = people.get(author, {})
    handle, parent = text(person, "username"), replied_to(post)
    conversation = ident(post, "conversation_id") or ref
    under_ours = bool(parent) and ident(post, "in_reply_to_user_id") == us
    return Incoming(
        ref=ref,
        kind="comment" if parent else "mention",
        text=said,
        author_ref=author,
        author_name=text(person, "name") or handle or "Somebody on X",
        author_handle=handle,
        posted_at=moment(post, "created_at"),
        parent_ref=parent,
        thread_ref=conversation,
        post_ref=parent if under_ours else "",
        permalink=f"https://x.com/{handle or 'i'}/status/{ref}",
        raw=kept(dict(post)),
    )
