"""`gatepost policy replay` over the desk's own rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gatepost.cli.main import main
from gatepost.inbox import past as past_desk
from gatepost.policy.replay import Past, Sent
from tests import factories

pytestmark = pytest.mark.django_db
BHP = Path(__file__).parents[2] / "packs" / "bhp"
LONG_AGO = timezone.now() - timedelta(days=1_000)


def test_messages_are_replayed_against_the_pack_in_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.pack(LONG_AGO)
    channel = factories.channel()
    first = factories.message("Disgraceful service, third week without a lift, nobody cares", channel=channel)
    factories.message("Lovely day at the fair", channel=channel)
    factories.message("Disgraceful service", channel=channel, at=timezone.now() - timedelta(days=900))
    for file in BHP.iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == "rules.toml":
            text = text.replace('["complaint_phone", "complaint_referred"]', '["complaint_referred"]')
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert main(["policy", "replay", "--pack", str(tmp_path), "--show-text"]) == 0
    out = capsys.readouterr().out
    assert "1 of 2 messages would be decided otherwise (50.0%)." in out
    assert "There are no posts and answers in this time." not in out
    assert "complaint phone: no longer" in out
    assert f"{first.subject}: Disgraceful service" in out


def test_no_policy_in_force_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "replay", "--pack", str(BHP)]) == 1
    assert "No policy is in force yet" in capsys.readouterr().err


def test_the_past_of_the_desk_in_its_order_with_what_went_out() -> None:
    from gatepost.gate.models import Act

    factories.pack(LONG_AGO)
    officer = factories.officer()
    channel = factories.channel(by=officer)
    now = timezone.now()
    later = factories.message("Hello again", channel=channel, at=now, private=True)
    sooner = factories.message("Hello", channel=channel, at=now - timedelta(hours=2))
    content = {"kind": "publish", "channel": channel.pk, "text": "The lido opens at nine."}
    acts = [
        Act.objects.create(
            kind=kind, channel=channel, author=officer, subject="variant:1", content={**content, "kind": kind},
            digest=f"{number}", created_at=now, sent_at=sent,
        )
        for number, (kind, sent) in enumerate((("publish", now), ("hide", now), ("publish", None)))
    ]  # fmt: skip
    items = list(past_desk.since(now - timedelta(days=1)))
    assert [item.message.id for item in items if isinstance(item, Past)] == [sooner.subject, later.subject]
    assert [item.message.private for item in items if isinstance(item, Past)] == [False, True]
    (sent,) = [item for item in items if isinstance(item, Sent)]
    assert (sent.id, sent.draft.text, sent.limits is not None) == (f"act:{acts[0].pk}", "The lido opens at nine.", True)
    assert past_desk.texts({sooner.subject, sent.id}) == {sooner.subject: "Hello", sent.id: "The lido opens at nine."}
