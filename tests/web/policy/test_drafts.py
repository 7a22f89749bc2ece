"""The screens of drafts: begun, changed through every form, tried, saved, adopted, signed, rolled back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from gatepost.gate.models import StandingSignOff
from gatepost.inbox import trials
from gatepost.people.models import User
from gatepost.policy.expected import expected
from gatepost.policy.names import names
from gatepost.policy.pack import Pack
from gatepost.rulebook import drafts
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import PackDraft, Shadow, Trial
from gatepost.web.policy.draft_views import _next_version
from gatepost.web.policy.fields import Field
from gatepost.web.policy.parts import KINDS
from tests import factories
from tests.factories import SETUP
from tests.rulebook import packs

pytestmark = pytest.mark.django_db

TEXT = "Thank you for your message. A member of staff will contact you by the end of the next working day"


def shown(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    html: str = answer.content.decode()
    assert "style=" not in html
    return html


def given(pack: Pack, slug: str, key: str) -> dict[str, Any]:
    """What a form sends when nothing in it is changed."""
    post: dict[str, Any] = {}
    for part in KINDS[slug].form(pack, key, timezone.now()):
        for field in part.fields:
            value = _sent(field)
            if value is not None:
                post[field.name] = value
    return post


def _sent(field: Field) -> Any:
    if field.kind == "shown":
        return None
    if field.kind == "check":
        return "yes" if field.value else None
    if field.kind == "select" and not any(value == field.value for value, _ in field.options):
        return field.options[0][0]
    return field.value


def change(boss: Client, draft: PackDraft, slug: str, key: str, **fields: Any) -> HttpResponse:
    """The form of one thing, sent with some of its fields otherwise; None takes a field out."""
    draft.refresh_from_db()
    pack = drafts.pack_of_draft(draft)
    post = {**given(pack, slug, "" if key == "new" else key), **fields, "base": draft.version}
    body = {name: value for name, value in post.items() if value is not None}
    return boss.post(f"/policy/drafts/{draft.pk}/{slug}/{key}/", body)  # type: ignore[return-value]  # the test client's


def saved(boss: Client, answer: HttpResponse) -> Pack:
    """Keeps what was tried; the draft's pack afterwards."""
    assert answer.status_code == 303, answer.content.decode()[:3000]
    assert boss.post(answer["Location"]).status_code == 303
    trial = Trial.objects.order_by("-pk")[0]
    return drafts.pack_of_draft(PackDraft.objects.get(pk=trial.draft_id))


def test_begin_and_the_next_version(boss: Client) -> None:
    assert "Nobody is changing the policy" in shown(boss.get("/policy/drafts/"))
    assert "what the draft is for" in shown(boss.post("/policy/drafts/", {"act": "begin", "title": " "}), 422)
    answer = boss.post("/policy/drafts/", {"act": "begin", "title": "Kinder words", "version": "draft-2"})
    made = PackDraft.objects.get()
    assert answer["Location"] == f"/policy/drafts/{made.pk}/"
    assert drafts.pack_of_draft(made).version == "draft-2"
    html = shown(boss.get(f"/policy/drafts/{made.pk}/"))
    assert "version: from “draft-1” to “draft-2”" in html
    assert "of the policy's own examples hold" in html
    assert "Kinder words" in shown(boss.get("/policy/drafts/"))


@pytest.mark.parametrize(
    ("version", "following"), [("draft-1", "draft-2"), ("2026.9", "2026.10"), ("final", "final-2")]
)
def test_the_version_after(version: str, following: str) -> None:
    assert _next_version(packs.renamed(version)) == following
    assert _next_version(None) == ""


@pytest.mark.parametrize("slug", list(KINDS))
def test_every_form_comes_and_says_when_nothing_is_different(boss: Client, draft: PackDraft, slug: str) -> None:
    kind, pack = KINDS[slug], drafts.pack_of_draft(draft)
    url = f"/policy/drafts/{draft.pk}/{slug}/"
    html = shown(boss.get(url))
    rows = kind.rows(pack) if kind.rows else []
    for row in rows:
        assert f'href="{url}{row.key}/"' in html
    for key in [row.key for row in rows[:3]] if kind.rows else ["all"]:
        assert "See what would change" in shown(boss.get(f"{url}{key}/"))
        assert "Nothing is different" in shown(change(boss, draft, slug, key), 422)
    assert boss.get(f"{url}new/").status_code == (200 if kind.adds else 404)
    if rows:
        assert boss.get(f"{url}no_such_thing/").status_code == 404


