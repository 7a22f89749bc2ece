"""Lines of the record in words people use, with the names of whoever did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.web.frame.places import address

VERBS = {
    "act.submitted": "put before the gate",
    "act.signed_off": "signed off",
    "act.step_signed": "signed, one step of several",
    "act.expired": "not signed in time",
    "act.moved": "moved inside its window",
    "act.reminded": "somebody reminded to sign",
    "act.escalated": "told to those above: nobody has signed",
    "act.suggested": "other words suggested",
    "act.suggestion_taken": "suggested words taken",
    "act.suggestion_left": "suggested words left",
    "outside.asked": "somebody outside asked to sign",
    "outside.code_sent": "code sent to somebody outside",
    "outside.confirmed": "somebody outside confirmed their address",
    "outside.revoked": "request to somebody outside taken back",
    "deputy.appointed": "deputy appointed",
    "deputy.ended": "deputy's term ended early",
    "person.away": "down as away",
    "person.back": "back",
    "passkey.registered": "passkey registered",
    "passkey.revoked": "passkey removed",
    "act.kept_back": "kept back after a hold",
    "act.kept": "kept after a hold",
    "act.sent_back": "sent back after a hold",
    "hold.extended": "hold given another end",
    "hold.overdue": "hold was to end and goes on",
    "crisis.declared": "crisis declared",
    "crisis.ended": "crisis ended",
    "published.gone": "found removed elsewhere",
    "published.changed": "found changed elsewhere",
    "published.online": "found as it was signed off",
    "worker.silent": "a worker fell silent",
    "act.declined": "declined",
    "act.amended": "changed",
    "act.voided": "sign-off made void",
    "act.claimed": "taken up for sending",
    "act.given_back": "given back unsent",
    "act.delayed": "delayed: the network asked to wait",
    "act.sent": "sent",
    "act.part_sent": "a part sent",
    "act.cut": "the rest held back for good",
    "published.part_gone": "a part found removed elsewhere",
    "published.part_changed": "a part found changed elsewhere",
    "act.refused": "refused by the network",
    "act.lost_sight": "unconfirmed: the network did not answer",
    "act.not_there": "looked for and not found",
    "act.taken_after_all": "taken by the network after all",
    "act.missed": "missed its time",
    "act.sent_late": "let go late by a person",
    "act.withdrawn": "withdrawn",
    "sign_off.voided": "sign-off made void",
    "standing.signed": "standing sign-off given",
    "standing.revoked": "standing sign-off revoked",
    "hold.made": "hold made",
    "hold.ended": "hold ended",
    "message.arrived": "arrived and was read by the policy",
    "message.recorded_by_hand": "recorded by hand",
    "attachment.opened": "attachment opened by a person",
    "message.edited": "changed on the network",
    "message.gone": "taken off the network by somebody else",
    "message.back": "back on the network",
    "message.reply_submitted": "answer submitted",
    "message.answered": "answered",
    "message.reply_failed": "answer did not go out",
    "message.referred": "referred",
    "message.label_corrected": "said to have been read wrongly",
    "message.decided_anew": "decided anew by the policy, after a correction",
    "message.assigned": "given to a colleague",
    "message.unassigned": "given back to nobody",
    "message.labelled": "labelled",
    "message.unlabelled": "label taken off",
    "message.snoozed": "put off",
    "message.woken": "back in the list",
    "message.noted": "note added",
    "message.note_struck": "note struck",
    "message.merged": "joined to another conversation",
    "message.split": "parted as another matter",
    "message.turned": "turned into a referral instead of a public answer",
    "message.put_back": "a change undone",
    "message.unclosed_answering": "closing undone",
    "message.unclosed_answered": "closing undone",
    "message.unclosed_referred": "closing undone",
    "message.unopened_answered": "opening undone",
    "messages.changed": "several messages changed at once",
    "messages.change_undone": "a change undone",
    "contact.linked": "two accounts linked as one person's",
    "contact.unlinked": "an account parted from another",
    "label.made": "label made",
    "label.ended": "label ended",
    "saved_view.kept": "filter saved",
    "saved_view.ended": "filter removed",
    "duty.begun": "put on duty",
    "duty.ended": "taken off duty",
    "message.closed": "closed",
    "message.reopened": "opened again",
    "message.hidden": "hidden",
    "message.shown": "shown again",
    "message.removed": "removed",
    "message.passed_on": "passed on",
    "message.erased": "words and person erased",
    "person.looked_for": "everything about somebody looked for",
    "person_request.made": "begun",
    "person_request.chosen": "what belongs to it chosen",
    "person_request.exported": "file made for the person",
    "person_request.erased": "what the person wrote erased",
    "person_request.closed": "ended",
    "legal_hold.made": "made: what it covers is not deleted",
    "legal_hold.ended": "ended",
    "retention.agreed": "periods agreed to and carried out",
    "retention.stopped": "no longer carried out",
    "retention.deleted": "deleted, its time was over",
    "details.shown": "personal details shown to a person",
    "evidence.kept": "evidence kept",
    "referral.sent": "e-mail to the department sent",
    "referral.failed": "e-mail to the department failed",
    "referral.answered": "department's answer recorded",
    "case.opened": "case opened",
    "case.step_taken": "step of a case taken",
    "case.extended": "time of a case made longer",
    "case.paused": "clock of a case stands still",
    "case.resumed": "clock of a case runs on",
    "case.closed": "case closed",
    "case.reopened": "case opened again",
    "case.bundled": "bundle of a case made",
    "case.handed_over": "case handed over to another system",
    "handover.sent": "other system took the case",
    "handover.failed": "other system did not take the case yet",
    "handover.refused": "other system refused the case",
    "handover.again": "case sent to the other system again",
    "receiver.connected": "other system connected",
    "receiver.ended": "other system disconnected",
    "referral.asked": "department asked us something",
    "referral.told": "department's question answered",
    "referral.handed_back": "department handed it back",
    "referral.reopened": "department asked again",
    "referral.opened": "department opened its page",
    "referral.taken": "department said that it has it",
    "referral.reminded": "department reminded",
    "referral.overdue": "department told that it is late",
    "referral.escalated": "told to those above: no answer from a department",
    "referral.unconfirmed": "told to those above: nobody has confirmed an emergency",
    "referral.automatic_reply": "automatic reply to a referral's e-mail",
    "referral.written_to": "department wrote again",
    "details.passed_on": "referred with the personal details",
    "channel.connected": "connected",
    "channel.reconnected": "credentials replaced",
    "channel.signed_off": "signed off for use",
    "channel.paused": "paused",
    "channel.resumed": "resumed",
    "channel.closed": "closed",
    "channel.for_whom": "said whom it is for",
    "channel.gap": "was not read for a time",
    "channel.gap_filled": "what was said meanwhile has been read",
    "channel.gap_settled": "somebody looked on the network itself",
    "channel.quiet": "quieter than usual",
    "channel.heard_again": "heard again",
    "channel.read_again": "to be read once more",
    "channel.was_read_again": "read once more",
    "channel.calls_again": "calls that could not be read are tried again",
    "channel.ill": "stopped answering",
    "channel.well": "answers again",
    "approval.given": "a person approved to write",
    "approval.ended": "an approval ended",
    "person.added": "added to the desk",
    "person.introduced": "gave their name and address",
    "person.left": "left the desk",
    "role.given": "given to a person",
    "role.ended": "taken from a person",
    "sign_in.link_made": "one-time link made",
    "sign_in.link_used": "signed in by one-time link",
    "password.changed": "password changed",
    "token.made": "API key made",
    "token.revoked": "API key revoked",
    "policy.adopted": "policy adopted",
    "policy.planned": "planned to come into force",
    "policy.began": "came into force as planned",
    "policy.withdrawn": "planned adoption called off",
    "policy.rolled_back": "adopted again: the policy was rolled back",
    "policy.shadowed": "tried beside the policy in force",
    "readers.trained": "learnt from corrections, put to no use yet",
    "readers.accepted": "what the readers learnt is in use",
    "readers.undone": "readers are as shipped again",
    "policy.shadow_ended": "trial beside the policy ended",
    "draft.begun": "begun",
    "draft.saved": "a change saved",
    "draft.put_away": "put away",
    "draft.adopted": "adopted as the policy",
    "trial.asked": "run over the last month",
    "trial.ended": "run over the last month: done",
    "import.asked": "written policy handed in",
    "import.ended": "written policy read",
    "import.accepted": "made a draft",
    "post.saved": "saved",
    "post.moved": "given another time",
    "post.submitted": "submitted for sign-off",
    "post.withdrawn": "withdrawn",
    "posts.brought_in": "brought in from a file",
    "post.repeated": "copied for the times it comes again",
    "post.commented": "a comment added",
    "post.comment_settled": "a comment dealt with",
    "template.kept": "kept as a template",
    "template.ended": "template no longer offered",
    "media.added": "picture or film added",
    "media.described": "described",
    "media.subtitled": "subtitles added",
    "media.unsubtitled": "subtitles taken away",
    "consent.given": "consent noted",
    "consent.read": "signed form of a consent read",
    "consent.withdrawn": "consent withdrawn",
    "calendar.feed_made": "address for other calendars made",
    "calendar.feed_revoked": "address for other calendars revoked",
    "archive.kept": "kept in the archive",
    "archive.added": "what became of it kept in the archive",
    "archive.exported": "copy of the archive taken",
    "campaign.saved": "planned or changed",
    "campaign.closed": "closed",
    "campaign.deleted": "deleted",
    "line.set": "set",
    "line.reviewed": "looked over and kept",
    "line.ended": "ended",
    "line.reminded": "its owner reminded of the review",
    "vault.rotated": "credentials locked up under a new key",
}
PAGES = {
    "message": "message",
    "post": "post",
    "channel": "channel",
    "person": "person",
    "referral": "referral",
    "case": "case",
    "person_request": "peoples_data_request",
}
PARTS = {
    "hold": "Hold",
    "act": "Act",
    "token": "API key",
    "standing": "Standing sign-off",
    "pack": "Policy",
    "line": "Approved line",
    "feed": "Calendar address",
    "draft": "Draft of the policy",
    "trial": "Trial",
    "import": "Import",
    "template": "Template",
    "person_request": "Request",
    "legal_hold": "Legal hold",
    "retention": "Periods",
    "people": "People’s data",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    line: Line
    who: str
    what: str
    subject: str  # "Message 8"
    url: str


def spoken(lines: Iterable[Line]) -> list[Spoken]:
    """Lines with the names of people, asking once for all of them."""
    rows = list(lines)
    numbers = {int(row.actor[7:]) for row in rows if row.actor.startswith("person:") and row.actor[7:].isdecimal()}
    names = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    return [Spoken(row, _who(row.actor, names), _what(row.verb), *_subject(row.subject)) for row in rows]


def _who(actor: str, names: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "person" and number.isdecimal():
        return names.get(int(number), f"person {number}")
    if kind == "outside":
        return "somebody outside"
    if kind == "department":
        return f"the department of referral {number}"
    return f"the desk ({number})" if kind == "system" else actor


def _what(verb: str) -> str:
    return VERBS.get(verb, verb.replace(".", " ").replace("_", " "))


def _subject(subject: str) -> tuple[str, str]:
    kind, _, number = subject.partition(":")
    if kind == "role":
        return number.replace("_", " ").capitalize(), address("people")
    if kind == "act":
        return f"Act {number[:8]}", address("sign_off_act", number)
    words = f"{PARTS.get(kind, kind.replace('_', ' ').capitalize())} {number}".strip()
    page = PAGES.get(kind)
    return words, address(page, int(number)) if page and number.isdecimal() else ""
