"""The same desk in a world in which things stay: posts of several parts, edits and deletions of what is out, ends that
were signed with a post, pictures that go up before it, and crises."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from gatepost.gate import actions as gate
from gatepost.gate import correcting, crisis, review, sending, settling, uploading
from gatepost.gate.content import MediaRef, Part, from_json
from gatepost.gate.media import put
from gatepost.gate.models import Act, Crisis, Hold, Published, SignOff
from gatepost.gate.parts import next_write
from gatepost.gate.states import OPEN
from gatepost.networks.protocol import Answer, MediaFile, Outgoing, Receipt, UploadAnswer, Uploaded

from .any_desk import ANSWERS, TEXTS, Desks
from .scene import SYSTEM

DATA = b"a picture"
PICTURE = MediaRef(hashlib.sha256(DATA).hexdigest(), "image/png", "The hall", "hall.png", 1200, 800, len(DATA))


class Worlds(Desks):
    @initialize()
    def begin(self) -> None:
        super().begin()
        put(DATA)
        self.number = 0
        self.desk.wire.edit = self.publish  # type: ignore[attr-defined]  # the test looks on where the network is
        self.desk.wire.remove = self.removed  # type: ignore[method-assign]  # as above
        self.desk.wire.upload_unseen = self.uploaded  # type: ignore[attr-defined]  # as above
        self.desk.wire.forget_unseen = self.forgotten  # type: ignore[attr-defined]  # as above
        self.ups: dict[str, tuple[str, str]] = {}  # what went up, for which act and digest
        self.saw: dict[tuple[str, str], str] = {}  # what was out when this deletion was first signed
        self.lost: set[str] = set()

    # --- where the network is -------------------------------------------------------------------------------------

    def removed(self, ref: str) -> Answer:
        return self.publish(Outgoing(key=str(self.current.pk), kind="delete", target=ref))

    def uploaded(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        act = Act.objects.get(pk=key[:36])
        try:
            self._judge_signers(act)
            assert not Hold.objects.filter(ended_at=None).exists()
        except AssertionError as error:
            self.wrong = error
        self.number += 1
        self.ups[f"m{self.number}"] = (str(act.pk), act.digest)
        return Uploaded(f"m{self.number}")

    def forgotten(self, file: MediaFile) -> Answer:
        self.lost.add(file.ref)
        return Receipt(file.ref)

    def judge(self, call: Outgoing) -> None:
        act = Act.objects.select_related("channel").get(pk=self.current.pk)
        wanted = next_write(act, from_json(act.content))
        assert (call.text, call.target) == (wanted.text, wanted.target)
        self._judge_signers(act)
        for file in filter(lambda file: file.ref, call.media):  # only what went up for exactly this content
            assert self.ups[file.ref] == (str(act.pk), act.digest)
            assert file.ref not in self.lost
        if act.kind != "delete":  # taking down goes on while a hold stands
            assert not Hold.objects.filter(ended_at=None).exists()
        if act.kind == "delete" and not act.parts_out:  # as those saw it who signed
            assert correcting.words_out(act) == self.saw.get((str(act.pk), act.digest), correcting.words_out(act))
        if act.kind == "edit":
            assert not Act.objects.filter(subject=act.subject, kind="delete", state__in=OPEN).exists()
            item = Published.objects.get(pk=act.subject.removeprefix("act:"))
            assert wanted.target in {item.ref, *item.parts.values_list("ref", flat=True)}
        assert wanted.not_before is None or wanted.not_before <= self.now
        assert wanted.expires_at is None or self.now < wanted.expires_at

    @invariant()
    def deletions_are_of_what_was_seen(self) -> None:
        """What every deletion is of when it is first signed; the network's side compares."""
        signed = SignOff.objects.filter(act__kind="delete", act__state__in=OPEN, voided_at=None).select_related("act")
        now = {(str(one.act_id), one.digest): one.act for one in signed}
        self.saw = {key: self.saw.get(key, correcting.words_out(act)) for key, act in now.items()}

    def _judge_signers(self, act: Act) -> None:
        book, key = self.book, str(act.pk)
        signers = set(book.agreed.get((key, act.digest), set()))
        if post := act.context.get("expiry_of"):  # whoever signed the post saw its end
            signers |= book.agreed.get((post, Act.objects.get(pk=post).digest), set())
            book.wrote.setdefault(key, set(book.wrote[post]))
            book.kinds.setdefault(key, book.kinds[post])
        signers -= book.wrote[key]
        able = {one for one in signers if one == "outside" or one in book.roles or (one == "dot" and self._stands_in())}
        comms = able & {"olive", "nell", "dot"}
        if Crisis.objects.filter(ended_at=None).exists():  # its own approvers take the place of the policy's chains
            assert comms, (signers, book)
            return
        assert len(comms) >= (2 if book.policy == "pairs" else 1), (signers, book)
        if book.policy == "events" and book.kinds[key] == "event":
            assert "lead" in able, (signers, book)

    @rule(answer=st.sampled_from(ANSWERS), crash=st.sampled_from(["no", "before", "after"]))
    def send(self, answer: Callable[[], Answer], crash: str) -> None:
        claims, self.claims = sorted(self.claims, key=lambda one: self.place(one.act)), []
        for claimed in claims:
            self.current = claimed.act
            self.answer = lambda: self._numbered(answer())
            if crash == "before":
                continue
            result = sending.send(claimed)
            if crash == "no":
                settling.settle([(claimed, result)], at=self.now)

    def _numbered(self, given: Answer) -> Answer:
        if not isinstance(given, Receipt):
            return given
        self.number += 1
        return Receipt(ref=f"r{self.number}")

    def place(self, act: Act) -> tuple[int, int, str]:  # type: ignore[override]  # of edits too, after their post
        kind, _, number = act.subject.partition(":")
        if kind == "variant":
            return int(number), 0, ""
        post = Act.objects.get(pk=number)
        return int(post.subject.partition(":")[2]), 1, f"{act.created_at.isoformat()} {act.kind}"

    # --- what people do -------------------------------------------------------------------------------------------

    @rule(more=st.integers(1, 3), stays=st.sampled_from([None, 3, 400]), kind=st.sampled_from(["news", "event"]))
    def write_parts(self, more: int, stays: int | None, kind: str) -> None:
        start = self.now + timedelta(minutes=1)
        content = self.desk.content(
            TEXTS[0],
            media=(PICTURE,),
            parts=tuple(Part(f"Part {number}.", (PICTURE,) if number else ()) for number in range(more)),
            not_before=start,
            expires_at=start + timedelta(minutes=stays) if stays else None,
        )
        subject = f"variant:{Act.objects.count() + 1}"
        made = self.tried(
            lambda: gate.submit(content, subject=subject, by=self.who["sam"], at=self.now, post_kind=kind)
        )
        if made:
            self._note(made, "sam", kind)

    @rule(crash=st.sampled_from([False, False, True]))
    def bring_up(self, crash: bool) -> None:
        uploading.throw_away(at=self.now)
        for job in uploading.take(worker="w", at=self.now, limit=9):
            answer = uploading.bring_up(job)
            if not crash:
                uploading.keep(job, answer, at=self.now)

    def _note(self, made: Act, by: str, kind: str) -> None:
        self.book.wrote[str(made.pk)] = {by}
        self.book.kinds[str(made.pk)] = kind

    @rule(data=st.data(), text=st.sampled_from(TEXTS), by=st.sampled_from(["sam", "olive"]))
    def change_what_is_out(self, data: Any, text: str, by: str) -> None:
        act = self.one(data, "sent")
        if act is None:
            return
        wish = {"text": text, "reason": "Another time.", "part": data.draw(st.integers(0, 2))}
        made = self.tried(lambda: correcting.edit(act, by=self.who[by], at=self.now, **wish))
        if made:
            self._note(made, by, act.post_kind)

    @rule(data=st.data(), by=st.sampled_from(["sam", "olive"]))
    def take_down_what_is_out(self, data: Any, by: str) -> None:
        act = self.one(data, "sent")
        if act is None:
            return
        part = data.draw(st.sampled_from([0, 0, 1]))
        made = self.tried(lambda: correcting.take_down(act, reason="Wrong.", by=self.who[by], at=self.now, part=part))
        if made:
            self._note(made, by, act.post_kind)

    @rule(data=st.data())
    def ask_for_it_again(self, data: Any) -> None:
        act = self.one(data, "declined", "refused", "expired")
        if act and self.tried(lambda: gate.amend(act, from_json(act.content), by=act.author, at=self.now)):
            self._forget(act)

    @rule()
    def ends_come(self) -> None:
        correcting.expire(by=SYSTEM, at=self.now)

    @rule(data=st.data())
    def keep_after_a_hold(self, data: Any) -> None:
        rows = [act for act in self.acts("signed_off") if act.review_id]
        if rows:
            act = data.draw(st.sampled_from(rows))
            self.tried(lambda: review.keep(act, by=self.desk.officer, at=self.now))

    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        act = self.one(data, "signed_off", "to_sign_off")
        if act:
            self.tried(lambda: gate.withdraw(act, by=self.desk.officer, at=self.now))

    @rule()
    def declare_a_crisis(self) -> None:
        self.tried(lambda: crisis.declare(reason="A fire.", by=self.desk.officer, at=self.now))

    @rule()
    def end_the_crisis(self) -> None:
        for row in Crisis.objects.filter(ended_at=None):
            self.tried(lambda: crisis.end(row, because="It is out.", by=self.desk.officer, at=self.now))  # noqa: B023