def test_every_rule_can_be_sent_back_as_it_is(boss: Client, draft: PackDraft) -> None:
    for rule in drafts.pack_of_draft(draft).rules:
        assert "Nothing is different" in shown(change(boss, draft, "rules", rule.id), 422), rule.id


def test_a_wording_from_form_to_sign_off(boss: Client, officer: User, draft: PackDraft) -> None:
    answer = change(boss, draft, "wordings", "acknowledgement", text=TEXT)
    html = shown(boss.get(answer["Location"]))
    assert "Nothing is saved yet" in html
    assert "Waiting for its turn" in html
    assert "needs its standing sign-off anew" in html
    trial = Trial.objects.get()
    trials.run(trial, by=SETUP, at=timezone.now())
    assert "0 of 0" in shown(boss.get(answer["Location"] + "?piece=1"))
    assert drafts.pack_of_draft(draft).wordings["acknowledgement"].text != TEXT
    assert saved(boss, answer).wordings["acknowledgement"].text == TEXT
    adopting = f"/policy/drafts/{draft.pk}/adopt/"
    html = shown(boss.get(adopting))
    assert "“communication.” becomes “message.”" in html
    assert "it needs its standing sign-off" in html
    assert "Tick the box" in shown(boss.post(adopting, {"version": 2, "when": "now"}), 422)
    answer = boss.post(adopting, {"version": 2, "when": "now", "sure": "yes"})
    assert answer["Location"] == "/policy/signing/"
    html = shown(boss.get("/policy/signing/"))
    assert "Before it read: “Thank you for your communication" in html
    assert html.count('name="wording"') == 1
    assert boss.post("/policy/signing/", {"wording": "acknowledgement"}).status_code == 303
    assert "Every wording is signed off" in shown(boss.get("/policy/signing/"))
    assert "has no wording" in shown(boss.post("/policy/signing/", {"wording": "none"}), 422)
    assert StandingSignOff.objects.filter(wording="acknowledgement", revoked_at=None).count() == 2
    assert "not worked on any more" in shown(boss.get(f"/policy/drafts/{draft.pk}/wordings/acknowledgement/"))


def test_mistakes_stand_beside_their_fields_and_nothing_is_lost(boss: Client, draft: PackDraft) -> None:
    html = shown(change(boss, draft, "wordings", "acknowledgement", text="Ring {phone}"), 422)
    assert 'id="text-error"' in html
    assert "The wording names no department to take it from" in html
    assert "wordings.toml, line" in html
    assert "Ring {phone}" in html
    html = shown(change(boss, draft, "thresholds", "all", complaint="much", spam="0.9"), 422)
    assert 'id="complaint-error"' in html
    assert 'value="much"' in html
    assert 'value="0.9"' in html
    for value in ("1.5", "nan", "1e999"):
        assert 'id="complaint-error"' in shown(change(boss, draft, "thresholds", "all", complaint=value), 422)
    assert 'id="priority-error"' in shown(change(boss, draft, "rules", "question", priority="high"), 422)
    assert 'id="priority-error"' in shown(change(boss, draft, "rules", "question", priority="5000"), 422)
    assert 'id="then_moderate-error"' in shown(change(boss, draft, "rules", "question", then_moderate="burn"), 422)
    html = shown(change(boss, draft, "rules", "question", when_messages="1"), 422)
    assert "1 is too little" in html
    assert "what its fields cannot" in shown(change(boss, draft, "rules", "question", then_refer=["x" * 99]), 422)
    assert 'id="entries-error"' in shown(change(boss, draft, "words", "jargon", entries="half a pair"), 422)
    assert 'id="entries-error"' in shown(change(boss, draft, "words", "cue.3", entries="x" * 501), 422)
    assert 'id="emoji-error"' in shown(change(boss, draft, "figures", "all", emoji="many"), 422)
    assert 'id="private_reply-error"' in shown(change(boss, draft, "powers", "all", private_reply="usage.99"), 422)
    assert "what its fields cannot" in shown(change(boss, draft, "powers", "all", links="long"), 422)
    assert 'id="stop-error"' in shown(change(boss, draft, "banned", "all", stop="= nothing"), 422)
    assert "twice" in shown(change(boss, draft, "banned", "all", stop="as per", note="As per = in"), 422)
    assert 'id="version-error"' not in shown(change(boss, draft, "about", "all", organisation=""), 422)
    assert "Give it a name" in shown(change(boss, draft, "roles", "new", title=""), 422)
    assert "Give the rule a name" in shown(change(boss, draft, "rules", "new", title=""), 422)
    assert 'id="text-error"' in shown(change(boss, draft, "examples", "new", text=""), 422)
    assert 'id="accept-error"' in shown(change(boss, draft, "examples", "new", text="Hello"), 422)
    assert not Trial.objects.exists()


