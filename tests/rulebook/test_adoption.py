"""Packs: those with mistakes stay out, adoption needs its role, and old decisions keep the pack they rest on."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed, signs_off, vacant
from gatepost.people.models import Role
from gatepost.policy.pack import Pack, load
from gatepost.policy.problems import PackError
from gatepost.rulebook.actions import NoPolicy, NotNow, adopt, in_force, pack_of
from gatepost.rulebook.models import Adoption, PackVersion
from gatepost.shipped import pack_folder
from tests import factories

pytestmark = pytest.mark.django_db


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the shipped pack with one change."""
    copy = folder / "pack"
    shutil.copytree(pack_folder(), copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("wordings.toml", "[wording.complaint_phone]\ntitle", "[wording.complaint_phone]\ntitel", "titel"),
        ("wordings.toml", "[wording.complaint_referred]", "[wording.other]", "complaint_referred"),
        ("departments.toml", 'role = "staff_abuse"', 'role = "nobody"', "nobody"),
        ("departments.toml", 'clock = "referral"', 'clock = "sundial"', "sundial"),
        ("wordings.toml", 'text = "Thank you', "text = Thank you", "wordings.toml"),
    ],
    ids=["wrong key", "missing wording", "unknown role", "unknown clock", "no TOML"],
)
def test_a_pack_with_a_mistake_names_file_line_and_thing(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    with pytest.raises(PackError) as wrong:
        load(changed(tmp_path, file, old, new))
    assert says in str(wrong.value)
    assert file in str(wrong.value) or "rules.toml" in str(wrong.value)
    assert any(letter.isdigit() for letter in str(wrong.value))
    assert not PackVersion.objects.exists()


def test_nothing_in_force_says_what_to_do() -> None:
    with pytest.raises(NoPolicy, match="gatepost up"):
        in_force(timezone.now())


def test_a_role_without_holder_is_no_error_and_is_told() -> None:
    factories.officer()
    empty = {role.pk for role in vacant(timezone.now())}
    assert "staff_abuse" in empty
    assert "communications_officer" not in empty


def other(tmp_path: Path) -> Pack:
    """One wording says something else, and so does the example that quotes it."""
    copy = changed(tmp_path, "wordings.toml", "will contact you shortly", "will contact you soon")
    examples = (copy / "examples.toml").read_text(encoding="utf-8")
    (copy / "examples.toml").write_text(examples.replace("contact you shortly", "contact you soon"), encoding="utf-8")
    return load(copy)


def test_only_communications_adopts(tmp_path: Path) -> None:
    person, boss = factories.person(is_admin=True), factories.officer()
    at = timezone.now()
    before = in_force(at).digest
    with pytest.raises(NotAllowed):
        adopt(other(tmp_path), by=person, at=at)
    assert in_force(at).digest == before
    adopt(load(tmp_path / "pack"), by=boss, at=at)
    assert in_force(at).digest != before
    line = Line.objects.filter(verb="policy.adopted").order_by("-pk")[0]
    assert line.actor == boss.actor
    assert line.detail["digest"] == in_force(at).digest


def test_old_decisions_keep_their_pack(tmp_path: Path) -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    old = factories.message("I want to complain about the lift.", channel=channel)
    at = timezone.now()
    adopt(other(tmp_path), by=boss, at=at)
    new = factories.message("I want to complain about the lift.", channel=channel)
    assert old.decision.pack_id != new.decision.pack_id
    assert in_force(at - timedelta(microseconds=1)).digest == old.decision.pack_id
    assert "shortly" in pack_of(old.decision.pack_id).wordings["acknowledgement"].text
    assert "soon" in pack_of(new.decision.pack_id).wordings["acknowledgement"].text


def test_adopted_twice_is_kept_once() -> None:
    boss = factories.officer()
    pack = load(pack_folder())
    adopt(pack, by=boss, at=timezone.now())
    assert PackVersion.objects.count() == 1
    assert Adoption.objects.count() == 2, "the desk put it in force by itself; now a person answers for it"
    for starts in (None, timezone.now() + timedelta(days=3)):
        with pytest.raises(NotNow, match=r"word for word, and has been in force since .*Nothing was done"):
            adopt(pack, by=boss, at=timezone.now(), starts=starts)
    assert Adoption.objects.count() == 2


def test_what_is_planned_is_not_planned_again(tmp_path: Path) -> None:
    boss, at = factories.officer(), timezone.now()
    made, day = other(tmp_path), timezone.now() + timedelta(days=3)
    adopt(made, by=boss, at=at, starts=day)
    with pytest.raises(NotNow, match="and comes into force on"):
        adopt(made, by=boss, at=at, starts=day + timedelta(days=1))
    adopt(made, by=boss, at=at)  # sooner than planned is another thing
    assert Adoption.objects.count() == 3


def test_a_role_that_leaves_the_policy_loses_its_force(tmp_path: Path) -> None:
    boss, other = factories.officer(), factories.officer("Robin Sample")
    copy = tmp_path / "pack"
    shutil.copytree(pack_folder(), copy)
    for file in copy.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("communications_officer", "press_officer"), encoding="utf-8")
    adopt(load(copy), by=boss, at=timezone.now())
    assert not Role.objects.get(pk="communications_officer").in_policy
    assert not signs_off(other, timezone.now())
    assert signs_off(boss, timezone.now()), "whoever adopts it takes the role nobody holds"


def test_a_policy_in_which_nobody_could_sign_is_not_adopted(tmp_path: Path) -> None:
    boss = factories.officer()
    copy = tmp_path / "pack"
    shutil.copytree(pack_folder(), copy)
    text = (copy / "roles.toml").read_text(encoding="utf-8")
    (copy / "roles.toml").write_text(text.replace("signs_off = true", "signs_off = false"), encoding="utf-8")
    with pytest.raises(NotNow, match="Let one of its roles sign off"):
        adopt(load(copy), by=boss, at=timezone.now())
