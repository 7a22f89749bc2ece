"""A comparison of two policies read as a board would: no ids, no names of settings, figures with what they count."""

import re
from pathlib import Path
from typing import Any

import pytest

from gatepost.networks.limits import all_networks, network_title
from gatepost.policy.diff import diff
from gatepost.policy.editing import apply, parse_change
from gatepost.policy.names import names
from gatepost.policy.naming import networks
from gatepost.policy.pack import Pack, load, load_files
from gatepost.policy.plainly import detail_words, number, said, word_changes
from gatepost.policy.schema import Settings
from gatepost.policy.titles import FIGURES, PHRASES, POWERS
from tests.policy.small import FILES, pack

BHP = load(Path(__file__).parents[2] / "packs" / "bhp")


def told(old: Pack, **files: str) -> list[str]:
    changed = {f"{name}.toml": text for name, text in files.items()}
    return [str(one) for one in diff(old, load_files({**old.files, **changed}))]


def edited(change: dict[str, Any]) -> list[str]:
    return [str(one) for one in diff(BHP, load_files(apply(BHP.files, parse_change(change)).files))]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"do": "entry", "table": "department", "id": "complaints", "fields": {"phone": "020 8937 2324"}},
            "The department “Complaints Team” changes: telephone: from “020 8937 2323” to “020 8937 2324”.",
        ),
        (
            {"do": "entry", "table": "department", "id": "complaints", "fields": {"clock": "referral"}},
            (
                "The department “Complaints Team” changes: the clock by which it answers: from “Acknowledge the "
                "complaint” to “The department answers a referral”."
            ),
        ),
        (
            {
                "do": "entry", "table": "department", "id": "repairs", "fields": {"role": "staff_abuse"},
                "hours": {"monday": ["10:00", "12:00"]},
            },
            (
                "The department “Repairs” changes: the person it stands for: now “Takes referrals of abuse to "
                "staff”; its "
                "own hours: now Monday 10:00–12:00."
            ),
        ),
        (
            {"do": "entry", "table": "risk", "id": "moderation", "fields": {"threshold": 3.5}},
            "The risk “Not enough ability to moderate” changes: somebody should look from: from 4 hours to 3.5 hours.",
        ),
        (
            {"do": "entry", "table": "measure", "id": "survey", "fields": {"direction": "neither", "period": "month"}},
            (
                "The measure “Customers who find our use of social media useful” changes: taken every: from quarter to "
                "month; which way is better: no longer “More is better”."
            ),
        ),
        (
            {"do": "figures", "values": {"image_bytes": 6_000_000}},
            "The figure “Size of a picture in bytes, at most” changes: from 5,000,000 to 6,000,000 bytes.",
        ),
        (
            {"do": "powers", "links": "utm"},
            (
                "“Links in what we publish” changes: from “As they are written” to “With tags that tell our "
                "website where "
                "a reader came from”."
            ),
        ),
        (
            {"do": "powers", "lines": "stop"},
            (
                "“When a text says otherwise than an approved line” changes: from “Its author is asked about "
                "it” to “It "
                "may not go out”."
            ),
        ),
        (
            {
                "do": "waiting", "values": {"remind_before": 60}, "escalate_to": ["communications"],
            },
            (
                "How long a sign-off may wait changes: remind who signs, minutes before its time: from 120 to "
                "60 minutes; "
                "those above: now “Communications, business owner of all social media”."
            ),
        ),
    ],
)  # fmt: skip
def test_what_a_form_changes_is_said_with_names(change: dict[str, Any], says: str) -> None:
    assert edited(change) == [says]


def test_nothing_of_the_whole_pack_is_said_by_an_id_or_a_setting() -> None:
    """Everything new, everything gone: no word with an underscore but in what people wrote themselves."""
    for one in (*diff(pack(), BHP), *diff(BHP, pack())):
        if one.what not in ("clause", "words", "example"):
            assert not re.search(r"\b[a-z]+_[a-z_]+\b", str(one)), str(one)


def test_every_setting_of_the_checks_has_a_title() -> None:
    assert [*FIGURES, *POWERS, *PHRASES].sort() == [*Settings.model_fields].sort()
    assert {*FIGURES, *POWERS, *PHRASES} == {*Settings.model_fields}


def test_networks_are_called_as_their_connectors_are() -> None:
    assert {key: title for key, (title, _) in networks().items()} == {key: network_title(key) for key in all_networks()}


def test_things_of_one_name_are_told_apart() -> None:
    same = FILES["wordings.toml"].replace('title = "Hello"', 'title = "Sorry"')
    found = names(load_files({**FILES, "wordings.toml": same}))
    assert found.all("wording", ["sorry", "hello"]) == ["“Sorry (sorry)”", "“Sorry (hello)”"]
    assert found.quoted("clause", "usage.44") == "usage.44"
    assert found.quoted("wording", "") == ""


def test_lists_of_the_checks_are_told_by_what_they_are_for() -> None:
    allegation = "[[allegation]]\npattern = '{}'\nwhy = \"theft\"\n"
    banned = '[[banned]]\nword = "as per"\ninstead = "as in"\nseverity = "{}"\n'
    before = load_files({**FILES, "checks.toml": banned.format("note") + allegation.format("thief")})
    assert told(before, checks=banned.format("stop") + allegation.format("thieves")) == [
        (
            "“Words and lines that do not go out as they are” changes: changed: “as per” (its author is "
            "told of it, “as in” "
            "instead) becomes “as per” (it may not go out, “as in” instead)."
        ),
        "“What shows that we accuse somebody” changes: changed: “theft” (told by other signs than before).",
    ]
    assert told(before, checks=banned.format("note")) == [
        "“What shows that we accuse somebody” changes: taken out: “theft”."
    ]
    two = load_files({**FILES, "checks.toml": 'not_names = ["Court", "Road"]\n'})
    (order,) = told(two, checks='not_names = ["Road", "Court"]\n')
    assert order.endswith("changes: the same, in another order.")