def test_the_other_parts(boss: Client, draft: PackDraft) -> None:
    pack = saved(boss, change(boss, draft, "thresholds", "all", complaint="0,45"))
    assert pack.thresholds["complaint"] == 0.45
    pack = saved(boss, change(boss, draft, "figures", "all", emoji="2", offensive="0.6"))
    assert (pack.checks.emoji, pack.checks.offensive) == (2, 0.6)
    pack = saved(boss, change(boss, draft, "powers", "all", private_reply="usage.5", links="utm"))
    assert (pack.checks.private_reply, pack.checks.links, pack.checks.lines) == ("usage.5", "utm", "ask")
    html = shown(boss.get(f"/policy/drafts/{draft.pk}/powers/"))
    assert '<option value="usage.5" selected>' in html
    assert "Facebook takes one, for 7 days after the comment." in html
    pack = saved(boss, change(boss, draft, "powers", "all", private_reply="", links="plain"))
    assert (pack.checks.private_reply, pack.checks.links) == ("", "plain")
    pack = saved(boss, change(boss, draft, "banned", "all", ask="obviously = leave it out"))
    assert ("obviously", "leave it out", "ask") in [(one.word, one.instead, one.severity) for one in pack.checks.banned]
    pack = saved(boss, change(boss, draft, "words", "public_numbers", entries="999\n\n101\n020 8937 9999"))
    assert "02089379999" in pack.words.public_numbers
    pack = saved(
        boss, change(boss, draft, "roles", "communications_officer", deputy="Robin Sample", approves_staff=None)
    )
    role = pack.roles["communications_officer"]
    assert (role.deputy, role.signs_off, role.approves_staff) == ("Robin Sample", True, False)
    pack = saved(boss, change(boss, draft, "clocks", "referral", amount="3"))
    assert pack.clocks["referral"].amount == 3
    fields = {"name": "Estates", "email": "estates@example.org", "clock": "referral"}
    fields |= {"deputy": "Robin Sample", "deputy_email": "robin@example.org"}
    for away, says in (
        ("soon", "“soon” is no absence"),
        ("3 January 2027 to 21 December 2026", "ends before it begins"),
    ):
        assert says in shown(change(boss, draft, "departments", "new", **fields, away=away), 422)
    alone = {**fields, "deputy_email": "", "away": "1/2/2027"}
    assert "Say who stands in while it is away" in shown(change(boss, draft, "departments", "new", **alone), 422)
    answer = change(boss, draft, "departments", "new", **fields, hours_monday="all day")
    assert "Monday: write two times" in shown(answer, 422)
    away = "21 December 2026 to 3 January 2027\n1/2/2027"
    own = {"hours_monday": "8:00 to 13:00", "hours_friday": "10:00-12:00"}
    pack = saved(boss, change(boss, draft, "departments", "new", **fields, **own, away=away))
    estates = pack.departments["estates"]
    assert estates.name == "Estates"
    assert estates.away == ((date(2026, 12, 21), date(2027, 1, 3)), (date(2027, 2, 1), date(2027, 2, 1)))
    assert estates.hours is not None
    assert estates.hours.week == (("08:00", "13:00"), None, None, None, ("10:00", "12:00"), None, None)
    pack = saved(boss, change(boss, draft, "departments", "estates", phone="020 8937 1000", hours_monday=""))
    assert pack.departments["estates"].away == estates.away, "what is shown and not changed stays"
    assert pack.departments["estates"].hours is not None
    assert pack.departments["estates"].hours.week[0] is None
    pack = saved(boss, change(boss, draft, "departments", "estates", hours_friday="", away=""))
    assert (pack.departments["estates"].hours, pack.departments["estates"].away) == (None, ())
    pack = saved(boss, change(boss, draft, "clauses", "usage.5", gloss="As meant.", about=""))
    assert pack.clause("usage.5").gloss == "As meant."
    pack = saved(boss, change(boss, draft, "about", "all", version="draft-9"))
    assert pack.version == "draft-9"


