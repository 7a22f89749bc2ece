from __future__ import annotations

import pytest

from gatepost.policy.reading import read
from gatepost.policy.reading.identity_numbers import iban_valid, luhn, nhs_valid
from tests.policy.reading.test_messages import words


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("ring 01632 960123 please", "phone", "01632 960123"),
        ("it's 07700 900 456", "phone", "07700 900 456"),
        ("+44 (0)7700 900456", "phone", "+44 (0)7700 900456"),
        (
            "oh seven seven double oh nine double oh one two three",
            "phone",
            "oh seven seven double oh nine double oh one two three",
        ),
        ("mail jo.b@example.org.", "email", "jo.b@example.org"),
        ("jo at example dot co dot uk", "email", "jo at example dot co dot uk"),
        ("NI JG103759A", "ni", "JG103759A"),
        ("nhs number 943 476 5919", "nhs", "943 476 5919"),
        ("we're in HA0 3XX", "postcode", "HA0 3XX"),
        ("come round @SE15 4QX", "postcode", "SE15 4QX"),
        ("#SE15 4QX again", "postcode", "SE15 4QX"),
        ("14 Larkspur Court is cold", "address", "14 Larkspur Court"),
        ("flat 3, 22 Elm Road", "address", "flat 3, 22 Elm Road"),
        ("dob 3rd March 1961", "dob", "3rd March 1961"),
        ("sort code 20-00-00", "bank", "20-00-00"),
        ("pay GB29 NWBK 6016 1331 9268 19 by Friday", "bank", "GB29 NWBK 6016 1331 9268 19"),
        ("iban: DE89370400440532013000", "bank", "DE89370400440532013000"),
        ("MT84-MALT-0110-0001-2345-MTLC-AST0-01S", "bank", "MT84-MALT-0110-0001-2345-MTLC-AST0-01S"),
        ("Mrs Patel in flat 12 is 93 and lives alone", "third_person", "Mrs Patel"),
        ("I live in fourteen Mulberry Close", "address", "fourteen Mulberry Close"),
        ("4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("tenancy number 40918822", "tenancy_ref", "40918822"),
        ("my car reg is LB19 XKT", "car_registration", "LB19 XKT"),
        ("My name is Femi Adebayo", "name", "Femi Adebayo"),
        ("text o7700 9oo 733", "phone", "o7700 9oo 733"),
        ("07seven00 nine00 421 is me", "phone", "07seven00 nine00 421"),
        ("ring 077 double 0 900 123", "phone", "077 double 0 900 123"),
        ("07700 nine hundred 123", "phone", "07700 nine hundred 123"),
        ("write to oluwa.t @ example . org", "email", "oluwa.t @ example . org"),
        ("fred underscore amis at example.org", "email", "fred underscore amis at example.org"),
        ("born on the third of May 1984", "dob", "third of May 1984"),
        ("born 22nd November nineteen seventy-one", "dob", "22nd November nineteen seventy-one"),
        ("b. 4/6/59 in Leeds", "dob", "4/6/59"),
        ("number forty-two Larkfield Avenue", "address", "number forty-two Larkfield Avenue"),
        ("we live at eleven Beech Close", "address", "eleven Beech Close"),
    ],
)
def test_found_in_its_place(text: str, kind: str, part: str) -> None:
    reading = read(text, words())
    assert reading.labels["personal_details"] >= 0.5
    assert (kind, part) in {(s.kind, text[s.start : s.end]) for s in reading.spans if s.label == "personal_details"}


@pytest.mark.parametrize(
    "text",
    [
        "call us on 020 8937 2323",
        "or 0800 123 4567",
        "ref 07700900123 is the job",
        "rent went from £402.10 to £418.99",
        "it's a 5 minute walk down the road",
        "2 bed house wanted",
        "meeting 14/11 at 6.30pm, room 2",
        "lift 2 stuck between 4 and 5",
        "Mr Hancock was kind",
        "the lamp on Maple Street is out",
        "Homes built 1965-1972",
        "write to news@bhphousing.co.uk",
        "meet me at the dot",
        "job number 20481733",
        "thanks @M94Rx for the photo",
        "see you there #HU27LE",
        "pictures at t.co/LB274Gh",
        "Mrs Patel from repairs was lovely",
        "GB29 NWBK 6016 1331 9268 18",  # its check digits are wrong
    ],
)
def test_ordinary_numbers_and_names_are_left_alone(text: str) -> None:
    assert read(text, words()).labels["personal_details"] < 0.5


def test_another_persons_details_are_told_apart() -> None:
    text = "Wayne Tilsley at 62 Orchard Bank dumped an engine on the grass"
    kinds = {s.kind for s in read(text, words()).spans}
    assert {"name", "third_person", "address"} <= kinds
    mine = read("My name is Femi Adebayo and I live at 22 Elm Road", words())
    assert "third_person" not in {s.kind for s in mine.spans}


def test_offsets_count_code_points() -> None:
    text = "🤬🤬 ﬁx it, ring 07700 900123"
    span = next(s for s in read(text, words()).spans if s.kind == "phone")
    assert text[span.start : span.end] == "07700 900123"


def test_check_digits() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert not luhn("0000000000000")
    assert nhs_valid("9434765919")
    assert not nhs_valid("9434765918")
    assert not nhs_valid("1111111111")
    assert iban_valid("gb29nwbk60161331926819")
    assert not iban_valid("gb28nwbk60161331926819")
    assert not iban_valid("no9386011117")
    assert not iban_valid("ab12thatwillhavebeen")


def test_a_greeting_in_capitals_before_here_is_no_name() -> None:
    assert not [one for one in read("Good Morning here", words()).spans if one.label == "personal_details"]
