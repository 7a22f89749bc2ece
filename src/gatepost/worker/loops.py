"""The worker's loops: each does one thing again and again, waits for the database when it is away, and ends on stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.gate.beats import alarm, beat, farewell, hold_line
from gatepost.gate.correcting import expire
from gatepost.gate.holds import watch_ends
from gatepost.gate.looking import look, sweep
from gatepost.gate.rechecking import recheck
from gatepost.gate.uploading import Job, bring_up, keep, take, throw_away
from gatepost.gate.waiting import tend
from gatepost.inbox import attachments, coverage, deliveries, rereading, silence
from gatepost.inbox.alarm_letters import gather
from gatepost.inbox.alarms import press
from gatepost.inbox.assigning import share_out
from gatepost.inbox.blocking import end_due
from gatepost.inbox.calling import ring
from gatepost.inbox.intake import CALLED_PAUSE, called_networks
from gatepost.inbox.models import Delivery
from gatepost.inbox.personal import gone, retention
from gatepost.inbox.referral_chasing import chase
from gatepost.inbox.snoozing import wake_due
from gatepost.ledger.actions import System, seal
from gatepost.publishing import archive, link_checks
from gatepost.rulebook.actions import begin_planned
from gatepost.rulebook.lines import remind
from gatepost.worker.dispatcher import Dispatcher

log = logging.getLogger("gatepost.worker")

LOOKERS = 4
UPLOADERS = 2
SELDOM = 5.0  # seconds: who waits this long gives the connection back meanwhile


def forever(name: str, step: Callable[[], float], stop: threading.Event) -> None:
    """Calls `step` until `stop`; it returns the seconds to wait. A database that is away is waited for; any other
    failure is logged by kind alone (its text may hold what people wrote) and the loop goes on."""
    while not stop.is_set():
        pause = 2.0
        try:
            close_old_connections()
            pause = step()
            if pause >= SELDOM:  # a connection kept open is some 18 MB of the database server's
                connection.close()
        except (OperationalError, InterfaceError):
            log.warning("%s: the database is away; trying again", name)
            connection.close()
        except Exception as error:
            log.error("%s: %s at %s", name, type(error).__name__, _where(error))
        stop.wait(pause)
    connection.close()


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def each(*steps: Callable[[], int]) -> int:
    """Does all of these, whatever goes wrong with one; then the first failure is raised. Returns their sum."""
    done, failed = 0, None
    for step in steps:
        try:
            done += step()
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return done


class Pulse:
    """This worker's sign of life: a row now and then, and a lock that the database lets go of when the worker dies."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher, self.started = dispatcher, timezone.now()

    def step(self) -> float:
        connection.ensure_connection()
        connection.close_at = None  # this one holds the lock: it is not renewed like others
        hold_line(self.dispatcher.worker)
        one = self.dispatcher
        beat(one.worker, started=self.started, at=timezone.now(), sent=one.sent, swept=one.swept)
        alarm(by=System("pulse"), at=timezone.now())
        return 3.0


class Looking:
    """Attempts of workers that have gone, and what is unconfirmed; each channel is asked beside the others."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(LOOKERS, thread_name_prefix="look")

    def step(self) -> float:
        at = timezone.now()
        swept = sweep(at=at)
        looked = look(at=at, together=self._together)
        return 0.1 if swept or looked else 1.0

    def _together(self, steps: Sequence[Callable[[], None]]) -> None:
        wait([self.pool.submit(_looked, step) for step in steps])


def _looked(step: Callable[[], None]) -> None:
    """One channel's lookups. What goes wrong with one is logged and is looked for again; it stops no other."""
    try:
        close_old_connections()
        step()
    except Exception as error:
        log.error("looking: %s at %s", type(error).__name__, _where(error))
        connection.close()


