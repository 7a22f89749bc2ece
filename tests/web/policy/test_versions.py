"""The screens of versions: planned, called off, rolled back, compared, downloaded and brought in again."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gatepost.people.models import User
from gatepost.rulebook import drafts, zipped
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import Adoption, PackDraft
from tests.web.policy.test_drafts import TEXT, change, saved, shown

pytestmark = pytest.mark.django_db


def test_planned_called_off_and_rolled_back(boss: Client, officer: User, draft: PackDraft) -> None:
    first = in_force(timezone.now())
    saved(boss, change(boss, draft, "thresholds", "all", complaint="0.45"))
    url = f"/policy/drafts/{draft.pk}/adopt/"
    later = {"version": 2, "when": "later", "sure": "yes"}
    for day, time, field in (
        ("soon", "", "day"),
        ("2199-01-01", "", "day"),
        ("2027-01-04", "nine", "time"),
        ("2027-01-04", "09:00Z", "time"),
    ):
        assert f'id="{field}-error"' in shown(boss.post(url, {**later, "day": day, "time": time}), 422)
    year = timezone.now().year + 1
    assert boss.post(url, {**later, "day": f"{year}-01-04", "time": "09:00"}).status_code == 303
    planned = Adoption.objects.latest("pk")
    assert planned.in_force_from.astimezone(timezone.get_default_timezone()).hour == 9
    assert "comes into force" in shown(boss.get("/policy/"))
    assert "Planned" in shown(boss.get("/policy/versions/"))
    answer = boss.post("/policy/versions/", {"act": "withdraw", "adoption": planned.pk})
    assert answer.status_code == 303
    assert "Withdrawn" in shown(boss.get("/policy/versions/"))
    again = drafts.begin("Again", digest=planned.pack_id, by=officer, at=timezone.now())
    assert boss.post(f"/policy/drafts/{again.pk}/adopt/", {"version": 1, "sure": "yes"})["Location"] == "/policy/"
    html = shown(boss.get("/policy/versions/"))
    assert html.count("Roll back") == 1
    back = {"act": "roll_back", "to": first.digest}
    assert "Tick the box" in shown(boss.post("/policy/versions/", back), 422)
    assert boss.post("/policy/versions/", {**back, "sure": "yes"}).status_code == 303
    assert in_force(timezone.now()) == first
    assert "Choose what to do" in shown(boss.post("/policy/versions/"), 422)
    assert "No earlier version" in shown(boss.post("/policy/versions/", {**back, "to": "ab", "sure": "1"}), 422)


def test_versions_are_readable_compared_and_downloaded(boss: Client, draft: PackDraft) -> None:
    pack = in_force(timezone.now())
    saved(boss, change(boss, draft, "wordings", "acknowledgement", text=TEXT))
    html = shown(boss.get(f"/policy/versions/{pack.digest}/"))
    assert "Any abuse to staff should be referred to Ash Vyas" in html
    assert boss.get("/policy/versions/0000/").status_code == 404
    both = {"old": f"version:{pack.digest}", "new": f"draft:{draft.pk}"}
    assert "by the end of the next working day" in shown(boss.get("/policy/compare/", both))
    assert "The two are the same" in shown(boss.get("/policy/compare/", {**both, "new": both["old"]}))
    assert "Choose two versions" in shown(boss.get("/policy/compare/"))
    for bad in ("draft:999", "draft:x", "version:0", "other"):
        assert boss.get("/policy/compare/", {**both, "new": bad}).status_code == 404
    data = boss.get(f"/policy/versions/{pack.digest}/download/")
    assert zipped.unpacked(data.content) == dict(pack.files)
    data = boss.get(f"/policy/drafts/{draft.pk}/download/")
    assert TEXT in zipped.unpacked(data.content)["wordings.toml"]
    upload = SimpleUploadedFile("draft.zip", data.content)
    answer = boss.post("/policy/drafts/", {"act": "bring_in", "file": upload, "title": "Back again"})
    assert answer.status_code == 303
    assert PackDraft.objects.get(title="Back again").based_on == ""


def test_a_zip_that_is_no_policy(boss: Client) -> None:
    assert 'id="file-error"' in shown(boss.post("/policy/drafts/", {"act": "bring_in"}), 422)
    upload = SimpleUploadedFile("x.zip", b"no zip")
    assert "no zip file" in shown(boss.post("/policy/drafts/", {"act": "bring_in", "file": upload}), 422)
    held = io.BytesIO(zipped.packed({"pack.toml": "id = 1"}))
    html = shown(boss.post("/policy/drafts/", {"act": "bring_in", "file": held}), 422)
    assert "A pack needs this file" in html


def test_a_draft_an_older_release_kept(boss: Client, draft: PackDraft) -> None:
    drafts.head(draft).__class__.objects.filter(draft=draft).update(files={"pack.toml": ""}, digest="0" * 64)
    html = shown(boss.get(f"/policy/drafts/{draft.pk}/"))
    assert "cannot be read any more" in html
    shown(boss.get(f"/policy/drafts/{draft.pk}/adopt/"), 422)
    assert boss.get(f"/policy/drafts/{draft.pk}/download/").status_code == 200
    for part in ("wordings/", "wordings/acknowledgement/", "thresholds/"):
        assert "cannot be read any more" in shown(boss.get(f"/policy/drafts/{draft.pk}/{part}"), 422)
    assert "cannot be compared" in shown(
        boss.get("/policy/compare/", {"old": f"draft:{draft.pk}", "new": f"draft:{draft.pk}"}), 422
    )
