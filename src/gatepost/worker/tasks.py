"""What each job of jobs.Job does. Tasks only find the row and call an action."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import close_old_connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gatepost.channels.models import Channel
from gatepost.gate import alarms, letters
from gatepost.gate.facts import LinkFact
from gatepost.gate.models import Act, Hold, Invitation, Published, Reminder
from gatepost.inbox import actions as inbox
from gatepost.inbox import (
    alarm_letters,
    attachments,
    calling,
    coverage,
    handovers,
    intake,
    moderating,
    outside_reading,
    referral_letters,
    referrals,
    rereading,
    silence,
    teaching,
    trials,
)
from gatepost.inbox.models import Alarm, AlarmCall, Attachment, HandOver, Message, Referral, ReferralLetter
from gatepost.jobs import Job
from gatepost.ledger.actions import System
from gatepost.people import links
from gatepost.people.models import SignInLink
from gatepost.publishing import archive, link_checks, picture_words, renditions, uploads
from gatepost.publishing import letters as post_letters
from gatepost.publishing.models import Media, Mention, Rendition, Upload
from gatepost.rulebook import imports
from gatepost.rulebook.models import PolicyImport, ReaderTraining, Trial

WORKER = System("worker")


@app.task(name=Job.READ_CHANNEL.value, retry=RetryStrategy(max_attempts=3, wait=5))
def read_channel(channel: int) -> None:
    close_old_connections()
    intake.read_channel(Channel.objects.get(pk=channel), at=timezone.now())


@app.task(name=Job.READ_AGAIN.value, retry=RetryStrategy(max_attempts=5, wait=60))
def read_again(channel: int, since: str) -> None:
    close_old_connections()
    found = Channel.objects.get(pk=channel)
    coverage.end_reading_again(
        found, datetime.fromisoformat(since), by=WORKER, at=timezone.now(), read=intake.read_again
    )


# What fails is asked about again in the next round.
@app.task(name=Job.REREAD.value)
def reread(channel: int) -> None:
    close_old_connections()
    rereading.reread(Channel.objects.get(pk=channel), at=timezone.now())


# A file that cannot be fetched is asked for again for some hours: pictures of networks appear late, and move.
@app.task(name=Job.FETCH_ATTACHMENT.value, retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def fetch_attachment(attachment: int) -> None:
    close_old_connections()
    found = Attachment.objects.select_related("message__channel").filter(pk=attachment).first()
    if found is not None:
        attachments.fetch_one(found, at=timezone.now())


# For about two and a half days, never more than 50 minutes apart: a mail server that is mended is found soon.
@app.task(name=Job.SEND_REFERRAL.value, retry=RetryStrategy(max_attempts=150, linear_wait=20))
def send_referral(referral: int) -> None:
    close_old_connections()
    referrals.send(Referral.objects.get(pk=referral), by=WORKER, at=timezone.now())


@app.task(name=Job.SEND_REFERRAL_LETTER.value, retry=RetryStrategy(max_attempts=150, linear_wait=20))
def send_referral_letter(letter: int) -> None:
    close_old_connections()
    row = ReferralLetter.objects.select_related("referral__message__channel", "note").get(pk=letter)
    referral_letters.send_letter(row, at=timezone.now())


# For about two days, never more than an hour apart: the other system may be down over a weekend's maintenance.
@app.task(name=Job.HAND_OVER.value, retry=RetryStrategy(max_attempts=100, linear_wait=40))
def hand_over(handover: int) -> None:
    close_old_connections()
    row = HandOver.objects.select_related("receiver", "case").get(pk=handover)
    handovers.send(row, by=WORKER, at=timezone.now())


# A reader that does not answer is asked again for some ten minutes; the message has long been kept and decided.
@app.task(name=Job.ASK_OUTSIDE.value, retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def ask_outside(message: int) -> None:
    close_old_connections()
    found = Message.objects.select_related("decision", "channel").get(pk=message)
    outside_reading.ask_about(found, by=WORKER, at=timezone.now())


# Somebody may be in danger: the first tries come within seconds, the later ones for about a day.
@app.task(name=Job.TELL_ALARM.value, retry=RetryStrategy(max_attempts=80, linear_wait=15))
def tell_alarm(alarm: int, everybody: bool) -> None:
    close_old_connections()
    alarm_letters.tell(Alarm.objects.get(pk=alarm), to_all=everybody, by=WORKER, at=timezone.now())


# A channel cannot be read, or nobody writes on it: what is not told within the hour is asked for again.
@app.task(name=Job.TELL_SILENCE.value, retry=RetryStrategy(max_attempts=15, linear_wait=30))
def tell_silence(channel: int) -> None:
    close_old_connections()
    silence.tell(Channel.objects.get(pk=channel), by=WORKER, at=timezone.now())


# Quick tries for a few minutes: the next call is asked for by then.
@app.task(name=Job.RING.value, retry=RetryStrategy(max_attempts=8, linear_wait=10))
def ring(call: int) -> None:
    close_old_connections()
    calling.send(AlarmCall.objects.select_related("alarm__message__channel", "line").get(pk=call), at=timezone.now())


@app.task(name=Job.HOLD_END.value, retry=RetryStrategy(max_attempts=20, linear_wait=30))
def hold_end(hold: int) -> None:
    close_old_connections()
    alarms.hold_end(Hold.objects.get(pk=hold), at=timezone.now())


@app.task(name=Job.OVERDUE.value, retry=RetryStrategy(max_attempts=20, linear_wait=30))
def overdue(act: str) -> None:
    close_old_connections()
    alarms.overdue(Published.objects.select_related("act", "channel").get(pk=UUID(act)), at=timezone.now())


@app.task(name=Job.WORKER_SILENT.value, retry=RetryStrategy(max_attempts=20, linear_wait=30))
def worker_silent(worker: str, since: str) -> None:
    close_old_connections()
    alarms.worker_silent(worker, datetime.fromisoformat(since), at=timezone.now())


@app.task(name=Job.ACT_SETTLED.value, retry=RetryStrategy(max_attempts=10, exponential_wait=2))
def act_settled(act: str) -> None:
    close_old_connections()
    settled = Act.objects.get(pk=act)
    inbox.act_settled(settled, by=WORKER, at=timezone.now())
    moderating.ruled_settled(settled, by=WORKER, at=timezone.now())
    archive.keep_act(settled, by=WORKER, at=timezone.now())  # last: what fails here, the sweep makes good


@app.task(name=Job.TRY_DRAFT.value, retry=RetryStrategy(max_attempts=3, wait=5))
def try_draft(trial: int) -> None:
    close_old_connections()
    trials.run(Trial.objects.get(pk=trial), by=WORKER, at=timezone.now())


@app.task(name=Job.READ_POLICY.value, retry=RetryStrategy(max_attempts=3, wait=5))
def read_policy(policy_import: int) -> None:
    close_old_connections()
    imports.read(PolicyImport.objects.get(pk=policy_import), by=WORKER, at=timezone.now())


@app.task(name=Job.TRAIN_READERS.value, retry=RetryStrategy(max_attempts=3, wait=5))
def train_readers(training: int) -> None:
    close_old_connections()
    teaching.run(ReaderTraining.objects.get(pk=training), by=WORKER, at=timezone.now())


@app.task(name=Job.SIGN_IN_LETTER.value, retry=RetryStrategy(max_attempts=10, linear_wait=30))
def sign_in_letter(link: int) -> None:
    close_old_connections()
    found = SignInLink.objects.select_related("person", "made_by").filter(pk=link).first()
    if found is not None:  # a newer one has taken its place
        links.send_letter(found, at=timezone.now())


# The first tries come quickly, for somebody waits; then for about half a day.
@app.task(name=Job.INVITE_OUTSIDE.value, retry=RetryStrategy(max_attempts=40, linear_wait=60))
def invite_outside(invitation: int) -> None:
    close_old_connections()
    letters.send_invitation(Invitation.objects.get(pk=invitation), at=timezone.now())


@app.task(name=Job.CODE_OUTSIDE.value, retry=RetryStrategy(max_attempts=5, wait=5))
def code_outside(invitation: int, number: int) -> None:
    close_old_connections()
    letters.send_code(Invitation.objects.get(pk=invitation), number=number, at=timezone.now())


@app.task(name=Job.REMIND_SIGNER.value, retry=RetryStrategy(max_attempts=10, linear_wait=60))
def remind_signer(reminder: int) -> None:
    close_old_connections()
    letters.send_reminder(Reminder.objects.get(pk=reminder), at=timezone.now())


@app.task(name=Job.TELL_MENTIONED.value, retry=RetryStrategy(max_attempts=20, linear_wait=60))
def tell_mentioned(mention: int) -> None:
    close_old_connections()
    found = Mention.objects.select_related("person", "comment__author").filter(pk=mention).first()
    if found is not None:  # the post, and its comments with it, may have gone
        post_letters.send_mention(found, at=timezone.now())


@app.task(name=Job.MAKE_MEDIA.value, retry=RetryStrategy(max_attempts=3, wait=10))
def make_media(upload: str) -> None:
    close_old_connections()
    found = Upload.objects.select_related("person", "media").filter(pk=upload).first()
    if found is not None:
        uploads.make_media(found, at=timezone.now())


@app.task(name=Job.MAKE_RENDITION.value, retry=RetryStrategy(max_attempts=3, wait=10))
def make_rendition(rendition: int) -> None:
    close_old_connections()
    found = Rendition.objects.select_related("original").filter(pk=rendition, sha256="").first()
    if found is not None:
        renditions.make_film(found)


@app.task(name=Job.READ_PICTURE.value, retry=RetryStrategy(max_attempts=3, wait=10))
def read_picture(media: str) -> None:
    close_old_connections()
    found = Media.objects.filter(pk=media).first()
    if found is not None:
        picture_words.look_for_words(found, at=timezone.now())


@app.task(name=Job.FOLLOW_LINK.value, retry=RetryStrategy(max_attempts=2, wait=10))
def follow_link(link: str) -> None:
    close_old_connections()
    found = LinkFact.objects.filter(pk=link).first()
    if found is not None:
        link_checks.follow(found, at=timezone.now())
