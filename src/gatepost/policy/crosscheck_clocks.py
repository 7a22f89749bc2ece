"""Do clocks.toml and law.toml agree with the times and the Acts that come with the desk?"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.crosscheck import say, unknown
from gatepost.policy.parts import Parts
from gatepost.policy.problems import Problem
from gatepost.policy.statutes import statutes
from gatepost.policy.statutory import legal_times

_OWN = ("name", "amount", "unit", "source")
_SET_BY_LAW = ("amount", "unit", "source", "starts", "version", "nation", "extension", "stops", "midnight")


def problems(parts: Parts) -> Iterator[Problem]:
    for key, law in parts.law.law.items():
        for act in law.acts:
            yield from unknown(parts, "law.toml", ("law", key, "acts"), "Act", act, tuple(statutes()))
        if law.starts and law.until and law.until < law.starts:
            says, mend = "It goes out of force before it comes into force", "Put the earlier day into starts."
            yield say(parts, "law.toml", ("law", key, "until"), says, mend)
    file = "clocks.toml"
    for key, clock in parts.clocks.clock.items():
        if clock.law:
            yield from unknown(parts, file, ("clock", key, "law"), "time set by law", clock.law, tuple(legal_times()))
            for field in _SET_BY_LAW:
                if getattr(clock, field):
                    mend = "Take it out, or take law out and give all figures yourself."
                    says = f"The law {clock.law!r} gives the {field} already"
                    yield say(parts, file, ("clock", key, field), says, mend)
        else:
            for field in _OWN:
                if not getattr(clock, field):
                    mend = "Add it, or name a time set by law: law = …"
                    yield say(parts, file, ("clock", key, field), "This key is missing", mend)
