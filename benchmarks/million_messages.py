"""The list, a saved filter, a conversation and a search with 10,000 and with 1,000,000 messages.

    python -m benchmarks.million_messages
    options: --begin N (default 10000), --messages N (default 1000000), --rounds N (default 200),
             --keep FOLDER (the desk stays there and is measured again as it is, beside the first figures of the few)

A database of its own. The first messages come in through intake and the policy; the others are copies of these in SQL,
each with a conversation, a decision, a number of its own and a time further back, all but one in two hundred of them
done. Each question is asked as a page asks it (messages found, read, masked and made into what the template shows)
and as bare SQL: the very statements with what they are given, sent and fetched by psycopg on a connection of its own,
prepared where the desk prepares; and, where these are two, the one statement that does it all, prepared as psycopg
thinks best. The faster of the two is the baseline. Told are the fastest rounds, in turns, the desk's over the bare
one's in the same run, and how much both grew. Pages are told beside them, and looking for a person. Exits 1 when
with the many a ratio is over 2.0, or a growth over 1.5 where as many rows were shown.

The policy in force, which the frame of every page asks for once, is known before a question is asked.

Growth is that of one question with as large an answer: the same word in one message or in a hundred, the same name of a
hundred writers. A name that one writer in a hundred has is told and its growth not judged: 46 writers have it in ten
thousand messages, 4,600 in a million, and the messages of the latest 200 are put in order. So with a person who is
looked for: up to 200 mentions of each table are shown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks._own_desk import own_desk, with_django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--begin", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with own_desk(given.keep) as environment:
        figures = [str(given.begin), str(given.messages), str(given.rounds), environment["GATEPOST_DATA"]]
        return subprocess.run(with_django("fill_million", *figures), env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
