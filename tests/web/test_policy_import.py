"""A written policy on the screen: handed in, waited for, looked over, made a draft."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from gatepost.people.models import User
from gatepost.policy.importing.by_hand import ByHand
from gatepost.rulebook import drafts, imports
from gatepost.rulebook.models import PackDraft, PolicyImport
from gatepost.web.policy import review, to_do
from tests import factories
from tests.factories import SETUP
from tests.rulebook.test_imports import SMALL

PLACE = '<li class="gp-row"><div class="gp-stack gp-stack--s">'  # of what a draft changes
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def hand_in(boss: Client, data: bytes = SMALL.encode(), name: str = "policy.txt") -> Any:
    return boss.post("/policy/import/", {"file": SimpleUploadedFile(name, data)})


def read_one(boss: Client) -> tuple[str, PolicyImport]:
    """The address of a policy that has been read, and the policy."""
    answer = hand_in(boss)
    assert answer.status_code == 303
    handed = PolicyImport.objects.latest("pk")
    imports.read(handed, by=SETUP, at=timezone.now())
    handed.refresh_from_db()
    return str(answer["Location"]), handed


def everything(handed: PolicyImport) -> dict[str, Any]:
    """The form sent back with every guess accepted."""
    pack = review.pack_of_import(handed)
    rows = review.rows(handed, pack)
    things = [thing for row in rows for thing in row.things] + review.loose(handed, pack)
    post = {f"kind.{row.id}": row.kind for row in rows} | {f"about.{row.id}": row.about for row in rows}
    for thing in things:
        post[thing.keep.name] = "yes"
        post |= {field.name: field.value for field in thing.fields}
    return {**post, "title": "As written"}


def test_it_is_waited_for_then_looked_over(boss: Client) -> None:
    answer = hand_in(boss)
    url = answer["Location"]
    assert "Waiting for its turn" in boss.get(url).content.decode()
    handed = PolicyImport.objects.get()
    imports.read(handed, by=SETUP, at=timezone.now())
    assert "It has been read" in boss.get(url + "?piece=1").content.decode()
    html = boss.get(url).content.decode()
    assert "We are sorry. Please ring the Complaints Team" in html
    assert "01632 960123" in html
    assert "% sure of its kind" in html
    assert "style=" not in html
    assert "policy.txt" in boss.get("/policy/import/").content.decode()


def test_every_guess_accepted(boss: Client) -> None:
    url, handed = read_one(boss)
    answer = boss.post(url, everything(handed))
    assert answer.status_code == 303, answer.content.decode()
    draft = PackDraft.objects.get()
    assert draft.title == "As written"
    assert handed.found is not None
    assert drafts.pack_of_draft(draft).files == review.pack_of_import(handed).files
    assert "A draft has been made of it" in boss.get(url).content.decode()
    assert "been made of this already" in boss.post(url, everything(handed)).content.decode()


def test_changed_and_left_out(boss: Client) -> None:
    url, handed = read_one(boss)
    pack = review.pack_of_import(handed)
    wording = next(iter(pack.wordings.values()))
    post = everything(handed)
    post[f"wording.{wording.id}.text"] = "We are sorry. Please ring 01632 960124"
    post[f"kind.{pack.clauses[0].id}"] = "informative"
    gone = [rule.id for rule in pack.rules]
    for key in gone:
        del post[f"keep.rule.{key}"]
    assert boss.post(url, post).status_code == 303
    made = drafts.pack_of_draft(PackDraft.objects.get())
    assert made.wordings[wording.id].text == "We are sorry. Please ring 01632 960124"
    assert made.clauses[0].kind == "informative"
    assert made.rules == ()
    assert [clause.text for clause in made.clauses] == [clause.text for clause in pack.clauses]


def test_everything_left_out_still_keeps_the_words(boss: Client) -> None:
    url, handed = read_one(boss)
    pack = review.pack_of_import(handed)
    answer = boss.post(url, {"title": "Words alone"})
    assert answer.status_code == 303, answer.content.decode()[:3000]
    made = drafts.pack_of_draft(PackDraft.objects.get())
    assert (dict(made.wordings), dict(made.departments), made.rules) == ({}, {}, ())
    assert [clause.text for clause in made.clauses] == [clause.text for clause in pack.clauses]


def test_mistakes_are_named_and_answers_kept(boss: Client) -> None:
    url, handed = read_one(boss)
    pack = review.pack_of_import(handed)
    department = next(iter(pack.departments.values()))
    post = everything(handed)
    post[f"department.{department.id}.email"] = "no address"
    answer = boss.post(url, post)
    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.content.decode()
    assert 'value="no address"' in answer.content.decode()
    post[f"department.{department.id}.email"] = ""
    assert "leave “" in boss.post(url, post).content.decode()
    clock = next(iter(pack.clocks.values()))
    post = {**everything(handed), f"clock.{clock.id}.amount": "a few"}
    assert "write a whole number" in boss.post(url, post).content.decode()
    post = {**everything(handed), f"kind.{pack.clauses[0].id}": "x" * 99}
    assert "what its fields cannot" in boss.post(url, post).content.decode()
    assert not PackDraft.objects.exists()


def test_files_that_are_not_taken(boss: Client) -> None:
    for answer in (boss.post("/policy/import/"), hand_in(boss, b"x", "policy.exe"), hand_in(boss, b"", "policy.txt")):
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.content.decode()
    answer = hand_in(boss, b"%PDF-", "policy.pdf")
    imports.read(PolicyImport.objects.get(), by=SETUP, at=timezone.now())
    html = boss.get(answer["Location"]).content.decode()
    assert "Choose another file" in html


def test_only_who_signs_off(boss: Client) -> None:
    url, handed = read_one(boss)
    client = Client()
    client.force_login(factories.person())
    assert "Only who signs off" in client.get("/policy/import/").content.decode()
    assert hand_in(client).status_code == 422
    assert "Make a draft of it" not in client.get(url).content.decode()
    assert client.post(url, everything(handed)).status_code == 422


def test_a_draft_that_changes_much_leads_to_all_of_it(boss: Client) -> None:
    url, handed = read_one(boss)
    page = boss.post(url, everything(handed))["Location"]
    html = boss.get(page).content.decode()
    found = re.search(r'href="(/policy/compare/\?[^"]+)">All of it: (\d+) places', html)
    assert found
    whole = boss.get(found[1].replace("&amp;", "&")).content.decode()
    assert html.count(PLACE) < whole.count(PLACE) == int(found[2])


def test_what_is_to_be_done_by_hand_leads_to_where_it_is_done(boss: Client) -> None:
    url, handed = read_one(boss)
    html = boss.get(url).content.decode()
    assert "To do by hand" in html
    targets = re.findall(r'<li class="gp-small gp-broken"><a href="#([^"]+)">', html)
    assert targets
    for one in targets:
        assert f'id="{one}"' in html, one
    assert '<li class="gp-small gp-broken">Nobody signs off' in html, "what is done in the draft has no link yet"
    boss.post(url, everything(handed))
    assert "To do by hand" not in boss.get(url).content.decode()
    draft = PackDraft.objects.get()
    page = boss.get(f"/policy/drafts/{draft.pk}/").content.decode()
    links = dict.fromkeys(re.findall(rf'href="(/policy/drafts/{draft.pk}/[^"]+)">[^<]+</a></li>', page))
    left = imports.to_do_of(draft, drafts.pack_of_draft(draft))
    assert len(links) == len({(one.part, one.key, one.field) for one in left})
    adopting = boss.get(f"/policy/drafts/{draft.pk}/adopt/").content.decode()
    assert "Nobody signs off under it" in adopting, "said before the button is pressed"
    for one in links:
        place, _, field = one.partition("#")
        form = boss.get(place)
        assert form.status_code == 200, one
        assert not field or f'id="{field}"' in form.content.decode(), one


def test_what_is_decided_unasked_is_told(boss: Client) -> None:
    answer = hand_in(boss, b"Policy\n\nRobin Sample, Communications Manager, signs off all posts.\n")
    imports.read(PolicyImport.objects.latest("pk"), by=SETUP, at=timezone.now())
    assert "it was given to Communications Manager" in boss.get(answer["Location"]).content.decode()


def test_a_long_list_is_folded() -> None:
    tales = [ByHand("not_understood", f"Tale {n}", "clauses", f"tales.{n}", "about") for n in range(7)]
    html = render_to_string("policy/to_do.html", {"to_do": to_do.on_draft(tales, 1), "draft": True})
    assert "2 more" in html
    assert [html.count(f">Tale {n}<") for n in range(7)] == [1] * 7
    assert "Nothing left" in render_to_string("policy/to_do.html", {"to_do": []})
