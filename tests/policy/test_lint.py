"""What is doubtful in a pack that loads is found, with its place."""

import pytest

from gatepost.policy.lint import LintFinding, lint
from tests.policy.small import FILES, NOON, pack


def found(**changed: str) -> list[LintFinding]:
    return lint(pack(**changed), NOON)


def codes(**changed: str) -> set[tuple[str, str]]:
    return {(one.code, one.file) for one in found(**changed)}


def test_roles() -> None:
    says = [str(one) for one in found()]
    assert any(one.startswith("roles.toml:9: Nobody holds the role “Guardian”. Name the holder") for one in says)
    no_mail = FILES["roles.toml"].replace('email = "rowan@fernhill.test"\n', "").replace('deputy = "Sam Ito"\n', "")
    says = [str(one) for one in found(roles=no_mail)]
    assert any("has no e-mail address" in one for one in says)
    assert any("has no deputy" in one for one in says)
    nobody = FILES["roles.toml"].replace("= true", "= false")
    says = [str(one) for one in found(roles=nobody)]
    assert any(one.startswith("roles.toml: No role has signs_off") for one in says)


def test_laws() -> None:
    old = FILES["policy.md"].replace("Be official", "Follow the Data Protection Act 1998")
    law = '[law.a]\nname = "x"\nclause = "usage.1"\nin_force = "Data Protection Act 1984"\n'
    law += (
        '[law.b]\nname = "x"\nclause = "usage.1"\nin_force = "Defamation Act 1996, read with the Defamation Act 2013"\n'
    )
    laws = [one for one in found(policy_md=old, law=law) if one.code == "law"]
    assert [(one.file, one.line, one.clause) for one in laws] == [
        ("law.toml", 1, "usage.1"),
        ("policy.md", 7, "usage.1"),
    ]


def test_typing_errors() -> None:
    wrong = FILES["wordings.toml"].replace("Complaints Team", "Complains Team")
    typing = [one for one in found(wordings=wrong) if one.code == "typing"]
    assert "'Complains Team' is probably a typing error for 'Complaints Team'" in typing[0].message
    other = FILES["wordings.toml"].replace("Complaints Team", "Lighthouse Team")
    assert ("department", "wordings.toml") in codes(wordings=other)
    kept = FILES["wordings.toml"].replace(
        'refers_to = "complaints"',
        'refers_to = "complaints"\nas_written = "We are sorry. Your complaint was passed on"',
    )
    assert any("'referred to the Complaints Team'" in one.message for one in found(wordings=kept))
    same = FILES["wordings.toml"].replace(
        'refers_to = "complaints"',
        'refers_to = "complaints"\nas_written = "We are sorry. Your complaint was referred to the Complaints Team"',
    )
    assert ("typing", "wordings.toml") not in codes(wordings=same)


def test_phones() -> None:
    assert ("phone", "departments.toml") not in codes()
    wrong = FILES["departments.toml"].replace("020 8937 2323", "020 5123 4567")
    assert ("phone", "departments.toml") in codes(departments=wrong)
    huge = FILES["departments.toml"].replace("020 8937 2323", "00999 123456")
    assert ("phone", "departments.toml") in codes(departments=huge)


def test_topics_nobody_reads() -> None:
    rules = FILES["rules.toml"].replace(
        '{ label = "thanks" }', '{ any = [{ topic = ["moon"] }, { label = "thanks" }] }'
    )
    assert ("topic", "rules.toml") in codes(rules=rules)
    assert ("topic", "rules.toml") not in codes()


def test_wordings() -> None:
    assert ("referral", "wordings.toml") in codes(
        wordings=FILES["wordings.toml"].replace('refers_to = "complaints"', "")
    )
    shouting = FILES["wordings.toml"].replace("Somebody will be in touch", "WE WILL BE IN TOUCH")
    assert any(one.code == "wording" and one.grade == "look" for one in found(wordings=shouting))
    unwritable = FILES["wordings.toml"].replace("Somebody", "\\u202eSomebody")
    assert any(one.code == "wording" and one.grade == "mend" for one in found(wordings=unwritable))
    unused = FILES["rules.toml"].replace('offer = ["hello"], ', "")
    assert ("unused", "wordings.toml") in codes(rules=unused)


def test_what_nothing_puts_into_practice() -> None:
    assert {one.clause for one in found() if one.code == "unenforced"} == {
        "usage.1",
        "usage.2",
    }  # usage.9 is informative


def test_invented_addresses() -> None:
    assert ("address", "departments.toml") not in codes()
    invented = FILES["departments.toml"].replace("complaints@fernhill.test", "complaints@example.org")
    assert ("address", "departments.toml") in codes(departments=invented)


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("020 8937 2323", []),
        ("101", []),
        ("banana", ["“banana” of Complaints Team is not a telephone number"]),
        ("0300 12", ["“0300 12” of Complaints Team is not a telephone number"]),
        ("020 8937 232", ["020 8937 232 is not a telephone number in use"]),
    ],
)
@pytest.mark.parametrize("key", ["phone", "out_of_hours_phone"])
def test_numbers_of_departments(phone: str, told: list[str], key: str) -> None:
    old = 'phone = "020 8937 2323"\n'
    new = f'{key} = "{phone}"\n' + ("" if key == "phone" else 'out_of_hours_email = "night@fernhill.test"\n')
    departments = FILES["departments.toml"].replace(old, new)
    rows = lint(pack(departments=departments), NOON)
    assert [one.message for one in rows if one.code == "phone" and one.file == "departments.toml"] == told


def test_a_law_of_ones_own_may_hold_in_several_nations() -> None:
    own = '[law.own]\nname = "Local Order 2020"\nclause = "usage.1"\nnations = ["SCT", "NIR", "SCT"]\n'
    odd = pack(law=own)
    assert odd.laws[0].nations == ("SCT", "NIR")
    assert "Local Order 2020 does not apply in" in " ".join(one.message for one in lint(odd, NOON))
    here = pack(law=own.replace('"NIR"', '"ENG"'))
    assert "does not apply" not in " ".join(one.message for one in lint(here, NOON))
    assert pack(law=own.replace('["SCT", "NIR", "SCT"]', "[]")).laws[0].nations == ()
