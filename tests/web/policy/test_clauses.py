"""The form of a clause: put in, in the words suggested or in one's own, and taken out."""

from __future__ import annotations

import pytest
from django.test import Client

from gatepost.rulebook import drafts
from gatepost.rulebook.models import PackDraft
from tests.web.policy.test_drafts import change, saved, shown

pytestmark = pytest.mark.django_db


def test_a_suggested_clause_is_put_in_and_taken_out_again(boss: Client, draft: PackDraft) -> None:
    page = shown(boss.get(f"/policy/drafts/{draft.pk}/"))
    assert "clauses that most policies have and this one lacks" in page
    url = f"/policy/drafts/{draft.pk}/clauses/new/"
    assert f'href="{url}?suggestion=hours"' in page
    form = shown(boss.get(f"{url}?suggestion=hours"))
    assert "Our pages are read from Monday to Friday" in form
    assert 'value="The hours in which messages are read"' in form
    assert boss.get(f"{url}?suggestion=hurs").status_code == 404
    text = "We answer from 9am to 5pm, and say so at our office hours."
    assert "Write the words of the clause" in shown(change(boss, draft, "clauses", "new"), 422)
    assert "Give the new section a title" in shown(change(boss, draft, "clauses", "new", text=text), 422)
    assert "Choose where the clause stands" in shown(change(boss, draft, "clauses", "new", text=text, place="x"), 422)
    under = "The hours in which messages are read"
    pack = saved(boss, change(boss, draft, "clauses", "new", text=text, under=under, about="hours"))
    assert (pack.clause("hours.1").text, pack.clause("hours.1").about) == (text, "hours")
    draft.refresh_from_db()
    pack = saved(boss, change(boss, draft, "clauses", "new", text="Be brief.", place="usage"))
    assert pack.clause("usage.10").heading == "Usage Guidelines"
    draft.refresh_from_db()
    form = f"/policy/drafts/{draft.pk}/clauses/usage.8/"
    refused = shown(boss.post(form, {"act": "take_out", "base": draft.version}), 422)
    assert "This still rests on usage.8: the clock “staff_abuse”" in refused
    assert "Any abuse to staff should be referred" in refused
    gone = boss.post(f"/policy/drafts/{draft.pk}/clauses/hours.1/", {"act": "take_out", "base": draft.version})
    assert gone.status_code == 303
    assert boss.post(gone["Location"]).status_code == 303
    draft.refresh_from_db()
    assert "hours.1" not in {one.id for one in drafts.pack_of_draft(draft).clauses}
