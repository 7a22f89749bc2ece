"""The checks of pictures and films, of links in the text, of what networks take, and of periods."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gatepost.policy.check import check
from gatepost.policy.model import BrokenLink, Image, Inbound, NetworkLimits, Outbound
from gatepost.policy.pack import Pack
from gatepost.policy.problems import PackError
from tests.policy.small import FILES, NOON, pack

PACK = pack()
PICTURE = Image("image/jpeg", 1200, 630, 100_000, "A slide and two swings")
FILM = replace(PICTURE, mime="video/mp4", width=200, height=200)
X = NetworkLimits(text=280, counted="weighted", summoned_only=True)
MESSENGER = NetworkLimits(text=2_000, private_hours=24)
PERIODS = """
[[period]]
id = "vote"
title = "Before the election"
clause = "usage.1"
starts = 2026-11-20
ends = 2026-11-25
frozen = ["campaign"]
allowed = ["notice"]
banned = [
  { pattern = '\\bvote for\\b', why = "it takes sides", instead = "Say where to vote." },
  { pattern = 'manifesto', why = "it is a party's" },
]

[[period]]
id = "later"
title = "Later"
clause = "usage.2"
starts = 2026-12-01
ends = 2026-12-01
"""
KINDS = """
[[post_kinds]]
id = "campaign"
title = "Campaign"

[[post_kinds]]
id = "notice"
title = "Notice"

