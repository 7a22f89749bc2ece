"""What is kept: no address of one machine, no secret, every licence, every requirement."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.rules.house import ROOT, SRC, tracked

BINARY = {".bin", ".woff2", ".parquet", ".png", ".jpg", ".ico"}
# Written in pieces, so that this file is clean itself.
FORBIDDEN = [
    ("a path of one machine", r"(?<![\w.-])/(?:wo" + r"rk|ro" + r"ot)/"),
    ("a home folder", r"/ho" + r"me/\w+/"),
    ("the address of a registry", "index" + "-url|find" + "-links|files.python" + "hosted"),
    ("a private key", "BEGIN [A-Z ]*PRIVATE" + " KEY"),
    ("a token", r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|AK" + r"IA[0-9A-Z]{16}|EA" + r"A[A-Za-z0-9]{60,}|xox[bp]-\d{8,})"),
    ("a password in an address", r"[a-z]+://[^\s/:@'\"{}<>…]+:[^\s/:@'\"{}<>…]{9,}@(?!example|db\.example)[a-z]"),
]


def breaches(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN if re.search(pattern, text)]


def test_nothing_of_one_machine_and_no_secret_is_kept() -> None:
    files = [path for path in tracked() if path.suffix not in BINARY]
    assert len(files) > 300
    found = {str(path.relative_to(ROOT)): said for path in files if (said := breaches(path.read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    "bad",
    [
        "cd /wo" + "rk/main",
        "HOME=/ro" + "ot/x",
        "/ho" + "me/sam/desk",
        "--index" + "-url x",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "gh" + "p_" + "a" * 36,
        "postgresql://desk:correct-" + "horse-battery@server/db",
    ],
)
def test_a_breach_is_seen(bad: str) -> None:
    assert breaches(bad)


def test_keys_and_data_are_not_kept() -> None:
    names = {path.name for path in tracked()}
    assert not names & {"secret.key", "credentials.key", ".env"}
    assert not [path for path in tracked() if path.is_relative_to(ROOT / "data")]


# Shipped things made by others -> the licence that stands beside them.
LICENCES = {
    "fonts/atkinson-hyperlegible-mono-*.woff2": "atkinson-hyperlegible-mono-OFL-1.1.txt",
    "fonts/atkinson-hyperlegible-next-*.woff2": "atkinson-hyperlegible-next-OFL-1.1.txt",
    "gatepost.css": "govuk-frontend-MIT.txt",
    "../frame/icons.toml": "lucide-ISC.txt",
}
OWN = {"img/gatepost.svg"}


def test_licences_of_what_others_made_are_shipped() -> None:
    look = SRC / "web" / "look"
    for pattern, licence in LICENCES.items():
        parts = [look / pattern] if pattern.startswith("..") else list(look.glob(pattern))
        assert parts, pattern
        assert [part for part in parts if not part.is_file()] == []
        text = (look / "licences" / licence).read_text("utf-8")
        assert "Permission" in text, licence
        assert "copyright" in text.lower(), licence
    covered = {path for pattern in LICENCES if "*" in pattern for path in look.glob(pattern)} | {
        look / own for own in OWN
    }
    shipped = {path for path in tracked() if path.is_relative_to(look) and path.suffix in {".woff2", ".svg", ".png"}}
    assert sorted(shipped - covered) == []
    assert {path.name for path in (look / "licences").iterdir()} == set(LICENCES.values())


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text


def requirement_names(lines: list[str]) -> set[str]:
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line.strip() and line[0] not in "-# "]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def read(name: str) -> list[str]:
    return (ROOT / "requirements" / name).read_text("utf-8").splitlines()


def test_requirements_say_the_same_everywhere() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    spaceless = {re.sub(r"\s", "", line.partition("#")[0]) for line in read("run.in") if line.strip()}
    assert {re.sub(r"\s", "", line) for line in asked} == {line for line in spaceless if line}
    assert requirement_names(read("run.in")) <= requirement_names(read("run.txt"))
    assert requirement_names(read("dev.in")) | requirement_names(read("run.txt")) <= requirement_names(read("dev.txt"))


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_everything_is_locked_by_its_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements" / lock).read_text("utf-8").strip())
    assert len(blocks) > 30
    assert [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
