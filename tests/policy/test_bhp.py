"""The shipped pack: the document word for word, every clause bound, its own examples, what lint says of it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatepost.policy.check import check, may_leave
from gatepost.policy.checks.names import CHECKS
from gatepost.policy.coverage import coverage
from gatepost.policy.decide import decide
from gatepost.policy.examples import run
from gatepost.policy.lint import lint
from gatepost.policy.model import Inbound, Outbound
from gatepost.policy.pack import Pack, load
from gatepost.policy.shown import by_clause, by_thing
from tests.policy.small import reading
from tests.shared import shared

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLAUSES = 50


@pytest.fixture(scope="module")
def bhp() -> Pack:
    return load(Path(__file__).parents[2] / "packs" / "bhp")


def plain(text: str) -> list[str]:
    return re.findall(r"[^\s]+", text)


def test_the_words_are_the_documents(bhp: Pack) -> None:
    document = shared("seed/social-media-policy.txt").read_text(encoding="utf-8-sig")
    document = document.replace("APPENDIX 5", "")
    ours = re.sub(r"^#+ ", "", re.sub(r"\[[a-z]+\.\d+\] ", "", bhp.policy_md), flags=re.MULTILINE)
    strip = re.compile(r"^\s*- ", re.MULTILINE)
    assert plain(strip.sub("", ours)) == plain(strip.sub("", document))


def test_every_clause_is_there_and_bound(bhp: Pack) -> None:
    table = shared("seed/clauses.md").read_text(encoding="utf-8")
    wanted = re.findall(r"^\| ([a-z]+\.\d) \| .* \| ([EAMI]) \|", table, re.MULTILINE)
    kinds = {"E": "enforced", "A": "assisted", "M": "measured", "I": "informative"}
    assert [(clause.id, clause.kind) for clause in bhp.clauses] == [(one, kinds[kind]) for one, kind in wanted]


def test_coverage_is_whole_and_honest(bhp: Pack) -> None:
    rows = coverage(bhp)
    assert len(rows) == CLAUSES
    assert {binding.clause for binding in bhp.bindings} == {clause.id for clause in bhp.clauses}
    assert all(row.reason for row in rows if row.status == "partial")
    live = {row.clause for row in rows if row.status == "live"}
    assert {f"usage.{n}" for n in (1, 2, 4, 5, 6, 7, 8, 9)} <= live
    assert {row.status for row in rows} == {"live", "partial"}


def test_every_rule_check_and_wording_serves_a_clause(bhp: Pack) -> None:
    bound = {binding.by for binding in bhp.bindings}
    assert {f"rule:{rule.id}" for rule in bhp.rules} <= bound
    assert {f"check:{name}" for name in CHECKS} <= bound
    assert {f"wording:{name}" for name in bhp.wordings} <= bound


def test_a_crisis_and_the_time_before_an_election_are_marked_as_no_words_of_the_document(bhp: Pack) -> None:
    assert bhp.crisis is not None
    assert bhp.crisis.clause == "benefits.6"
    assert all(bhp.roles[role].signs_off for role in (*bhp.crisis.declares, *bhp.crisis.approvers))
    assert [bhp.wordings[name].title for name in bhp.crisis.statements] == ["A crisis: the first words"]
    (period,) = bhp.periods
    assert "not in the policy" in period.title
    assert "Nothing in this file is in the document" in bhp.files["periods.toml"]
    assert "election" not in bhp.policy_md.lower()


def test_examples(bhp: Pack) -> None:
    results = run(bhp, NOW)
    assert len(results) >= 60
    failures = [f"{one.id}: {' '.join(one.failures)}" for one in results if not one.ok]
    assert not failures, "\n".join(failures)


def test_every_usage_clause_has_examples_both_ways(bhp: Pack) -> None:
    about: dict[str, int] = {}
    for example in bhp.examples:
        for clause in example.clauses:
            about[clause] = about.get(clause, 0) + 1
    for clause in [*(f"usage.{n}" for n in range(1, 10)), "risks.9", "law.2"]:
        assert about.get(clause, 0) >= 2, clause


def test_lint_finds_what_is_known_to_be_wrong(bhp: Pack) -> None:
    findings = lint(bhp, NOW)
    mend = [(one.code, one.file, one.clause) for one in findings if one.grade == "mend"]
    assert sorted(mend) == [
        ("law", "policy.md", "law.1"),
        ("law", "policy.md", "law.2"),
        ("law", "policy.md", "law.3"),
        ("typing", "policy.md", "usage.7"),
        ("typing", "wordings.toml", "usage.7"),
    ]
    assert not [one for one in findings if one.code == "phone"]


def test_approved_wordings_may_leave(bhp: Pack) -> None:
    for wording in bhp.wordings.values():
        draft = Outbound(wording.text, kind="reply", wording=wording.id)
        assert may_leave(check(draft, bhp, NOW)), wording.id


BASE: dict[str, object] = {
    "offers": (),
    "refer": (),
    "moderate": "none",
    "mask": False,
    "answer": True,
    "urgent": False,
}
PHONE_FIRST = ("complaint_phone", "complaint_referred")


@pytest.mark.parametrize(
    ("labels", "private", "topics", "expected", "clocks"),
    [
        ({}, False, (), {}, []),
        ({"complaint"}, False, (), {"offers": PHONE_FIRST}, ["complaint_ack"]),
        (
            {"personal_details", "question"},
            False,
            (),
            {"offers": ("acknowledgement",), "moderate": "hide", "mask": True},
            [],
        ),
        ({"personal_details", "question"}, True, (), {"offers": ("acknowledgement",), "mask": True}, []),
        ({"personal_details"}, False, (), {"moderate": "hide", "mask": True}, []),
        (
            {"personal_details", "complaint"},
            False,
            (),
            {"offers": ("acknowledgement", *PHONE_FIRST), "moderate": "hide", "mask": True},
            ["complaint_ack"],
        ),
        ({"staff_abuse"}, False, (), {"refer": ("staff_abuse",), "answer": False}, ["staff_abuse"]),
        (
            {"staff_abuse", "complaint"},
            False,
            (),
            {"refer": ("staff_abuse", "complaints"), "answer": False},
            ["staff_abuse", "complaint_ack"],
        ),
        ({"offensive"}, False, (), {"moderate": "remove"}, []),
        ({"offensive"}, True, (), {}, []),
        (
            {"offensive", "complaint"},
            False,
            (),
            {"moderate": "remove", "refer": ("complaints",)},
            ["complaint_ack"],
        ),
        ({"offensive", "personal_details"}, False, (), {"moderate": "remove", "mask": True}, []),
        (
            {"safeguarding"},
            False,
            (),
            {"refer": ("safeguarding",), "urgent": True, "offers": ("in_danger",)},
            ["safeguarding"],
        ),
        (
            {"safeguarding", "complaint"},
            False,
            (),
            {"refer": ("safeguarding", "complaints"), "urgent": True, "offers": ("in_danger",)},
            ["safeguarding", "complaint_ack"],
        ),
        ({"sar_request"}, False, (), {"refer": ("data_protection",)}, ["sar"]),
        ({"foi_request"}, False, (), {"refer": ("information",)}, ["foi"]),
        ({"media_query"}, False, (), {"refer": ("press",)}, ["media"]),
        ({"service_request"}, False, ("repairs",), {"refer": ("repairs",)}, []),
        ({"service_request"}, False, ("rent",), {"refer": ("housing",)}, []),
        ({"service_request"}, False, ("damp_mould",), {"refer": ("repairs",)}, ["hazard_investigate"]),
        ({"question"}, False, (), {}, []),
        ({"thanks"}, False, (), {}, []),
        ({"spam"}, False, (), {}, []),
    ],
)
def test_decisions(
    bhp: Pack,
    labels: set[str],
    private: bool,
    topics: tuple[str, ...],
    expected: dict[str, object],
    clocks: list[str],
) -> None:
    read = reading(dict.fromkeys(labels, 0.9), topics=topics)
    decision = decide(Inbound("1", "x", private=private), bhp, NOW, read)
    assert {name: getattr(decision, name) for name in BASE} == BASE | expected
    assert [due.id for due in decision.clocks] == clocks
    assert bool(decision.clauses) == bool(set(labels) - {"spam"})


def test_every_rule_and_check_is_shown_both_ways(bhp: Pack) -> None:
    results = run(bhp, NOW)
    assert len(results) >= 120
    assert [one.name for one in by_clause(bhp, results) if not one.whole] == []
    assert [one.name for one in by_thing(bhp, results) if not one.whole] == []
