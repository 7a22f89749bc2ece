"""The slowest message of 10,000 characters that a search can find: repeats and mixtures of what readers trip over.

python -m benchmarks.long_messages [--seconds 60] [--seed 4]

Prints CPU milliseconds of the slowest (reading and decision, the better of two tries) and what they were made of.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime
from pathlib import Path

from gatepost.policy.decide import decide
from gatepost.policy.model import Inbound
from gatepost.policy.pack import Pack, load

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
LENGTH = 10_000
PIECES = [
    "0", "a ", "idiot your staff ", "x@", "f u c k ", "Aa 1 ", "f**** ", "'", '"', "flat 1 ", "1 Elm Road ",
    "my name is Aa Bb ", "07700 900123 ", "a.b@c.d ", "e\u0301", "\u0301", "\u200b", "\u202e",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "İ", "ß", "раki ", "(at) ", "dot ", "no no ", "you are a ", "@",
    "#broken", "#", "!", "?!", "1 2 ", "1,", "1.1", "£1 ", "kill you ", "women are ", "is not ", "not a complaint ",
    "Dear Sir ", "St. Aa ", "oh ", "double seven ", "and ", "*", "aa*a ", "$$", "&#8220;", "http://a.b ", "-", "1-",
    "Aa-Bb ", "Aa'Bb ", "I ", "Ａ", "ﷺ", "ａ ", "的", "ना", "\n", ". ", "“a” ", "'a' ", "jan 1 ", "sort code ",
    "12-34-56 ", "born on the ", "rent ref 1234 ", "nhs 943 476 5919 ", "AB12 CDE ", "car ", "neighbour ", "he said ",
    "fuck ", "useless ", "my neighbour is a ", "they should all be ",
]  # fmt: skip


def taken(text: str, pack: Pack) -> float:
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        decide(Inbound("1", text), pack, AT)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    pack = load(ROOT / "packs" / "bhp")
    taken("begin", pack)
    found = [(taken((piece * LENGTH)[:LENGTH], pack), repr(piece)) for piece in PIECES]
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        mixed = chance.choices(PIECES, k=chance.randint(2, 5))
        row = mixed * LENGTH if chance.random() < 0.7 else chance.choices(mixed, k=LENGTH)
        found.append((taken("".join(row)[:LENGTH], pack), repr(mixed)))
    found.sort(reverse=True)
    print(f"{len(found)} messages of {LENGTH:,} characters; the slowest:")
    for spent, made_of in found[:8]:
        print(f"  {spent * 1000:6.1f} ms  {made_of[:100]}")


if __name__ == "__main__":
    main()
