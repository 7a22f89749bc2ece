"""`gatepost policy adopt|withdraw|rollback|shadow|history`, as somebody at the keyboard sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from gatepost.cli.main import main
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import Adoption
from tests import factories
from tests.rulebook.packs import COMPLAINT, referring, renamed, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> str:
    return factories.officer("Nell Okafor").email


def folder(path: Path, pack: Pack) -> str:
    path.mkdir()
    for name, text in pack.files.items():
        (path / name).write_text(text, encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["policy", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_adopt_history_rollback(boss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = in_force(timezone.now()), renamed("2")
    code, out, _ = said(capsys, "adopt", folder(tmp_path / "new", new), "--as", boss.upper())
    assert code == 0
    assert out.startswith("Social Media Policy, version 2, is in force from now. All ")
    assert "No difference in what it does, only in its words." in out
    assert in_force(timezone.now()).digest == new.digest
    _, out, _ = said(capsys, "history")
    first, second = out.splitlines()[:2]
    assert first.endswith("in force   Social Media Policy, version 2, by Nell Okafor")
    assert old.digest[:12] in second
    code, out, _ = said(capsys, "rollback", "--as", boss)
    assert (code, "version draft-1, is in force again" in out) == (0, True)
    assert in_force(timezone.now()).digest == old.digest
    code, out, _ = said(capsys, "rollback", "--as", boss, "--to", "zzz")
    assert (code, out) == (1, "")


def test_adopt_from_a_date_and_withdraw(boss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = folder(tmp_path / "new", renamed("2"))
    code, out, _ = said(capsys, "adopt", where, "--as", boss, "--from", "2199-01-04T09:00")
    assert (code, "is in force from 09:00 on Friday 4 January 2199" in out) == (0, True)
    assert "planned" in said(capsys, "history")[1]
    code, out, _ = said(capsys, "withdraw", "--as", boss)
    assert (code, out.startswith("Called off: Social Media Policy")) == (0, True)
    assert "withdrawn" in said(capsys, "history")[1]
    assert said(capsys, "withdraw", "--as", boss)[2].startswith("No such adoption is planned")
    assert not Adoption.objects.planned(timezone.now()).exists()


def test_what_is_refused_is_said(boss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = folder(tmp_path / "new", renamed("2"))
    bad = folder(tmp_path / "bad", referring())
    staff = factories.person().email
    for words, says in (
        (["adopt", where, "--as", "nobody@example.org"], "Nobody on this desk has the address nobody@example.org"),
        (["adopt", where, "--as", staff], "Only Communications may sign off"),
        (["adopt", where, "--as", boss, "--from", "soon"], "'soon' is not a date or time"),
        (["adopt", where, "--as", boss, "--from", "2001-01-01"], "has passed"),
        (["adopt", str(tmp_path / "no"), "--as", boss], "There is no policy pack in"),
        (["adopt", bad, "--as", boss], "do not hold. Mend the policy or the example."),
        (["shadow", where, "--stop", "--as", boss], "not both"),
        (["shadow", "--stop", "--as", boss], "No draft runs beside the policy."),
        (["shadow"], "No draft has been tried yet"),
    ):
        code, out, err = said(capsys, *words)
        assert (code, out) == (1, ""), words
        assert says in err


def test_a_changed_wording_and_an_empty_role_are_told(
    boss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = dict(shipped().files)
    for name in ("wordings.toml", "examples.toml"):
        files[name] = files[name].replace("will contact you shortly", "will contact you soon")
    for name, text in files.items():
        files[name] = text.replace("communications_officer", "head_of_news")
    from gatepost.policy.pack import load_files

    code, out, _ = said(capsys, "adopt", folder(tmp_path / "new", load_files(files)), "--as", boss)
    assert code == 0
    assert "The wording “A member of staff will be in touch” is new or changed: it needs its standing sign-off." in out
    assert "You hold the role “Communications Officer” from now on" in out


def test_shadow(boss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "shadow", folder(tmp_path / "new", referring()), "--as", boss)
    assert (code, "runs beside the policy in force" in out) == (0, True)
    channel = factories.channel()
    message = factories.message(COMPLAINT, channel=channel)
    factories.message("Lovely day at the fair", channel=channel)
    code, out, _ = said(capsys, "shadow")
    assert "1 of 2 messages would have been decided otherwise." in out
    assert "the wordings offered" in out
    assert "usage.7" in out
    assert f"For example {message.subject}." in out
    code, out, _ = said(capsys, "shadow", "--stop", "--as", boss)
    assert (code, "ran until" in out) == (0, True)


def test_history_of_an_empty_desk(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "history") == (1, "", "No policy has been adopted yet. Run: gatepost up\n")
    code, _, err = said(capsys, "shadow")
    assert (code, err) == (1, "No draft has been tried yet. Try one with: gatepost policy shadow DIR --as EMAIL\n")