def test_references_and_repeated_words_are_counted() -> None:
    reference = "[[references]]\nname = \"rent_ref\"\npattern = '{}'\n"
    before = load_files({**FILES, "words.toml": reference.format("AB")})
    assert told(before, words=reference.format("ABC")) == [
        "What the readers know, “Our own references”, changes: changed: “rent ref” (told by other signs than before)."
    ]
    many = "[spellings]\n" + "".join(f'w{n} = "word"\n' for n in range(7))
    (more,) = told(pack(), words=many)
    assert more.endswith("“w4 = word” and 2 more.")


def test_periods_named_things_and_kinds_are_told_by_their_titles() -> None:
    posts = '\n[[post_kinds]]\nid = "news"\ntitle = "Corporate news"\nclause = "usage.1"\n[[audiences]]\nid = "young"\n'
    posts += 'title = "Young people"\nclause = "usage.1"\nhard_to_reach = true\n'
    period = (
        '[[period]]\nid = "vote"\ntitle = "The vote"\nclause = "usage.1"\nstarts = 2027-03-22\nends = 2027-05-06\n'
        "banned = [ { pattern = 'x', why = \"it takes sides\" } ]\n"
    )
    made = load_files({**FILES, "pack.toml": FILES["pack.toml"] + posts, "periods.toml": period})
    assert told(made, periods=period + 'frozen = ["news"]\n') == [
        "The period “The vote” changes: kinds of post that do not go out: now “Corporate news”."
    ]
    assert told(made, periods=period.replace("'x'", "'y'")) == [
        (
            "The period “The vote” changes: what may not be said: anything refused because it takes sides, "
            "told by other "
            "signs than before."
        )
    ]
    kind = FILES["pack.toml"].replace("\n[hours]", 'kind = "council"\n\n[hours]') + posts.replace(
        "hard_to_reach = true\n", ""
    )
    assert told(made, pack=kind) == [
        "The audience “Young people” changes: it is no longer called hard to reach.",
        "Which rules on information bind us changes: we are: now a council.",
    ]


def test_chains_say_for_what_and_where() -> None:
    chain = (
        '[[chain]]\nid = "one"\ntitle = "One"\nclause = "usage.1"\nnetworks = ["x"]\nkinds = ["publish", "reply"]\n'
        'crisis = false\nhours = "outside"\nstanding = false\nstep = [{ title = "Lead" }]\n'
    )
    (new,) = told(pack(), approvals=chain)
    assert new == (
        "Who signs off, “One”, is new: for: posts and answers; on: X; when: outside working hours; "
        "crisis: outside a crisis "
        "alone; steps: “Lead”; standing sign-offs do not do."
    )
    before = load_files({**FILES, "approvals.toml": chain})
    (again,) = told(before, approvals=chain.replace("standing = false\n", ""))
    assert again == "Who signs off, “One”, changes: standing sign-offs do again."


def test_acts_and_their_days() -> None:
    law = '[law.dp]\nname = "Data Protection Act 1998"\nclause = "usage.1"\nacts = ["{}"]\nnation = "ENG"\n'
    before = load_files({**FILES, "law.toml": law.format("data_protection_1998")})
    assert told(before, law=law.format("data_protection_2018").replace("ENG", "SCT")) == [
        (
            "The law “Data Protection Act 1998” changes: Acts: from Data Protection Act 1998 to Data "
            "Protection Act 2018; "
            "applies in: from England to Scotland."
        )
    ]
    several = law.replace('nation = "ENG"', 'nations = ["ENG", "WLS"]').format("data_protection_1998")
    (more,) = told(before, law=several)
    assert "applies in: from England to England and Wales" in more


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (3.0, "", "3"),
        (0.455, "", "0.455"),
        (5_000_000, "bytes", "5,000,000 bytes"),
        (1, "hours", "1 hour"),
        (1, "share of answers", "1 share of answers"),
        (0.0, "posts", "0 posts"),
        (2.5, "£", "£2.50"),
        (3.0, "£", "£3"),
    ],
)
def test_figures_with_what_they_count(value: float, unit: str, words: str) -> None:
    assert number(value, unit) == words


def test_a_telephone_number_within_a_text_is_told_whole() -> None:
    old, new = "Please ring us at once on 020 8937 2323 today", "Please ring us at once on 020 8937 2324 today"
    assert word_changes(old, new) == ("“020 8937 2323” becomes “020 8937 2324”",)
    assert word_changes("Ring 020 8937 2323 for any help here", "Ring 030 8937 2323 for any help here") == (
        "“020 8937 2323” becomes “030 8937 2323”",
    )
    assert word_changes("Ring us within 24 hours of the leak", "Ring us within 48 hours of the leak") == (
        "“24 hours” becomes “48 hours”",
    )
    assert said({"step_one": True}) == "step one: yes"
    assert said({}) == "nothing"
    assert said(False) == "no"


def test_details_of_a_difference_are_words() -> None:
    assert [detail_words(one) for one in ("+staff_abuse", "-thanks", "hide to remove")] == [
        "staff abuse: now",
        "thanks: no longer",
        "hide to remove",
    ]