def test_a_new_rule_and_what_a_rule_keeps(boss: Client, draft: PackDraft) -> None:
    fields = {
        "title": "By night",
        "clause": "usage.5",
        "priority": "35",
        "when_hours": "outside",
        "when_private": "yes",
        "when_urgent": "no",
        "when_language": "en, pl",
        "when_messages": "3",
        "then_offer": ["acknowledgement"],
        "then_silent": "yes",
        "then_second_look": "yes",
    }
    pack = saved(boss, change(boss, draft, "rules", "new", **fields))
    rule = next(one for one in pack.rules if one.id == "night")
    assert (rule.when.hours, rule.when.private, rule.when.urgent) == ("outside", True, False)
    assert rule.when.history is not None
    assert (rule.when.language, rule.when.history.messages, rule.when.history.days) == (["en", "pl"], 3, 30)
    assert (rule.then.answer, rule.then.second_look, rule.then.offer) == (False, True, ["acknowledgement"])
    assert "its language is English or Polish" in shown(boss.get(f"/policy/drafts/{draft.pk}/rules/"))
    pack = saved(boss, change(boss, draft, "rules", "question", when_at_least="0.7"))
    rule = next(one for one in pack.rules if one.id == "question")
    assert rule.when.at_least == 0.7
    assert rule.when.negated is not None, "what the form cannot show stays"


def test_examples_are_mended_on_the_screen(boss: Client, draft: PackDraft) -> None:
    pack = saved(boss, change(boss, draft, "thresholds", "all", complaint="0.97"))
    html = shown(boss.get(f"/policy/drafts/{draft.pk}/"))
    failing = re.findall(rf"/policy/drafts/{draft.pk}/examples/(\w+)/", html)
    assert failing
    assert "cannot be adopted yet" in shown(boss.get(f"/policy/drafts/{draft.pk}/adopt/"))
    body = {"version": 2, "when": "now", "sure": "yes"}
    assert "do not hold" in shown(boss.post(f"/policy/drafts/{draft.pk}/adopt/", body), 422)
    assert "Does not hold" in shown(boss.get(f"/policy/drafts/{draft.pk}/examples/"))
    for key in failing:
        assert "It does not hold" in shown(boss.get(f"/policy/drafts/{draft.pk}/examples/{key}/"))
        pack = saved(boss, change(boss, draft, "examples", key, accept="yes"))
    text = "The lift in Damson Court is broken again"
    pack = saved(boss, change(boss, draft, "examples", "new", text=text, clauses="usage.5", accept="yes"))
    assert pack.examples[-1].text == text
    page = shown(boss.get(f"/policy/drafts/{draft.pk}/examples/{pack.examples[-1].id}/"))
    assert "What must come of it" in page
    assert escape(expected(pack.examples[-1].expect, names(pack))[0]) in page
    emptied = shown(change(boss, draft, "wordings", "acknowledgement", text=""), 422)
    assert "To give the wording up, take it out instead." in emptied
    assert 'id="text-error"' in emptied
    draft.refresh_from_db()
    body = {"version": str(draft.version), "when": "now", "sure": "yes"}
    assert boss.post(f"/policy/drafts/{draft.pk}/adopt/", body).status_code == 303


def test_taking_out(boss: Client, draft: PackDraft) -> None:
    url = f"/policy/drafts/{draft.pk}/rules/thanks/"
    pack = saved(boss, boss.post(url, {"act": "take_out", "base": 1}))  # type: ignore[arg-type]  # the test client's
    assert "thanks" not in {rule.id for rule in pack.rules}


def test_nobody_overwrites_anybody(boss: Client, officer: User, draft: PackDraft) -> None:
    first = change(boss, draft, "thresholds", "all", complaint="0.45")
    second = change(boss, draft, "thresholds", "all", complaint="0.4")
    saved(boss, first)
    assert "Somebody has changed the draft since" in shown(boss.get(second["Location"]))
    assert "Somebody has changed this draft" in shown(boss.post(second["Location"]), 422)
    post = {**given(drafts.pack_of_draft(draft), "thresholds", "all"), "base": 1, "complaint": "0.3"}
    html = shown(boss.post(f"/policy/drafts/{draft.pk}/thresholds/all/", post), 422)
    assert "Somebody has changed this draft" in html
    assert 'value="0.3"' in html


