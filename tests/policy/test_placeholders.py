"""Placeholders of a wording are filled in from the department it refers to, or named as mistakes."""

from __future__ import annotations

import pytest

from gatepost.policy.problems import PackError
from tests.policy.small import FILES, pack


def wordings(text: str, refers_to: str = 'refers_to = "complaints"') -> str:
    assert "We are sorry." in FILES["wordings.toml"]
    changed = FILES["wordings.toml"].replace("We are sorry.", text)
    return changed.replace('refers_to = "complaints"', refers_to)


def test_each_is_filled_in() -> None:
    text = "Ring the {name_of_department} on {phone}; it answers within {answer_by}."
    made = pack(wordings=wordings(text))
    assert made.wording("sorry").text.startswith(
        "Ring the Complaints Team on 020 8937 2323; it answers within 5 working days. Your complaint"
    )
    assert "{phone}" in made.files["wordings.toml"]


def test_the_number_stands_in_one_place() -> None:
    departments = FILES["departments.toml"].replace("020 8937 2323", "020 8937 2324")
    assert "2324" in pack(wordings=wordings("Ring {phone}."), departments=departments).wording("sorry").text


@pytest.mark.parametrize(
    ("text", "refers_to", "says"),
    [
        (
            "Ring {fone}.",
            'refers_to = "complaints"',
            "wordings.toml:4: wording.sorry.text: {fone}: Nothing is called so",
        ),
        ("Ring {fone}.", 'refers_to = "complaints"', "Did you mean 'phone'?"),
        ("Ring {}.", 'refers_to = "complaints"', "{}: Nothing is called so"),
        ("Ring {phone}.", "", "{phone}: The wording names no department to take it from. Add refers_to"),
        ("Ring {phone}.", 'refers_to = "guardian"', "Guardian has no telephone number. Add phone = … to [department.g"),
        ("Ring {phone}.", 'refers_to = "nobody"', "There is no department 'nobody'"),
    ],
)
def test_mistakes_are_named(text: str, refers_to: str, says: str) -> None:
    with pytest.raises(PackError) as wrong:
        pack(wordings=wordings(text, refers_to))
    assert says in str(wrong.value)


def test_braces_that_are_no_placeholder_stay() -> None:
    assert pack(wordings=wordings("Curly } and { stay.")).wording("sorry").text.startswith("Curly } and { stay.")
