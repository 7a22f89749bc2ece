"""Throw bytes at one target for a while, led by what they reach in the code. Needs atheris; see README.md beside this.

python -m tests.fuzz.run TARGET [--seconds 1200] [--hang 20] [--found DIRECTORY]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=("pack", "importing", "triage", "phrases"))
    parser.add_argument("--seconds", type=int, default=1200)
    parser.add_argument("--hang", type=int, default=20, help="seconds of one input; more on a machine that is busy")
    parser.add_argument("--found", type=Path, default=Path("/tmp/gatepost-fuzz"), help="what grows, and what breaks")
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not here. tests/fuzz/README.md says how to install it beside the desk's own packages.")
    with atheris.instrument_imports(include=["gatepost.policy"]):
        from gatepost.policy.importing.readers import markdown, opendocument, pdf, plain, web, word  # noqa: F401
        from tests.fuzz import targets
    grown, broken = options.found / options.target, options.found / f"{options.target}-broken"
    for folder in (grown, broken):
        folder.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(seeds(options.target)):
        (grown / f"seed-{place}").write_bytes(seed)
    words = options.found / "words.dict"
    words.write_text("".join(f'"{word}"\n' for word in keys()), encoding="utf-8")
    flags = [
        f"-dict={words}",
        f"-max_total_time={options.seconds}",
        f"-timeout={options.hang}",
        "-rss_limit_mb=2500",
        f"-artifact_prefix={broken}/",
        "-max_len=12000",
        "-len_control=0",  # long inputs from the start: left to itself the fuzzer stays with short ones for long
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *flags, str(grown), str(CORPUS / options.target)], targets.TARGETS[options.target])
    atheris.Fuzz()


def keys() -> list[str]:
    """The keys and headers that files of a pack are made of, for the fuzzer to put in."""
    files = sorted((Path(__file__).resolve().parents[2] / "packs/bhp").glob("*.toml"))
    found = {one for file in files for one in re.findall(r"(?m)^(\[+[a-z_.]+\]+|[a-z_]+ = )", file.read_text("utf-8"))}
    found |= {one for file in files for one in re.findall(r"\b[a-z_]+ = ", file.read_text("utf-8"))}
    return sorted(found)


def seeds(target: str) -> list[bytes]:
    """What to begin with: whole files and messages, so that the fuzzer need not invent them."""
    root = Path(__file__).resolve().parents[2]
    if target == "importing":
        from tests.policy.importing.council import as_docx, as_html, as_md, as_odt, as_pdf, as_txt

        return [bytes([n]) + one()[:11_000] for n, one in enumerate((as_txt, as_md, as_html, as_pdf, as_docx, as_odt))]
    if target == "pack":
        from tests.policy.small import FILES

        names = sorted({*FILES, "words.toml"})
        whole = {**FILES, "words.toml": (root / "packs/bhp/words.toml").read_text("utf-8")[:4000]}
        return [bytes([names.index(name), 0]) + text.encode() for name, text in whole.items()]
    lines = (root / "tests/policy/reading/messages.jsonl").read_text("utf-8").splitlines()
    import json

    texts = [json.loads(line)["text"] for line in lines[::3]]
    return [bytes([place % 16]) + text.encode("utf-8", "surrogatepass") for place, text in enumerate(texts)]


if __name__ == "__main__":
    main()
