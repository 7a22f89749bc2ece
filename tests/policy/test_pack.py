"""A pack loads whole, or says everything that is wrong with it at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy import pack as packs
from gatepost.policy.problems import PackError, Problem
from tests.policy.small import FILES, files, pack


def errors(**changed: str) -> list[Problem]:
    with pytest.raises(PackError) as caught:
        packs.load_files(files(**changed))
    return list(caught.value.problems)


def only(**changed: str) -> Problem:
    found = errors(**changed)
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


def swap(name: str, old: str, new: str) -> str:
    text = FILES[name]
    assert old in text
    return text.replace(old, new, 1)


def test_a_good_pack() -> None:
    good = pack()
    assert good.clause("usage.7").text == "Complaints get:\nan approved wording"
    assert good.clause("usage.7").heading == "Rules"
    assert good.clause("usage.7").number == 3
    assert good.wording("sorry").refers_to == "complaints"
    assert good.department("complaints").clock == "ack"
    assert good.role("guardian").holder == ""
    assert [rule.id for rule in good.rules] == ["abuse", "offence", "complaint", "thanks"]
    assert good.hours.week[5] is None
    assert good.lines["rules.toml", "complaint"] == 18
    assert good == pack()
    assert hash(good) == hash(pack())
    assert good != pack(rules=swap("rules.toml", "0.6", "0.7"))
    assert good != "another thing"


def test_what_governs_a_part_of_the_desk() -> None:
    twice = swap("clauses.toml", 'by = "rule:abuse"', 'by = "check:sentence"')
    assert pack(clauses=twice).bound("check:sentence") == ("usage.8", "usage.2")
    assert pack(clauses=twice).governing("check:sentence") == "usage.8"
    # What the policy says is done elsewhere, or does not name, has no clause here.
    assert pack().bound("desk:referrals") == pack().bound("check:tone") == ()
    assert pack().governing("desk:referrals") == pack().governing("check:tone") == ""


def test_the_digest_is_of_the_words_not_of_the_editor() -> None:
    windows = {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in FILES.items()}
    assert packs.load_files(windows).digest == pack().digest
    assert packs.load_files(FILES | {"README.md": "x"}).digest == pack().digest
    assert len(pack().digest) == 64


@pytest.mark.parametrize("ask", ["clause", "wording", "department", "role"])
def test_unknown_ids_raise_key_error(ask: str) -> None:
    with pytest.raises(KeyError):
        getattr(pack(), ask)("nothing.9")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        ("pack", 'title = "Small', 'titel = "Small', 2, "Did you mean 'title'?"),
        ("pack", 'version = "1"', "version = 1", 5, "Put it in quotes."),
        ("pack", 'monday = ["09:00", "17:00"]', 'monday = ["25:00", "17:00"]', 9, "are not two times"),
        ("pack", 'monday = ["09:00", "17:00"]', 'monday = ["9", "17:00"]', 9, "are not two times"),
        ("pack", 'monday = ["09:00", "17:00"]', 'monday = ["17:00", "09:00"]', 9, "before it begins"),
        ("pack", 'monday = ["09:00", "17:00"]', 'timezone = "Europe/Nowhere"', 9, "not a time zone"),
        ("pack", 'monday = ["09:00", "17:00"]', 'nation = "FRA"', 9, "'ENG'"),
        ("clauses", 'kind = "assisted"', 'kind = "sometimes"', 7, "not one of the values"),
        ("clauses", 'by = "rule:complaint"', 'by = "rule:complant"', 23, "Did you mean 'complaint'?"),
        ("clauses", 'by = "check:sentence"', 'by = "check:sentense"', 43, "Did you mean 'sentence'?"),
        ("clauses", 'by = "desk:referrals"', 'by = "magic"', 38, "does not say what it is"),
        ("clauses", 'reason = "Only sentences are measured."', "", 44, "does not say why"),
        ("departments", 'clock = "ack"', "", 1, "This key is missing"),
        ("departments", 'clock = "ack"', 'clock = "akc"', 5, "Did you mean 'ack'?"),
        ("departments", "complaints@fernhill.test", "nowhere", 3, "not an e-mail address"),
        ("departments", 'role = "guardian"', 'role = "guard"', 10, "no role 'guard'"),
        ("roles", 'title = "Guardian"', "", 9, "This key is missing"),
        ("roles", "signs_off = true", 'signs_off = "yes"', 6, "true or false"),
        ("clocks", "amount = 5", "amount = 0", 3, "0 is too little"),
        ("clocks", "amount = 5", 'amount = "5"', 3, "whole number"),
        ("clocks", 'unit = "working_days"', 'unit = "fortnights"', 4, "not one of the values"),
        ("wordings", 'refers_to = "complaints"', 'refers_to = "complants"', 5, "Did you mean 'complaints'?"),
        ("wordings", 'clause = "usage.1"', 'clause = "usage.10"', 9, "no clause 'usage.10'"),
        ("rules", 'offer = ["sorry"]', 'offer = ["sory"]', 23, "Did you mean 'sorry'?"),
        ("rules", 'refer = ["guardian"]', 'refer = ["nobody"]', 9, "no department 'nobody'"),
        ("rules", 'clocks = ["soon"]', 'clocks = ["sooner"]', 30, "Did you mean 'soon'?"),
        ("rules", 'label = "thanks"', 'label = "thank"', 29, "No reader finds 'thank'"),
        ("rules", 'label = "thanks"', 'lable = "thanks"', 29, "Did you mean 'label'?"),
        ("rules", '{ label = "thanks" }', "{ at_least = 0.5 }", 29, "without its label"),
        ("rules", '{ label = "thanks" }', "{ }", 29, "would hold for every message"),
        ("rules", '{ label = "thanks" }', "{ not = { all = [{}] } }", 29, "would hold for every message"),
        ("rules", "complaint = 0.6", "complant = 0.6", 2, "Did you mean 'complaint'?"),
        ("rules", "complaint = 0.6", "complaint = 6", 2, "6 is too much"),
        ("rules", 'id = "thanks"', 'id = "Thanks!"', 26, "is not an id"),
        ("rules", "priority = 10", "priority = 10\nextra = 1", 29, "Nothing is called so here"),
        ("rules", 'clause = "usage.1"', 'clause = "usage.11"', 27, "no clause"),
    ],
)
def test_one_mistake_one_problem_with_its_line(name: str, old: str, new: str, line: int, says: str) -> None:
    problem = only(**{name: swap(f"{name}.toml", old, new)})
    assert says in str(problem)
    assert (problem.file, problem.line) == (f"{name}.toml", line)
    assert str(problem).startswith(f"{name}.toml:{line}: ")


def test_every_day_closed() -> None:
    text = "\n".join(line for line in FILES["pack.toml"].split("\n") if "day =" not in line)
    assert "no clock that counts working hours could end" in only(pack=text).mend


def test_clause_not_in_the_document() -> None:
    problem = only(policy_md=swap("policy.md", "[usage.2]", "(2)"))
    assert problem.file == "clauses.toml"
    assert "[usage.2]" in problem.mend


def test_clause_only_in_the_document() -> None:
    problem = only(policy_md=FILES["policy.md"] + "- [usage.12] Something new\n")
    assert (problem.file, problem.line) == ("policy.md", 13)


def test_clause_twice_and_clause_without_words() -> None:
    found = errors(policy_md=FILES["policy.md"] + "- [usage.9] Again\n")
    assert [one.line for one in found] == [12, 13]
    assert "no words" in only(policy_md=swap("policy.md", "Be official", "")).message


def test_things_listed_twice() -> None:
    twice = FILES["clauses.toml"] + '\n[[clauses]]\nid = "usage.1"\nkind = "enforced"\n'
    assert all("twice" in one.message for one in errors(clauses=twice))
    rules = swap("rules.toml", 'id = "offence"', 'id = "abuse"')
    assert any("Two rules" in one.message for one in errors(rules=rules))


def test_a_file_that_cannot_be_saved() -> None:
    assert only(checks='sentence_words = "many"').line == 1
    assert only(roles="role = 5").message == "This must be a table"


def test_ids_of_tables_are_ids() -> None:
    found = errors(roles=FILES["roles.toml"].replace("role.officer", 'role."The Officer"'))
    assert [(one.line, one.message) for one in found] == [(1, "'The Officer' is not an id")]
    bad = only(roles=FILES["roles.toml"].replace('title = "Guardian"', 'title = "Guardian"\nclause = "Usage 1"'))
    assert (bad.line, bad.message) == (11, "'Usage 1' is not an id")


@given(
    st.sampled_from(sorted(FILES)),
    st.integers(0, 40),
    st.sampled_from(["", "x", "= 5", "[[rule]]", "[", '"', "a.b = 1"]),
)
def test_any_spoilt_line_loads_or_says_what_is_wrong(name: str, place: int, spoilt: str) -> None:
    lines = FILES[name].split("\n")
    lines[place % len(lines)] = spoilt
    problems: tuple[Problem, ...] = ()
    try:
        packs.load_files(FILES | {name: "\n".join(lines)})
    except PackError as error:
        problems = error.problems or (Problem("", 0, "", "", ""),)
    assert all(problem.message and problem.mend for problem in problems)


def test_all_problems_come_at_once_and_blame_only_the_guilty() -> None:
    found = errors(
        pack=swap("pack.toml", "[hours]", '[hours]\nmoonday = ["09:00", "17:00"]'),
        wordings=swap("wordings.toml", 'title = "Sorry"', "title = 5"),
        rules=swap("rules.toml", 'refer = ["guardian"]', 'refer = ["gardian"]'),
        clocks="not toml at all",
        words="nonsense = 1",
    )
    assert {one.file for one in found} == {"pack.toml", "wordings.toml", "clocks.toml", "words.toml"}
    found = errors(
        wordings=swap("wordings.toml", 'title = "Sorry"', "title = 5"),
        rules=swap("rules.toml", 'refer = ["guardian"]', 'refer = ["gardian"]'),
    )
    assert [one.file for one in found] == ["rules.toml", "wordings.toml"]
    assert str(PackError(found)).count("\n") == 1


@pytest.mark.parametrize(
    ("example", "says"),
    [
        ('expect = { offers = ["sory"] }', "no wording 'sory'"),
        ('expect = { decided = ["complant"] }', "no label"),
        ('expect = { refer = ["x"] }', "no department"),
        ('expect = { clocks = ["x"] }', "no clock"),
        ('expect = { clauses = ["usage.33"] }', "no clause"),
        ('expect = { stop = ["ton"] }', "Did you mean 'tone'?"),
        ("expect = { }", "could never fail"),
        ('given = { wording = "sory" }\nexpect = { may_leave = true }', "no wording 'sory'"),
        ("expect = { urgent = 1 }", "true or false"),
    ],
)
def test_examples_are_checked_too(example: str, says: str) -> None:
    assert says in str(only(examples=f'[[example]]\nid = "one"\ntext = "x"\n{example}\n'))


def test_two_examples_of_one_name() -> None:
    one = '[[example]]\nid = "one"\ntext = "x"\nexpect = { urgent = true }\n'
    assert all("Two examples" in problem.message for problem in errors(examples=one + one))


def test_patterns_of_the_checks_must_be_patterns() -> None:
    problem = only(checks="[[allegation]]\npattern = '(?=x'\nwhy = 'x'\n")
    assert (problem.file, problem.line) == ("checks.toml", 2)


def test_missing_and_unknown_files() -> None:
    without = {name: text for name, text in FILES.items() if name != "roles.toml"} | {"role.toml": ""}
    with pytest.raises(PackError) as caught:
        packs.load_files(without)
    says = str(caught.value)
    assert "roles.toml: A pack needs this file" in says
    assert "Did you mean 'roles.toml'?" in says


def test_oversize() -> None:
    assert "over 1 MB" in only(rules="#" * 1_000_001).message
    big = dict.fromkeys(packs.KNOWN, "#" * 999_999)
    with pytest.raises(PackError, match="over 8 MB"):
        packs.load_files(big)


def test_a_folder(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "notes.txt").write_bytes(b"\xff\xfe")
    assert packs.load(tmp_path) == pack()
    (tmp_path / "rules.toml").write_bytes(b"a = 1\nb = '\xff'")
    (tmp_path / "words.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "roles.toml").unlink()
    (tmp_path / "roles.toml").mkdir()
    with pytest.raises(PackError) as caught:
        packs.load(tmp_path)
    says = str(caught.value)
    assert "rules.toml:2: It is not UTF-8" in says
    assert "words.toml: The file is over 1 MB" in says
    assert "roles.toml: It cannot be read" in says


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        packs.load(tmp_path / "nowhere")
