"""A desk at which anything may happen in any order, and a judge at the place where the network is.

What may leave is judged here by a bookkeeping of the test's own, at the moment the network is called: by whom exactly
this text was agreed to, whether they may agree to it now, and whether anything stands before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from gatepost.calls.refusals import REFUSALS
from gatepost.gate import actions, holds, looking, outside, sending, settling, suggesting, waiting
from gatepost.gate.content import from_json
from gatepost.gate.models import Act, Attempt, Hold, Invitation, SignOff, Suggestion
from gatepost.gate.moving import move
from gatepost.networks.protocol import Answer, NotThere, Outgoing, Receipt, TryLater, Unknown
from gatepost.people import actions as people
from gatepost.people import deputies
from gatepost.people.models import Deputy, Holding, Role, User

from .scene import AT, SYSTEM, Desk, Wire, make_desk, with_chains

EVENTS = """
[[chain]]
id = "events"
title = "Events past the lead"
clause = "responsibility.2"
post_kinds = ["event"]
step = [{ title = "Lead", roles = ["staff_abuse"] }, { title = "Communications" }]
"""
PAIRS = """
[[chain]]
id = "pairs"
title = "Two people"
clause = "responsibility.2"
step = [{ title = "Two", count = 2 }]
"""
POLICIES = {"one": "", "events": EVENTS, "pairs": PAIRS}
TEXTS = ("The office is open on Saturday.", "The hall is open on Sunday.", "The lift works again.")
ANSWERS: tuple[Callable[[], Answer], ...] = (
    lambda: Receipt(ref="r"),
    lambda: TryLater(30.0, "Busy."),
    lambda: Unknown("No answer."),
)
WEEK = timedelta(days=7)


@dataclass
class Book:
    """What the test knows by itself."""

    policy: str = "one"
    agreed: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # (act, digest) -> who
    wrote: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)  # acts that somebody outside must sign
    standing_in: bool = False  # Dot signs in Olive's stead
    roles: set[str] = field(default_factory=lambda: {"olive", "nell", "lead"})


class Desks(RuleBasedStateMachine):
    """One desk with Olive and Nell who sign off, a lead, Dot who may stand in for Olive, and Sam and Nell who write."""

    made: Callable[[], Wire]
    clock: Callable[[], datetime]
    published = 0

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = AT
        self.book = Book()
        self.claims: list[sending.Claim] = []
        self.wrong: AssertionError | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        wire = type(self).made()
        wire.publish = self.publish  # type: ignore[method-assign]  # the test looks on where the network is
        wire.find = lambda act: NotThere()  # type: ignore[method-assign]  # as above
        type(self).clock = lambda: self.now  # type: ignore[assignment]  # read by the patched clock
        with_chains("", at=AT)
        self.desk: Desk = make_desk(wire)
        self.who: dict[str, User] = {"olive": self.desk.officer, "sam": self.desk.staff}
        for name, role in (("nell", "communications"), ("lead", "staff_abuse"), ("dot", "")):
            one = people.add_person(name=name.title(), email=f"{name}@example.org", by=SYSTEM, at=AT)
            self.who[name] = one
            if role:
                people.give_role(one, Role.objects.get(pk=role), by=SYSTEM, at=AT)
        with_chains("", at=AT)
        self.write(TEXTS[0], "sam", "news", None, None)
        self.write(TEXTS[1], "sam", "event", 5, 600)

    # --- where the network is -------------------------------------------------------------------------------------

    def publish(self, call: Outgoing) -> Answer:
        try:
            self.judge(call)
        except AssertionError as error:  # whatever a connector raises becomes an answer: it is kept for the invariant
            self.wrong = error
        type(self).published += 1
        return self.answer()

    @invariant()
    def nothing_unsigned_has_left(self) -> None:
        if self.wrong is not None:
            raise self.wrong

    def judge(self, call: Outgoing) -> None:
        act = Act.objects.get(pk=call.key)
        content = from_json(act.content)
        book, key = self.book, (call.key, content.digest)
        assert call.text == content.text
        signers = book.agreed.get(key, set()) - book.wrote[call.key]
        able = {one for one in signers if one == "outside" or one in book.roles or (one == "dot" and self._stands_in())}
        comms = able & ({"olive", "nell"} | {"dot"})
        if book.policy == "pairs":
            assert len(comms) >= 2, (signers, book)
        elif book.policy == "events" and book.kinds[call.key] == "event":
            assert "lead" in able, (signers, book)
            assert comms, (signers, book)
        else:
            assert comms, (signers, book)
        if call.key in book.outside:
            assert "outside" in signers
        assert not Hold.objects.filter(ended_at=None).exists()
        assert content.not_before is None or content.not_before <= self.now

    def _stands_in(self) -> bool:
        return self.book.standing_in and "olive" in self.book.roles

    # --- what people do -------------------------------------------------------------------------------------------

    def tried(self, do: Callable[[], Any]) -> Any:
        """What an action gives, or None when the desk says no."""
        try:
            with transaction.atomic():
                return do()
        except REFUSALS:
            return None

    def acts(self, *states: str) -> list[Act]:
        """In the order they were written: their keys are random, and hypothesis wants the same run twice."""
        rows = Act.objects.filter(state__in=states) if states else Act.objects.all()
        return sorted(rows.select_related("author"), key=self.place)

    def place(self, act: Act) -> int:
        return int(act.subject.partition(":")[2])

    def one(self, data: Any, *states: str) -> Act | None:
        rows = self.acts(*states)
        return data.draw(st.sampled_from(rows)) if rows else None

    @rule(
        text=st.sampled_from(TEXTS),
        by=st.sampled_from(["sam", "olive"]),
        kind=st.sampled_from(["news", "event"]),
        wait=st.sampled_from([None, 5, 90]),
        window=st.sampled_from([None, 600]),
    )
    def write(self, text: str, by: str, kind: str, wait: int | None, window: int | None) -> None:
        start = self.now + timedelta(minutes=wait) if wait else None
        end = start + timedelta(minutes=window) if start and window else None
        content = self.desk.content(text, not_before=start, not_after=end)
        subject = f"variant:{Act.objects.count() + 1}"
        made = self.tried(
            lambda: actions.submit(content, subject=subject, by=self.who[by], at=self.now, post_kind=kind)
        )
        if made:
            self.book.wrote[str(made.pk)] = {by}
            self.book.kinds[str(made.pk)] = kind

    @rule(data=st.data(), text=st.sampled_from(TEXTS), by=st.sampled_from(["sam", "olive"]))
    def edit(self, data: Any, text: str, by: str) -> None:
        act = self.one(data)
        if act is None:
            return
        before = act.digest
        content = self.desk.content(text, not_before=from_json(act.content).not_before)
        done = self.tried(lambda: actions.amend(act, content, by=self.who[by], at=self.now))
        if done and done.digest != before:
            self.book.wrote[str(act.pk)].add(by)
            self._forget(act)
        elif done and act.state not in ("to_sign_off", "signed_off"):
            self._forget(act)

    def _forget(self, act: Act) -> None:
        """After a change every sign-off of the act is void, also of the words it had before."""
        for key in [key for key in self.book.agreed if key[0] == str(act.pk)]:
            del self.book.agreed[key]

    @rule(data=st.data(), by=st.sampled_from(["olive", "nell", "lead", "dot", "sam"]))
    def sign(self, data: Any, by: str) -> None:
        act = self.one(data)
        if act and self.tried(lambda: actions.sign_off(act, digest=act.digest, by=self.who[by], at=self.now)):
            self.book.agreed.setdefault((str(act.pk), act.digest), set()).add(by)

    def sign_one_after_another(self, data: Any, who: list[str]) -> None:
        act = self.one(data, "to_sign_off")
        for name in who if act else ():
            assert act is not None
            if self.tried(lambda: actions.sign_off(act, digest=act.digest, by=self.who[name], at=self.now)):  # noqa: B023  # called at once
                self.book.agreed.setdefault((str(act.pk), act.digest), set()).add(name)

    @rule(data=st.data())
    def ask_outside(self, data: Any) -> None:
        act = self.one(data, "to_sign_off")
        if act is None:
            return
        asked = self.tried(
            lambda: outside.invite(
                act, name="Lee", email="lee@law.example.org", digest=act.digest, by=self.desk.officer, at=self.now
            )
        )
        if asked:
            self.book.outside.add(str(act.pk))

    @rule(data=st.data())
    def answer_outside(self, data: Any) -> None:
        rows = list(Invitation.objects.filter(ended_at=None).select_related("act").order_by("pk"))
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))

        def go() -> SignOff:
            outside.send_code(row, at=self.now)
            row.refresh_from_db()
            outside.confirm(row, outside.code_of(row), at=self.now)
            return outside.sign(row, digest=row.digest, at=self.now)

        if self.tried(go):
            self.book.agreed.setdefault((str(row.act_id), row.digest), set()).add("outside")

    @rule(data=st.data())
    def take_back_from_outside(self, data: Any) -> None:
        rows = list(Invitation.objects.filter(ended_at=None).order_by("pk"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            if self.tried(lambda: outside.revoke(row, by=self.desk.officer, at=self.now) or True):
                left = Act.objects.get(pk=row.act_id).steps
                if not any(step["outside"] for step in left):
                    self.book.outside.discard(str(row.act_id))

    @rule(data=st.data(), text=st.sampled_from(TEXTS))
    def suggest_and_take(self, data: Any, text: str) -> None:
        act = self.one(data, "to_sign_off")
        if act is None:
            return
        before = act.digest
        made = self.tried(lambda: suggesting.suggest(act, text, digest=before, by=self.desk.officer, at=self.now))
        if isinstance(made, Suggestion):
            done = self.tried(lambda: suggesting.take(made, by=act.author, at=self.now))
            if done and done.digest != before:
                self._forget(act)

    @rule(data=st.data(), minutes=st.sampled_from([1, 20, 400]))
    def move(self, data: Any, minutes: int) -> None:
        act = self.one(data)
        if act is None:
            return
        before = act.digest
        self.tried(lambda: move(act, to=self.now + timedelta(minutes=minutes), by=act.author, at=self.now))
        act.refresh_from_db()
        if act.digest != before:
            self._forget(act)

    @rule(data=st.data(), by=st.sampled_from(["olive", "nell", "lead"]))
    def decline(self, data: Any, by: str) -> None:
        act = self.one(data, "to_sign_off")
        if act and self.tried(lambda: actions.decline(act, reason="No.", by=self.who[by], at=self.now) or True):
            self._forget(act)

    @rule()
    def stand_in(self) -> None:
        made = self.tried(
            lambda: deputies.appoint(
                self.desk.officer,
                self.who["dot"],
                starts=self.now,
                until=self.now + timedelta(days=300),
                by=self.desk.officer,
                at=self.now,
            )
        )
        self.book.standing_in |= made is not None

    @precondition(lambda self: self.book.standing_in)
    @rule()
    def end_standing_in(self) -> None:
        for row in Deputy.objects.filter(ended_at=None):
            deputies.end(row, by=row.deputy, at=self.now)
        self.book.standing_in = False
        for names in self.book.agreed.values():
            names.discard("dot")

    @rule(who=st.sampled_from(["nell", "lead"]))
    def lose_the_role(self, who: str) -> None:
        for row in Holding.objects.in_force(self.now).filter(person=self.who[who]):
            people.end_role(row, by=self.desk.officer, at=self.now)
        self.book.roles.discard(who)

    @rule(who=st.sampled_from(["nell", "lead"]))
    def get_the_role(self, who: str) -> None:
        role = {"nell": "communications", "lead": "staff_abuse"}[who]
        people.give_role(self.who[who], Role.objects.get(pk=role), by=SYSTEM, at=self.now)
        self.book.roles.add(who)

    @rule(name=st.sampled_from(sorted(POLICIES)))
    def adopt(self, name: str) -> None:
        with_chains(POLICIES[name], at=self.now)
        self.book.policy = name

    @rule()
    def hold(self) -> None:
        self.tried(lambda: holds.hold(reason="A fire.", by=self.desk.officer, at=self.now))

    @rule()
    def end_hold(self) -> None:
        for row in Hold.objects.filter(ended_at=None):
            holds.end_hold(row, by=self.desk.officer, at=self.now)

    # --- time, workers, crashes -----------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 6, 29, 60, 60 * 26]))
    def jump(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def work(self, answer: Callable[[], Answer], crash: str) -> None:
        self.claim()
        self.send(answer, crash)

    def core(self, data: Any) -> None:
        """What must happen often for anything to leave at all. Three rules: hypothesis leaves some out of every run."""
        self.sign_one_after_another(data, data.draw(st.permutations(["olive", "nell", "lead", "dot"])))
        self.work(data.draw(st.sampled_from(ANSWERS)), data.draw(st.sampled_from(["no", "no", "before", "after"])))

    @rule(data=st.data())
    def core_one(self, data: Any) -> None:
        self.core(data)

    @rule(data=st.data())
    def core_two(self, data: Any) -> None:
        self.core(data)

    @rule(data=st.data(), text=st.sampled_from(TEXTS), kind=st.sampled_from(["news", "event"]))
    def core_three(self, data: Any, text: str, kind: str) -> None:
        self.write(text, "sam", kind, None, None)
        self.core(data)

    @rule()
    def claim(self) -> None:
        self.claims += sending.claim(worker="w", at=self.now, lease=timedelta(minutes=2))

    @rule(answer=st.sampled_from(ANSWERS), crash=st.sampled_from(["no", "before", "after"]))
    def send(self, answer: Callable[[], Answer], crash: str) -> None:
        self.answer = answer
        claims, self.claims = sorted(self.claims, key=lambda one: self.place(one.act)), []
        for claimed in claims:
            if crash == "before":
                continue
            result = sending.send(claimed)
            if crash == "no":
                settling.settle([(claimed, result)], at=self.now)

    @rule()
    def sweep(self) -> None:
        looking.sweep(at=self.now)
        looking.look(at=self.now)

    @rule()
    def tend(self) -> None:
        waiting.tend(by=SYSTEM, at=self.now)

    @invariant()
    def every_attempt_had_its_sign_offs(self) -> None:
        for attempt in Attempt.objects.select_related("sign_off"):
            assert attempt.digest == attempt.sign_off.digest
