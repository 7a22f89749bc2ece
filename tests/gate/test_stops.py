"""What the policy stopped leaves a line, in whichever action it was stopped."""

from __future__ import annotations

import pytest

from gatepost.gate import actions
from gatepost.gate.checking import Stopped
from gatepost.ledger.models import Line
from gatepost.publishing import actions as publishing
from gatepost.publishing.actions import Draft

from .scene import AT, make_desk, make_wire


@pytest.mark.django_db(transaction=True)
def test_a_stop_is_in_the_record_and_the_act_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(make_wire(monkeypatch))
    words = "Ring Ada Pole on 07700 900123."
    with pytest.raises(Stopped):
        actions.submit(desk.content(words), subject="variant:1", by=desk.staff, at=AT)
    line = Line.objects.get(verb="draft.stopped")
    assert line.subject == f"channel:{desk.channel.pk}"
    assert "law.2" in line.clauses
    assert "07700" not in str(line.detail)
    draft = Draft(text=words, kind="news", channels=[desk.channel.pk], aim="promote")
    post = publishing.save_draft(draft, by=desk.staff, at=AT)
    with pytest.raises(Stopped):
        publishing.submit(post, by=desk.staff, at=AT)
    assert Line.objects.filter(verb="draft.stopped", subject=f"post:{post.pk}").count() == 1
    assert not Line.objects.filter(verb="act.submitted").exists()