[[post_kinds]]
id = "news"
title = "News"
"""


def found(draft: Outbound, name: str, limits: NetworkLimits | None = None, policy: Pack = PACK) -> list[str]:
    return [one.severity for one in check(draft, policy, NOON, limits) if one.check == name]


def pictured(**facts: object) -> Outbound:
    return Outbound("The playground is open.", images=(replace(PICTURE, **facts),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("draft", "name", "severities"),
    [
        (pictured(sharpness=12.0), "image_sharpness", ["ask"]),
        (pictured(sharpness=120.0), "image_sharpness", []),
        (pictured(), "image_sharpness", []),
        (pictured(width=4000), "image_shape", ["note"]),
        (pictured(height=0), "image_shape", []),
        (pictured(), "image_shape", []),
        (pictured(text_share=0.5), "text_in_picture", ["ask"]),
        (pictured(text_share=0.1), "text_in_picture", []),
        (pictured(), "text_in_picture", []),
        (Outbound("A film.", images=(FILM,)), "captions", ["ask"]),
        (Outbound("A film.", images=(replace(FILM, captions=False),)), "captions", ["stop"]),
        (Outbound("A film.", images=(replace(FILM, captions=True),)), "captions", []),
        (Outbound("A film.", images=(FILM,)), "image_size", []),
        (pictured(), "captions", []),
        (Outbound("Click here for the form."), "link_words", ["note"]),
        (Outbound("The form is on our repairs page."), "link_words", []),
        (Outbound("See bit.ly/3abcdef"), "short_link", ["ask"]),
        (Outbound("See this", link="https://t.co/abc"), "short_link", ["ask"]),
        (Outbound("See https://www.example.org/repairs"), "short_link", []),
        (Outbound("\N{BUS} Bus times change"), "emoji_place", ["note"]),
        (Outbound("Hello\n\N{BUS} one\n\N{BUS} two"), "emoji_place", ["note", "note"]),
        (Outbound("The bus \N{BUS} is late"), "emoji_place", ["note"]),
        (Outbound("Bus times change \N{BUS}"), "emoji_place", []),
        (Outbound("Buses change. \N{BUS} See the page"), "emoji_place", []),
        (Outbound("\N{BUS}"), "emoji_place", []),
    ],
)
def test_checks(draft: Outbound, name: str, severities: list[str]) -> None:
    assert found(draft, name) == severities


def test_x_takes_answers_only_to_those_who_named_us() -> None:
    reply = Outbound("Thank you.", network="x", kind="reply")
    assert found(reply, "network_reply", X) == ["note"]
    assert found(replace(reply, summoned=False), "network_reply", X) == ["stop"]
    assert found(replace(reply, summoned=True), "network_reply", X) == []
    assert found(replace(reply, kind="post"), "network_reply", X) == []
    assert found(reply, "network_reply", MESSENGER) == []
    assert found(replace(reply, network=""), "network_reply") == []


def test_a_private_answer_comes_in_time() -> None:
    reply = Outbound("Thank you.", kind="private", person_wrote_first=True, last_private=NOON - timedelta(hours=23))
    assert found(reply, "private_window", MESSENGER) == []
    assert found(replace(reply, leaves=NOON + timedelta(hours=2)), "private_window", MESSENGER) == ["stop"]
    late = replace(reply, last_private=NOON - timedelta(hours=25), network="facebook")
    assert found(late, "private_window", MESSENGER) == ["stop"]
    assert found(late, "private_window", X) == []
    assert found(late, "private_window") == []
    assert found(replace(late, kind="reply"), "private_window", MESSENGER) == []
    assert found(replace(late, last_private=None), "private_window", MESSENGER) == []


def test_a_comment_is_answered_privately_only_where_the_policy_says_so_and_in_time() -> None:
    allowing = pack(checks='private_reply = "usage.7"\n')
    answer = Outbound("Thank you.", network="facebook", kind="private", commented=NOON - timedelta(days=6))
    week = NetworkLimits(text=2000, private_reply_days=7)
    assert found(answer, "private_first", week) == ["stop"]
    assert found(answer, "private_first", week, policy=allowing) == []
    assert found(answer, "private_window", week, policy=allowing) == []
    assert found(answer, "private_window", policy=allowing) == []
    assert found(replace(answer, leaves=NOON + timedelta(days=2)), "private_window", week, policy=allowing) == ["stop"]
    assert found(answer, "private_window", MESSENGER, policy=allowing) == ["stop"]
    assert found(replace(answer, closed_group=True), "private_first", week, policy=allowing) == ["stop"]
    assert found(Outbound("Hello.", kind="private"), "private_first", week, policy=allowing) == ["stop"]


def test_a_clause_that_lets_us_write_privately_is_one_of_the_policy() -> None:
    with pytest.raises(PackError, match=r"usage\.77"):
        pack(checks='private_reply = "usage.77"\n')


def test_a_private_group_is_entered_only_when_asked() -> None:
    post = Outbound("Hello.", closed_group=True)
    assert found(post, "private_first") == ["stop"]
    assert found(replace(post, person_wrote_first=True), "private_first") == []
    assert found(replace(post, answering=Inbound("1", "Hi", private=True)), "private_first") == []
    assert found(Outbound("Hello."), "private_first") == []


@pytest.mark.parametrize(
    ("draft", "severities"),
    [
        (Outbound("The bins are late.", post_kind="news"), ["ask"]),
        (Outbound("The bins are late.", post_kind="notice"), []),
        (Outbound("Our plan.", post_kind="campaign"), ["stop"]),
        (Outbound("Vote for us, says the manifesto.", post_kind="notice"), ["stop", "stop"]),
        (Outbound("Vote for us.", kind="reply"), ["stop"]),
        (Outbound("The office opens at nine.", kind="reply"), []),
        (Outbound("Later.", leaves=datetime(2026, 11, 26, 0, 0, tzinfo=UTC)), []),
        (Outbound("Later.", leaves=datetime(2026, 12, 1, 23, 59, tzinfo=UTC)), ["ask"]),
    ],
)
def test_a_period_has_its_own_rules(draft: Outbound, severities: list[str]) -> None:
    policy = pack(periods=PERIODS, pack=FILES["pack.toml"] + KINDS)
    assert found(draft, "sensitive_period", policy=policy) == severities


TAKES = NetworkLimits(text=280, video_bytes=1_000_000, video_seconds=60, film_alone=True)
SHOWN = replace(FILM, captions=True)


@pytest.mark.parametrize(
    ("films", "limits", "count"),
    [
        ((SHOWN,), TAKES, 0),
        ((SHOWN,), None, 0),
        ((PICTURE,), TAKES, 0),
        ((replace(SHOWN, bytes=2_000_000),), TAKES, 1),
        ((replace(SHOWN, seconds=90.0),), TAKES, 1),
        ((replace(SHOWN, seconds=45.0),), TAKES, 0),
        ((SHOWN, PICTURE), TAKES, 1),
        ((SHOWN, PICTURE), replace(TAKES, film_alone=False), 0),
        ((SHOWN, SHOWN), replace(TAKES, films=False), 1),
    ],
)
def test_films_fit_their_network(films: tuple[Image, ...], limits: NetworkLimits | None, count: int) -> None:
    assert found(Outbound("A film.", images=films), "film", limits) == ["stop"] * count


def test_a_broken_link_is_marked_where_it_stands() -> None:
    gone = BrokenLink("https://x.example/a", "The page is not there.", True)
    slow = BrokenLink("https://x.example/b", "It did not answer.", False)
    draft = Outbound("See https://x.example/a", link="https://x.example/b", broken_links=(gone, slow))
    said = [one for one in check(draft, PACK, NOON) if one.check == "broken_link"]
    assert [(one.field, one.severity, one.start) for one in said] == [("text", "stop", 4), ("link", "ask", 0)]
