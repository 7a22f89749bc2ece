"""Drafts of the policy: every save a version, nobody overwrites anybody, adopted only as they were seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gatepost.gate.standing import unsigned_wordings
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.editing import parse_change
from gatepost.rulebook import drafts
from gatepost.rulebook.actions import Untested, in_force
from gatepost.rulebook.drafts import DraftError
from gatepost.rulebook.models import DraftVersion, PackDraft, Trial
from tests import factories
from tests.rulebook import packs

pytestmark = pytest.mark.django_db
TEXT = "Thank you for your message. A member of staff will contact you by the end of the next working day"
WORDING = parse_change({"do": "entry", "table": "wording", "id": "acknowledgement", "fields": {"text": TEXT}})


def threshold(value: float) -> Any:
    return parse_change({"do": "thresholds", "values": {"complaint": value}})


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def draft(officer: User, at: datetime) -> PackDraft:
    return drafts.begin("Kinder words", by=officer, at=at)


def test_a_draft_from_begin_to_adoption(officer: User, draft: PackDraft, at: datetime) -> None:
    before = in_force(at)
    assert drafts.pack_of_draft(draft) == before
    drafts.save(draft, WORDING, version=1, by=officer, at=at)
    drafts.save(draft, threshold(0.45), version=2, by=officer, at=at)
    assert draft.version == 3
    assert in_force(at) == before, "nothing changes on the desk while a draft is written"
    said = list(DraftVersion.objects.filter(draft=draft).order_by("number").values_list("says", flat=True))
    assert "A member of staff will be in touch" in said[1]
    assert "0.45" in said[2]
    kept = drafts.adopt_draft(draft, version=3, by=officer, at=at)
    pack = in_force(at + timedelta(seconds=1))
    assert (pack.digest, pack.wordings["acknowledgement"].text) == (kept.pk, TEXT)
    draft.refresh_from_db()
    assert (draft.adopted, draft.closed_by) == (kept.pk, officer.actor)
    assert "acknowledgement" in unsigned_wordings(pack, at)
    verbs = list(Line.objects.filter(subject=f"draft:{draft.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs == ["draft.begun", "draft.saved", "draft.saved", "draft.adopted"]
    with pytest.raises(Conflict):
        drafts.save(draft, threshold(0.4), version=3, by=officer, at=at)


def test_nobody_overwrites_anybody(officer: User, draft: PackDraft, at: datetime) -> None:
    other = PackDraft.objects.get(pk=draft.pk)
    drafts.save(draft, WORDING, version=1, by=officer, at=at)
    with pytest.raises(Conflict, match="Somebody has changed this draft"):
        drafts.save(other, threshold(0.4), version=1, by=officer, at=at)
    with pytest.raises(Conflict):
        drafts.adopt_draft(other, version=1, by=officer, at=at)
    assert drafts.pack_of_draft(other).thresholds["complaint"] == 0.5


@pytest.mark.parametrize("close", [drafts.adopt_draft, drafts.put_away])
def test_what_a_colleague_saves_meanwhile_is_not_shut_away(
    officer: User, draft: PackDraft, at: datetime, monkeypatch: pytest.MonkeyPatch, close: Callable[..., object]
) -> None:
    looked = drafts._require_current

    def and_saved(seen: PackDraft, version: int) -> None:
        looked(seen, version)
        monkeypatch.setattr(drafts, "_require_current", looked)
        drafts.save(PackDraft.objects.get(pk=seen.pk), threshold(0.45), version=version, by=officer, at=at)

    monkeypatch.setattr(drafts, "_require_current", and_saved)
    with pytest.raises(Conflict, match="Somebody has changed this draft"):
        close(draft, version=1, by=officer, at=at)
    draft.refresh_from_db()
    assert draft.closed_at is None


def test_undo_is_a_version_too(officer: User, draft: PackDraft, at: datetime) -> None:
    with pytest.raises(DraftError, match="Nothing has been changed"):
        drafts.undo(draft, version=1, by=officer, at=at)
    drafts.save(draft, WORDING, version=1, by=officer, at=at)
    drafts.undo(draft, version=2, by=officer, at=at)
    assert draft.version == 3
    assert drafts.pack_of_draft(draft) == in_force(at)


def test_what_would_not_load_is_not_saved(officer: User, draft: PackDraft, at: datetime) -> None:
    bad = {"do": "entry", "table": "wording", "id": "acknowledgement", "fields": {"clause": "usage.66"}}
    with pytest.raises(DraftError) as wrong:
        drafts.save(draft, parse_change(bad), version=1, by=officer, at=at)
    assert wrong.value.problems[0].key == "wording.acknowledgement.clause"
    out = parse_change({"do": "take_out", "table": "wording", "id": "none"})
    with pytest.raises(DraftError, match="no wording") as gone:
        drafts.save(draft, out, version=1, by=officer, at=at)
    assert gone.value.problems == ()
    with pytest.raises(DraftError, match="Nothing is different"):
        drafts.save(draft, threshold(0.5), version=1, by=officer, at=at)
    draft.refresh_from_db()
    assert draft.version == 1


def test_examples_that_fail_hold_up_adoption(officer: User, at: datetime) -> None:
    draft = drafts.bring_in("Refers", packs.referring().files, by=officer, at=at)
    with pytest.raises(Untested):
        drafts.adopt_draft(draft, version=1, by=officer, at=at)
    draft.refresh_from_db()
    assert draft.closed_at is None


def test_only_who_signs_off(draft: PackDraft, at: datetime) -> None:
    other = factories.person()
    acts: list[Any] = [
        lambda: drafts.begin("x", by=other, at=at),
        lambda: drafts.bring_in("x", packs.referring().files, by=other, at=at),
        lambda: drafts.save(draft, WORDING, version=1, by=other, at=at),
        lambda: drafts.attempt(draft, WORDING, version=1, by=other, at=at),
        lambda: drafts.undo(draft, version=1, by=other, at=at),
        lambda: drafts.put_away(draft, version=1, by=other, at=at),
        lambda: drafts.adopt_draft(draft, version=1, by=other, at=at),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_put_away_and_begin_from_an_older_version(officer: User, draft: PackDraft, at: datetime) -> None:
    drafts.put_away(draft, version=1, by=officer, at=at)
    with pytest.raises(Conflict, match="put away"):
        drafts.save(draft, WORDING, version=1, by=officer, at=at)
    again = drafts.begin("", digest=in_force(at).digest, by=officer, at=at)
    assert again.title == "Change of Social Media Policy"
    with pytest.raises(DraftError, match="no such version"):
        drafts.begin("x", digest="0" * 64, by=officer, at=at)
    with pytest.raises(DraftError, match="120") as long:
        drafts.begin("x" * 121, by=officer, at=at)
    assert long.value.field == "title"


def test_there_is_an_end_to_drafts(officer: User, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "OPEN_LIMIT", 1)
    drafts.begin("One", by=officer, at=at)
    with pytest.raises(DraftError, match="drafts already"):
        drafts.begin("Two", by=officer, at=at)


def test_files_that_are_no_policy(officer: User, at: datetime) -> None:
    with pytest.raises(DraftError) as wrong:
        drafts.bring_in("x", {"pack.toml": "id ="}, by=officer, at=at)
    assert len(wrong.value.problems) > 5


def test_what_was_tried_is_kept_once_and_only_on_what_it_was_made_from(
    officer: User, draft: PackDraft, at: datetime
) -> None:
    trial = drafts.attempt(draft, WORDING, version=1, by=officer, at=at)
    late = drafts.attempt(draft, threshold(0.4), version=1, by=officer, at=at)
    plain = drafts.attempt(draft, None, version=1, by=officer, at=at)
    assert "by the end of the next" in trial.says
    draft.refresh_from_db()
    assert draft.version == 1, "trying saves nothing"
    with pytest.raises(DraftError, match="nothing to save"):
        drafts.keep(plain, by=officer, at=at)
    assert drafts.keep(trial, by=officer, at=at).version == 2
    with pytest.raises(DraftError, match="already"):
        drafts.keep(Trial.objects.get(pk=trial.pk), by=officer, at=at)
    with pytest.raises(Conflict):
        drafts.keep(late, by=officer, at=at)
