"""What hangs on a message and what was kept of it, by name: told only as far as the screens show it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Attached
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests import factories
from tests.inbox.scene import ABUSE, AT, DETAILS, Desk, make_desk, said

pytestmark = pytest.mark.django_db
NOTE = b"The damp is in the corner by the window."


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def ask(called: str, by: User, **body: object) -> Any:
    action = ACTIONS[called]
    return action(action.asks.model_validate(body), by=by, at=timezone.now()).model_dump(mode="json")


def hung(desk: Desk, text: str, *files: Attached) -> Message:
    take_in(desk.channel, [said("a", text, attachments=files)], cursor="1", at=AT)
    return Message.objects.get(ref="a")


def test_what_hangs_on_a_message_is_listed_and_taken(desk: Desk) -> None:
    note = Attached("from 07700 900321.txt", "text/plain", data=NOTE)
    message = hung(desk, "See the damp", note, Attached("run.png", "image/png", data=b"MZ"))
    kept, program = ask("attachments.list", desk.staff, message=message.pk)["attachments"]
    assert (kept["mime"], kept["size"], len(kept["sha256"])) == ("text/plain", len(NOTE), 64)
    assert "900321" not in kept["name"]
    assert (program["sha256"], program["says"]) == ("", "It is a program.")
    whole = ask("attachment.get", desk.staff, attachment=kept["id"])
    assert base64.b64decode(whole["data"]) == NOTE
    assert Line.objects.filter(verb="attachment.opened", subject=message.subject).count() == 1
    with pytest.raises(InboxError, match="It is a program"):
        ask("attachment.get", desk.staff, attachment=program["id"])
    with pytest.raises(NoSuch):
        ask("attachment.get", desk.staff, attachment=10**6)
    with pytest.raises(NotAllowed):
        ask("attachment.get", factories.person(), attachment=kept["id"])


def test_evidence_is_kept_by_name_and_told_without_details_until_a_reason_is_given(desk: Desk) -> None:
    message = hung(desk, DETAILS)
    with pytest.raises(InboxError, match="no clause"):
        ask("evidence.keep", desk.staff, message=message.pk, reason="A claim", clause="none.9")
    made = ask("evidence.keep", desk.staff, message=message.pk, reason="A claim by 07700 900321", clause="usage.9")
    assert "900321" not in made["reason"]
    assert ask("evidence.list", desk.staff, message=message.pk)["evidence"] == [made]
    line = Line.objects.get(verb="evidence.kept", subject=message.subject)
    assert line.detail["sha256"] == made["sha256"]
    before = ask("evidence.get", desk.staff, evidence=made["id"])
    assert "960123" not in str(before)
    assert (before["picture"], before["raw"]) == ("", {})
    ask("message.reveal", desk.staff, message=message.pk, reason="To ring them")
    after = ask("evidence.get", desk.staff, evidence=made["id"])
    assert after["text"] == DETAILS
    assert after["picture"].startswith("<svg")
    with pytest.raises(NoSuch):
        ask("evidence.get", desk.staff, evidence=10**6)


def test_what_is_covered_is_opened_first(desk: Desk) -> None:
    message = hung(desk, ABUSE, Attached("note.txt", "text/plain", data=NOTE))
    (file,) = ask("attachments.list", desk.staff, message=message.pk)["attachments"]
    made = ask("evidence.keep", desk.staff, message=message.pk, reason="Abuse", clause="usage.8")
    for called, body in (("attachment.get", {"attachment": file["id"]}), ("evidence.get", {"evidence": made["id"]})):
        with pytest.raises(InboxError, match="Open it first"):
            ask(called, desk.staff, **body)
    ask("words.open", desk.staff, message=message.pk)
    assert ask("attachment.get", desk.staff, attachment=file["id"])["attachment"] == file
    assert "receptionist" in ask("evidence.get", desk.staff, evidence=made["id"])["text"]


def test_a_file_that_is_not_there_is_said_so(desk: Desk, settings: Any, tmp_path: Any) -> None:
    message = hung(desk, "See the damp", Attached("note.txt", "text/plain", data=NOTE))
    (file,) = ask("attachments.list", desk.staff, message=message.pk)["attachments"]
    settings.DATA = tmp_path
    with pytest.raises(NoSuch, match="data folder"):
        ask("attachment.get", desk.staff, attachment=file["id"])
    assert datetime.fromisoformat(file["at"]) == AT
