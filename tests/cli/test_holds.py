"""`gatepost hold`, `holds`, `release`."""

from __future__ import annotations

import pytest

from gatepost.channels.models import Channel
from gatepost.cli.main import main
from gatepost.gate.models import Hold
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


def test_a_hold_is_made_seen_and_ended(officer: User, channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["holds"]) == 0
    assert "Nothing is held." in capsys.readouterr().out
    assert main(["hold", "A fire", "--as", officer.email.upper()]) == 0
    assert "Everything is held" in capsys.readouterr().out
    assert main(["hold", "A fire", "--as", officer.email, "--channel", str(channel.pk)]) == 0
    assert f"{channel.name} is held" in capsys.readouterr().out
    assert main(["holds"]) == 0
    assert "A fire" in capsys.readouterr().out
    for one in Hold.objects.all():
        assert main(["release", str(one.pk), "--as", officer.email]) == 0
        assert "has ended. Nothing was kept back." in capsys.readouterr().out


def test_who_may_not_is_told_so(officer: User, channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    staff = factories.staff(channel, by=officer)
    assert main(["hold", "A fire", "--as", staff.email]) == 2
    assert main(["hold", "A fire", "--as", "nobody@example.org"]) == 1
    assert "Nobody on the desk" in capsys.readouterr().err
    assert main(["hold", "A fire", "--as", officer.email, "--channel", "99999"]) == 2
    assert "no channel 99999" in capsys.readouterr().err
    assert main(["release", "7", "--as", officer.email]) == 2
    assert "no hold 7" in capsys.readouterr().err
    assert not Hold.objects.exists()
