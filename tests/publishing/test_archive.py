"""The archive: what was sent exactly, kept once, found again, and standing when all it came from is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.correcting import take_down
from gatepost.gate.models import Act, Sighting
from gatepost.gate.published import note_sent
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.actions import leave
from gatepost.people.models import User
from gatepost.publishing.actions import Picture
from gatepost.publishing.archive import (
    Wanted,
    add_event,
    digest_of,
    found,
    holds,
    keep_act,
    keep_sightings,
    media_in,
    seen_of,
    sweep,
)
from gatepost.publishing.campaigns import Plan, delete_campaign, save_campaign
from gatepost.publishing.models import ArchivedEvent, ArchivedItem, Post
from gatepost.publishing.pictures import add_picture
from tests import factories
from tests.publishing.images import photograph
from tests.publishing.published import publish, taken

pytestmark = pytest.mark.django_db
WORKER = System("worker")
TEXT = "The community hall opens again on Saturday."


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channels(officer: User) -> list[Channel]:
    return [factories.channel(by=officer, name="Our page"), factories.channel(by=officer, network="x")]


@pytest.fixture
def staff(officer: User, channels: list[Channel]) -> User:
    return factories.staff(*channels, by=officer)


def test_everything_that_was_sent_is_kept_once(officer: User, staff: User, channels: list[Channel]) -> None:
    at = timezone.now()
    campaign = save_campaign(
        Plan(name="Open hall", goal="A full hall", begins=at.date(), ends=at.date()), by=officer, at=at
    )
    media = add_picture(photograph(), "hall.jpg", by=staff, at=at)
    pictures = [Picture(media.pk, "The hall with its blue doors")]
    _, (act, _) = publish(
        TEXT, *channels, staff=staff, officer=officer, pictures=pictures, campaign=campaign.pk, audiences=["residents"]
    )
    item = keep_act(act, by=WORKER, at=at)
    assert isinstance(item, ArchivedItem)
    assert keep_act(act, by=WORKER, at=at) == item
    facts = ArchivedItem.objects.get(pk=item.pk).facts
    act.refresh_from_db()
    assert facts["content"] == act.content
    assert facts["digest"] == act.digest
    assert facts["author"]["name"] == staff.name
    assert [(one["by"], one["digest"]) for one in facts["sign_offs"]] == [(officer.name, act.digest)]
    assert facts["attempts"][0]["answer"]["raw"] == {"id": act.ref}
    assert facts["campaign"] == {"id": campaign.pk, "name": "Open hall", "goal": "A full hall"}
    assert facts["post"]["audiences"] == ["residents"]
    assert digest_of(facts) == item.digest
    assert f'src="../media/{media.pk}.jpg" alt="The hall with its blue doors"' in item.rendered
    assert item.media == [media.pk]
    assert holds(media.pk)
    assert not holds("0" * 64)
    line = Line.objects.get(verb="archive.kept")
    assert line.detail == {"digest": act.digest, "item": item.digest}


def test_it_stands_when_drafts_campaigns_and_people_are_gone(
    officer: User, staff: User, channels: list[Channel]
) -> None:
    at = timezone.now()
    campaign = save_campaign(
        Plan(name="Open hall", goal="A full hall", begins=at.date(), ends=at.date()), by=officer, at=at
    )
    post, acts = publish(TEXT, channels[0], staff=staff, officer=officer, campaign=campaign.pk)
    keep_act(acts[0], by=WORKER, at=at)
    delete_campaign(campaign, by=officer, at=at)
    leave(staff, by=officer, at=at)
    Post.objects.filter(pk=post.pk).delete()
    item = found(Wanted(words="hall", campaign=campaign.pk)).get()
    assert (item.facts["author"]["name"], item.campaign_name, item.text) == (staff.name, "Open hall", TEXT)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE publishing_archiveditem SET text = ''",
        "DELETE FROM publishing_archiveditem",
        "UPDATE publishing_archivedevent SET kind = 'gone'",
        "DELETE FROM publishing_archivedevent",
    ],
)
def test_the_database_refuses_changes(officer: User, staff: User, channels: list[Channel], change: str) -> None:
    _, acts = publish(TEXT, channels[0], staff=staff, officer=officer)
    item = keep_act(acts[0], by=WORKER, at=timezone.now())
    assert isinstance(item, ArchivedItem)
    add_event(item, "shown", {"text": TEXT}, moment=timezone.now(), by=WORKER, at=timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_deletion_is_added_to_what_it_took_down(officer: User, staff: User, channels: list[Channel]) -> None:
    _, (act,) = publish(TEXT, channels[0], staff=staff, officer=officer)
    act.refresh_from_db()
    down = take_down(act, reason="The date was wrong", by=staff, at=timezone.now())
    gate.sign_off(down, digest=down.digest, by=officer, at=timezone.now())
    assert keep_act(down, by=WORKER, at=timezone.now()) is None  # not sent yet
    taken(down, at=timezone.now())
    event = keep_act(down, by=WORKER, at=timezone.now())
    assert isinstance(event, ArchivedEvent)
    assert keep_act(down, by=WORKER, at=timezone.now()) == event
    assert (event.kind, event.item.act, event.facts["reason"]) == ("taken_down", act.pk, "The date was wrong")
    assert event.facts["sign_offs"][0]["by"] == officer.name
    assert event.digest == digest_of(ArchivedEvent.objects.get(pk=event.pk).facts)


def test_what_a_reply_answers_is_not_copied(officer: User, channels: list[Channel]) -> None:
    from gatepost.inbox import actions as inbox

    message = factories.message("I complain: the lift at flat 9 is broken.", channel=channels[0])
    words = "Thank you. An engineer comes on Tuesday."
    act = inbox.reply(message, text=words, by=factories.staff(channels[0], by=officer), at=timezone.now())
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    taken(act, at=timezone.now())
    item = keep_act(act, by=WORKER, at=timezone.now())
    assert isinstance(item, ArchivedItem)
    assert (item.kind, item.facts["content"]["in_reply_to"]) == ("reply", message.ref)
    assert "flat 9" not in str(item.facts) + item.rendered


def test_the_sweep_finds_what_no_job_kept(officer: User, staff: User, channels: list[Channel]) -> None:
    _, acts = publish(TEXT, *channels, staff=staff, officer=officer)
    keep_act(acts[0], by=WORKER, at=timezone.now())
    assert sweep(by=WORKER, at=timezone.now(), since=timedelta(days=1)) == 1
    assert sweep(by=WORKER, at=timezone.now()) == 0
    assert ArchivedItem.objects.count() == 2


def test_finding(officer: User, staff: User, channels: list[Channel]) -> None:
    early, late = timezone.now() - timedelta(days=3), timezone.now()
    for text, channel, at in (
        ("Rents rise by 2.7% in April.", channels[0], late),
        ("The lift in Millrace is repaired.", channels[1], late),
    ):
        _, acts = publish(text, channel, staff=staff, officer=officer, at=at)
        keep_act(acts[0], by=WORKER, at=at)
    item = ArchivedItem.objects.get(channel=channels[0].pk)

    def texts(**wanted: object) -> list[str]:
        return [one.text.split()[0] for one in found(Wanted(**wanted))]  # type: ignore[arg-type]  # a test's fields

    assert texts() == ["The", "Rents"]
    assert texts(words="rent rising") == ["Rents"]  # by the stems of the words
    assert texts(words="lift or rent") == ["The", "Rents"]
    assert texts(words="repaired -Millrace") == []
    assert texts(words='"our page"') == ["Rents"]  # the channel's name
    assert texts(channel=channels[1].pk) == ["The"]
    assert texts(kind="reply") == []
    assert texts(first=timezone.localdate(late)) == ["The", "Rents"]
    assert texts(last=timezone.localdate(early)) == []
    assert Wanted(words="x", channel=item.channel).as_json() == {"words": "x", "channel": str(item.channel)}


def test_files_are_found_wherever_a_content_names_them() -> None:
    content = {
        "media": [{"sha256": "a", "mime": "image/png", "captions": [{"sha256": "b", "language": "en"}]}],
        "thread": [{"text": "2", "media": [{"sha256": "c", "mime": "video/mp4"}]}],
    }
    assert list(media_in(content)) == [("a", "image/png"), ("b", "text/vtt"), ("c", "video/mp4")]


def test_only_what_was_sent_is_kept(officer: User, staff: User, channels: list[Channel]) -> None:
    from gatepost.publishing.actions import Draft, save_draft, submit

    draft = Draft(TEXT, kind="news", aim="promote", channels=[channels[0].pk])
    (act,) = submit(save_draft(draft, by=staff, at=timezone.now()), by=staff, at=timezone.now())
    assert keep_act(act, by=WORKER, at=timezone.now()) is None
    Act.objects.filter(pk=act.pk).update(state="sent", sent_at=datetime(2026, 1, 1, tzinfo=UTC), kind="hide")
    assert keep_act(act, by=WORKER, at=timezone.now()) is None


def test_what_the_network_shows_later_is_taken_over(officer: User, staff: User, channels: list[Channel]) -> None:
    _, (act,) = publish(TEXT, channels[0], staff=staff, officer=officer)
    act = Act.objects.select_related("channel").get(pk=act.pk)
    at = timezone.now()
    note_sent([act], at=at)
    shown = {"item_id": act.pk, "there": True, "text": TEXT, "alts": [], "counts": {"likes": 12}}
    Sighting.objects.create(at=at, **shown)
    assert keep_sightings(by=WORKER, at=at) == 0  # its item is not in the archive yet
    item = keep_act(act, by=WORKER, at=at)
    Sighting.objects.create(item_id=act.pk, at=at + timedelta(days=1), there=False)
    part = {"part": 1, "text": "And free.", "raw": {"message": "And free."}}
    Sighting.objects.create(item_id=act.pk, at=at + timedelta(days=2), there=True, **part)
    assert keep_sightings(by=WORKER, at=at) == 3
    assert not Sighting.objects.exists()
    assert isinstance(item, ArchivedItem)
    assert [(one.kind, one.facts) for one in item.events.all()] == [
        ("shown", {"text": TEXT, "alts": [], "counts": {"likes": 12}}),
        ("gone", {}),
        ("shown", {"text": "And free.", "alts": [], "counts": {}, "part": 1, "raw": {"message": "And free."}}),
    ]
    (seen, _, of_part) = item.events.all()
    assert "As Our page showed it" in seen_of(item, seen)
    for told in (f"<pre>{TEXT}</pre>", "<dt>Likes</dt><dd>12</dd>", seen.digest, act.permalink):
        assert told in seen_of(item, seen), told
    assert "showed part 2 of it" in seen_of(item, of_part)


def test_a_page_of_what_was_seen_shows_what_the_network_told(
    officer: User, staff: User, channels: list[Channel]
) -> None:
    at = timezone.now()
    media = add_picture(photograph(), "hall.jpg", by=staff, at=at)
    pictures = [Picture(media.pk, "The hall with its blue doors")]
    _, (act,) = publish(TEXT, channels[0], staff=staff, officer=officer, pictures=pictures)
    item = keep_act(act, by=WORKER, at=at)
    assert isinstance(item, ArchivedItem)
    facts = {"text": "Buy <b>now</b>.", "alts": ["A shop"], "counts": {}}
    page = seen_of(item, add_event(item, "shown", facts, moment=at, by=WORKER, at=at))
    assert "<pre>Buy &lt;b&gt;now&lt;/b&gt;.</pre>" in page
    assert f'src="../media/{media.pk}.jpg" alt="A shop"' in page
    assert TEXT not in page.partition("<body>")[2]
    assert "blue doors" not in page
