"""The places of the desk, in the order of the navigation, and which of them the page belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Place:
    name: str  # of its URL
    title: str
    icon: str
    url: str
    core: bool = False  # under the thumb on a phone
    main: bool = True  # in the main navigation, not only at the foot
    current: bool = False
    count: str = ""  # which count of the frame's facts stands beside it
    counted: str = ""  # what is counted, for people who listen


# name, title, icon, core, main, count, counted, and how the names of other pages that belong to it begin
ALL: tuple[tuple[str, str, str, bool, bool, str, str, tuple[str, ...]], ...] = (
    ("today", "Today", "house", True, True, "", "", ()),
    ("inbox", "Inbox", "inbox", True, True, "inbox", "waiting for us", ("message",)),
    ("moderation", "Moderation", "shield-check", False, True, "", "", ("moderation_",)),
    ("sign_off", "Sign-off", "signature", True, True, "sign_off", "waiting for you", ("sign_off_act",)),
    ("write", "Write", "pen-line", True, True, "", "", ("write_edit",)),
    ("posts", "Posts", "send", False, True, "", "", ("post",)),
    ("calendar", "Calendar", "calendar", False, True, "", "", ("calendar_move", "calendar_feeds")),
    ("referrals", "Referrals", "arrow-right", False, False, "", "", ("referral",)),
    ("cases", "Cases", "scroll-text", False, False, "", "", ("case", "receivers")),
    ("lines", "Approved lines", "message-square", False, False, "", "", ("line",)),
    ("campaigns", "Campaigns", "megaphone", False, False, "", "", ("campaign",)),
    ("archive", "Archive", "archive", False, False, "", "", ("archive_",)),
    ("policy", "Policy", "file-text", False, True, "", "", ("policy_",)),
    ("channels", "Channels", "radio-tower", False, True, "", "", ("channel", "channel_connect")),
    ("people", "People", "users", False, True, "", "", ("person", "person_deputies")),
    ("record", "Record", "scroll-text", False, True, "", "", ()),
    ("hold", "Hold", "circle-pause", False, False, "", "", ()),
    ("town", "Practice town", "house", False, False, "", "", ()),
    ("peoples_data", "People’s data", "shield", False, False, "", "", ("peoples_data_",)),
    ("settings", "Settings", "settings", False, False, "", "", ("passkeys",)),
)


def address(name: str, *args: object) -> str:
    """The address of a page. Raises NoReverseMatch: a page that is named and is not there is a mistake of ours."""
    return reverse(name, args=args)


def places_of(request: HttpRequest) -> tuple[Place, ...]:
    match = request.resolver_match
    return _places((match.url_name if match else "") or "")


@lru_cache(maxsize=128)
def _places(here: str) -> tuple[Place, ...]:
    """The places as they stand on the page of this name; addresses do not change while the desk runs."""
    return tuple(
        Place(name, title, icon, address(name), core, main, here == name or here.startswith(within), count, counted)
        for name, title, icon, core, main, count, counted, within in ALL
    )