class Uploading:
    """Pictures and films go up before their posts, of one channel one after another. A thread that the worker's end
    cuts off leaves a file that no post names."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.running: dict[int, threading.Thread] = {}

    def step(self) -> float:
        at = timezone.now()
        self.running = {channel: thread for channel, thread in self.running.items() if thread.is_alive()}
        throw_away(at=at)
        free = UPLOADERS - len(self.running)
        for job in take(worker=self.worker, at=at, limit=free, passing=list(self.running)) if free else ():
            thread = threading.Thread(target=_brought_up, args=(job,), name="upload", daemon=True)
            self.running[job.act.channel_id] = thread
            thread.start()
        return 0.5 if self.running else SELDOM


def _brought_up(job: Job) -> None:
    """What goes wrong is logged; the file is brought up again when its lease is over."""
    try:
        keep(job, bring_up(job), at=timezone.now())
    except Exception as error:
        log.error("uploading: %s at %s", type(error).__name__, _where(error))
    connection.close()


def sharing() -> float:
    """What was put off comes back in time, and what nobody has goes to those on duty."""
    at = timezone.now()
    wake_due(by=System("rota"), at=at)
    return 1.0 if share_out(at=at) else 5.0


def expiring() -> float:
    """What has reached its end is taken down or lifted; holds whose end has come end, or people hear of them."""
    how: Any = {"by": System("expiry"), "at": timezone.now()}
    each(partial(expire, **how), partial(end_due, **how), partial(watch_ends, by=System("holds"), at=how["at"]))
    return 5.0


def rechecking() -> float:
    """What is out is looked at again, a few at a time."""
    return 2.0 if recheck(at=timezone.now()) else 15.0


def sealing() -> float:
    seal(at=timezone.now())
    return 5.0


def waiting() -> float:
    """Reminds of what waits for a sign-off, escalates it, and ends what was not signed in time."""
    tend(by=System("gate"), at=timezone.now())
    return 20.0


def adopting() -> float:
    """Planned adoptions take hold when their time has come."""
    begin_planned(by=System("rulebook"), at=timezone.now())
    return 5.0


def pressing() -> float:
    """An alarm that nobody has taken rings the on-call phone, and is told to everybody who answers for the channels."""
    at = timezone.now()
    how: Any = {"by": System("alarms"), "at": at}
    each(partial(ring, **how), partial(gather, at=at), partial(press, **how))
    return 10.0


def reminding() -> float:
    """Owners of approved lines are written to before the day of review."""
    return 60.0 if remind(by=System("reminder"), at=timezone.now()) else 900.0


class Archiving:
    """Keeps what was sent and no job has kept: once everything there is, then what is new."""

    def __init__(self) -> None:
        self.since: timedelta | None = None

    def step(self) -> float:
        by, at = System("archive"), timezone.now()
        seen = archive.keep_sightings(by=by, at=at)
        if archive.sweep(by=by, at=at, since=self.since) or seen:
            return 1.0
        self.since = timedelta(days=7)
        return 60.0


def chasing() -> float:
    """Departments that have not answered are reminded, and those above them told."""
    chase(by=System("referrals"), at=timezone.now())
    return 20.0


def polling() -> float:
    """Asks for every live channel to be read whose turn has come. The practice town is read every few seconds."""
    at = timezone.now()
    usual = at - timedelta(seconds=settings.POLL_SECONDS)
    quick = at - timedelta(seconds=min(3, settings.POLL_SECONDS))
    turn = Q(last_read_at=None) | Q(last_read_at__lte=usual) | Q(practice=True, last_read_at__lte=quick)
    waits = Exists(Delivery.objects.filter(channel=OuterRef("pk"), read_at=None, failed=""))
    turn |= Q(waits, network__in=called_networks(), last_read_at__lte=at - CALLED_PAUSE)
    ready = Q(read_after=None) | Q(read_after__lte=at)
    for channel in (
        Channel.objects.filter(turn, ready, state="live").exclude(network="by_hand").values_list("pk", flat=True)
    ):
        jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel, once=f"read:{channel}", lock=f"read:{channel}")
    return 1.0


def asking_again() -> float:
    """Messages that are still worked on are read a second time, a few of each channel in its own turn of reading."""
    for channel in rereading.due(at=timezone.now()):
        jobs.enqueue(jobs.Job.REREAD, channel=channel, once=f"reread:{channel}", lock=f"read:{channel}")
    return 10.0


def forgetting() -> float:
    """Calls of networks that have long been read are taken out, and files that no message holds any more."""
    at = timezone.now()
    return 2.0 if each(partial(deliveries.forget_old, at=at), partial(attachments.sweep, at=at)) else 600.0


def erasing() -> float:
    """What has been kept long enough is deleted, when somebody has agreed to the periods."""
    return 5.0 if retention.carry_out(by=System("retention"), at=timezone.now()) else 600.0


def gone_elsewhere() -> float:
    """Networks that want what was deleted there deleted here are asked what is gone."""
    return 5.0 if gone.look(at=timezone.now()) else 300.0


def listening() -> float:
    """Is a channel quieter than it usually is at this time, or can it not be read? Its people are told."""
    how: dict[str, Any] = {"by": System("coverage"), "at": timezone.now()}
    each(partial(coverage.listen_to_all, **how), partial(silence.look, **how))
    return 300.0


def following() -> float:
    """The links of what leaves soon are followed once more; the gate reads what was seen and waits for no website."""
    link_checks.before_leaving(at=timezone.now())
    return 30.0


@contextmanager
def running(worker: str, stop: threading.Event) -> Iterator[None]:
    """All loops, each in a thread of its own, until the block ends."""
    dispatcher, looking = Dispatcher(worker, stop), Looking()
    steps: list[tuple[str, Callable[[], float]]] = [
        ("pulse", Pulse(dispatcher).step),
        ("dispatcher", dispatcher.step),
        ("looking", looking.step),
        ("uploading", Uploading(worker).step),
        ("sealing", sealing),
        ("polling", polling),
        ("archiving", Archiving().step),
        ("reminding", reminding),
        ("adopting", adopting),
        ("waiting", waiting),
        ("expiring", expiring),
        ("sharing", sharing),
        ("pressing", pressing),
        ("rechecking", rechecking),
        ("following", following),
        ("asking again", asking_again),
        ("forgetting", forgetting),
        ("erasing", erasing),
        ("gone elsewhere", gone_elsewhere),
        ("listening", listening),
        ("chasing", chasing),
    ]
    threads = [threading.Thread(target=forever, args=(name, step, stop), name=name) for name, step in steps]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
        dispatcher.finish()
        with suppress(OperationalError, InterfaceError):
            farewell(worker)
        connection.close()
        looking.pool.shutdown(wait=True)