def test_undo_try_shadow_and_put_away(boss: Client, draft: PackDraft) -> None:
    url = f"/policy/drafts/{draft.pk}/"
    saved(boss, change(boss, draft, "thresholds", "all", complaint="0.45"))
    answer = boss.post(url, {"act": "try", "version": 2})
    assert "The draft as it stands" in shown(boss.get(answer["Location"]))
    assert "nothing to save" in shown(boss.post(answer["Location"]), 422)
    trials.run(Trial.objects.order_by("-pk")[0], by=SETUP, at=timezone.now())
    assert "0 of 0" in shown(boss.get(url))
    assert boss.post(url, {"act": "undo", "version": 2}).status_code == 303
    assert drafts.pack_of_draft(PackDraft.objects.get()) == in_force(timezone.now())
    assert "No draft has run" in shown(boss.get("/policy/shadow/"))
    assert boss.post(url, {"act": "shadow", "version": 3}).status_code == 303
    factories.message("Disgraceful, third week without a lift", channel=factories.channel())
    assert "0 of 1" in shown(boss.get("/policy/shadow/"))
    assert "runs beside the policy already" in shown(boss.post(url, {"act": "shadow", "version": 3}), 422)
    assert boss.post("/policy/shadow/").status_code == 303
    assert not Shadow.objects.get().active
    assert "No draft runs" in shown(boss.post("/policy/shadow/"), 422)
    assert "Choose what to do" in shown(boss.post(url, {"version": 3}), 422)
    assert boss.post(url, {"act": "put_away", "version": 3}).status_code == 303
    assert "Put away" in shown(boss.get(url))
    assert "put away" in shown(boss.post(url, {"act": "undo", "version": 3}), 422)


def test_examples_of_an_effect_are_masked(boss: Client, draft: PackDraft) -> None:
    text = "Third week without a lift, disgraceful, I complain! Ring me on 07700 900123"
    factories.message(text, channel=factories.channel())
    answer = change(boss, draft, "thresholds", "all", complaint="0.9999")
    trials.run(Trial.objects.get(), by=SETUP, at=timezone.now())
    html = shown(boss.get(answer["Location"]))
    assert "1 of 1" in html
    assert "(phone number hidden)" in html
    assert "900123" not in html
    assert "omplaint: no longer" in html
    assert "usage.7" in html


def test_who_does_not_sign_off_reads_and_changes_nothing(officer: User, draft: PackDraft) -> None:
    channel = factories.channel(by=officer)
    client = Client()
    client.force_login(factories.staff(channel, by=officer))
    assert "Begin a draft</button>" not in shown(client.get("/policy/drafts/"))
    assert "Only Communications may sign off" in shown(
        client.post("/policy/drafts/", {"act": "begin", "title": "x"}), 422
    )
    assert "Only who signs off may change" in shown(client.get(f"/policy/drafts/{draft.pk}/wordings/acknowledgement/"))
    assert shown(change(client, draft, "thresholds", "all", complaint="0.4"), 422)
    body = {"version": 1, "sure": "yes"}
    assert "Only who signs off may adopt" in shown(client.get(f"/policy/drafts/{draft.pk}/adopt/"))
    shown(client.post(f"/policy/drafts/{draft.pk}/adopt/", body), 422)
    shown(client.post("/policy/versions/", {"act": "roll_back", "sure": "1", "to": ""}), 422)
    shown(client.post("/policy/signing/", {"wording": "acknowledgement"}), 422)
    trial = drafts.attempt(draft, None, version=1, by=officer, at=timezone.now())
    assert client.get(f"/policy/tried/{trial.pk}/").status_code == 200
    outsider = Client()
    outsider.force_login(factories.person())
    assert outsider.get(f"/policy/tried/{trial.pk}/").status_code == 403


def test_the_living_page_shows_the_examples_of_a_clause(boss: Client) -> None:
    html = shown(boss.get("/policy/"))
    assert "examples all get the decision they should" in html
    assert re.search(r"\d+ examples of it hold", html)
    assert 'href="/policy/drafts/"' in html
