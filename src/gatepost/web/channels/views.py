"""The organisation's accounts: connecting, signing off, pausing, closing; their health; who may write for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gatepost.channels import actions
from gatepost.channels.checking import check_connection, may_check
from gatepost.channels.models import Approval, Channel
from gatepost.inbox.audiences import set_audiences
from gatepost.ledger.models import Line
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Receives
from gatepost.networks.registry import account_label, connectable, credential_fields, sign_ins, title, webhook_fields
from gatepost.networks.registry import connect as connector
from gatepost.people.authority import approves_staff, signs_off
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError
from gatepost.web.channels.forms import credentials_of, read, shown_again, way_in
from gatepost.web.frame.given import end_of_day, number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

ACCOUNTS = {"mailbox": "a mailbox", "press_feed": "a press feed", "x": "an X account"}

# Networks whose server somebody must name: what its address is called, and an example.
ADDRESSES = {
    "wordpress": ("Address of the site", "https://www.example.org"),
    "press_feed": ("Address of the feed", "https://www.example.org/news/rss.xml"),
    "mailbox": ("Address of the mail server, with the folder if it is not the inbox", "imaps://mail.example.org"),
}


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":  # signing off in the list
        found = get_object_or_404(Channel, pk=number(request.POST.get("channel", "")))
        try:
            actions.sign_off(found, by=me(request), at=timezone.now())
        except ERRORS as error:
            return refused(request, "channels/channels.html", _list(request), error)
        return done(request, f"{found.name} is signed off and is read from now on.", "channels")
    return render(request, "channels/channels.html", _list(request))


def _list(request: HttpRequest) -> dict[str, Any]:
    rows = list(Channel.objects.order_by("practice", "name").select_related("signed_off_by"))
    used = [row for row in rows if row.state != "closed"]
    return {
        "channels": used,
        "closed": [row for row in rows if row.state == "closed"],
        "networks": [{"key": key, "title": title(key)} for key in connectable()],
        "town": bool(settings.TOWN_URL) and not any(row.practice for row in used),
    }


@needs("signed in")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest, network: str) -> HttpResponseBase:
    if network not in connectable():
        raise Http404
    given = read(request.POST)
    way = way_in(request.POST or request.GET, network)
    if way and request.method != "POST":
        given = replace(given, base_url=way.address)
    context = {
        "network": network,
        "title": title(network),
        "account_label": account_label(network),
        "fields": way.fields if way else credential_fields(network),
        "way": way,
        "ways": sign_ins(network),
        "address": ADDRESSES.get(network),
        "given": given,  # without the secrets: they are typed again
        "entered": shown_again(request.POST, network, way),
        "account": ACCOUNTS.get(network, f"a {title(network)} account"),
    }
    if request.method != "POST":
        return render(request, "channels/connect.html", context)
    try:
        made = actions.connect(
            network=network,
            name=given.name,
            external_id=given.external_id,
            handle=given.handle,
            base_url=given.base_url,
            allow_private=given.allow_private,
            credentials=credentials_of(request.POST, network, account=given.external_id),
            by=me(request),
            at=timezone.now(),
        )
    except ERRORS as error:
        return refused(request, "channels/connect.html", context, error, title="Not connected", field="name")
    return done(request, f"{made.name} is connected. Check the connection, then sign it off.", "channel", made.pk)


@needs("signed in")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Channel.objects.select_related("signed_off_by"), pk=pk)
    if request.method != "POST":
        return render(request, "channels/channel.html", _one(request, found))
    try:
        said = _act(request, found)
    except BadAccount as error:
        return refused(request, "channels/channel.html", _one(request, found), Unclear(str(error)))
    except ERRORS as error:
        found.refresh_from_db()
        return refused(request, "channels/channel.html", _one(request, found), error)
    return done(request, said, "channel", pk)


def _act(request: HttpRequest, found: Channel) -> str:
    by, at, given = me(request), timezone.now(), request.POST
    match given.get("act"):
        case "check":
            health = check_connection(found, by=by, at=at)
            if not health.ok:
                raise Unclear(health.says)
            return f"The connection works. {health.says}"
        case "sign_off":
            actions.sign_off(found, by=by, at=at)
            return f"{found.name} is signed off and is read from now on."
        case "for_whom":
            set_audiences(found, given.getlist("audience"), by=by, at=at)
            return f"Whom {found.name} is for is kept. Rules that ask for it go by it from now on."
        case "pause":
            actions.pause(found, by=by, at=at)
            return f"{found.name} is paused: it is not read and nothing leaves for it."
        case "resume":
            actions.resume(found, by=by, at=at)
            return f"{found.name} is live again."
        case "close":
            if not given.get("sure"):
                raise Unclear("Tick the box to say that you mean it.", "sure")
            actions.close(found, by=by, at=at)
            return f"{found.name} is closed. Its credentials are forgotten; its history stays."
        case "credentials":
            actions.change_credentials(
                found, credentials_of(given, found.network, account=found.external_id), by=by, at=at
            )
            if found.state == "paused":
                return "The new credentials are kept. The channel is paused until Communications resume it."
            return "The new credentials are kept. Check the connection."
        case "approve":
            person = User.objects.filter(pk=number(given.get("person", ""))).first()
            if person is None:
                raise Unclear("Choose a person.", "person")
            approval = actions.approve_staff(
                person, found, by=by, at=at, until=end_of_day(given.get("until", ""), "until")
            )
            return f"{approval.person.name} may write for {found.name}."
        case "end_approval":
            ended = get_object_or_404(Approval, pk=number(given.get("approval", "")), channel=found)
            actions.end_approval(ended, by=by, at=at)
            return f"{ended.person.name} may no longer write for {found.name}."
    raise Unclear("The desk does not know what to do with that.")


def _one(request: HttpRequest, found: Channel) -> dict[str, Any]:
    now = timezone.now()
    approvals = list(Approval.objects.in_force(now).filter(channel=found).select_related("person", "approved_by"))
    approved = {item.person_id for item in approvals}
    kept = _way_kept(found)
    way = way_in(request.POST or request.GET, found.network, kept=kept)
    audiences = in_force(now).audiences
    known = {one.id for one in audiences}
    return {
        "channel": found,
        "network": title(found.network),
        "account_label": account_label(found.network),
        "fields": way.fields if way else credential_fields(found.network),
        "way": way,
        "ways": sign_ins(found.network),
        "way_kept": way_in({}, found.network, kept=kept),
        "entered": shown_again(request.POST, found.network, way),
        "chosen": bool({"sign_in", "replace"} & set(request.GET)),
        "audiences": audiences,
        "no_longer": [name for name in found.audiences if name not in known],
        "approvals": approvals,
        "people": User.objects.filter(is_active=True).exclude(pk__in=approved).order_by("name"),
        "may_check": may_check(me(request), found, now),
        "may_sign": signs_off(me(request), now),
        "may_approve": approves_staff(me(request), now),
        "hook": _hook(request, found),
        "hook_fields": webhook_fields(found.network),
        "history": spoken(Line.objects.filter(subject=f"channel:{found.pk}").order_by("-id")[:10]),
    }


def _way_kept(found: Channel) -> str:
    """How the desk signs in now; "" where there is one way alone, or nobody can open what is kept."""
    try:
        return found.account().credentials.get("sign_in", "") if sign_ins(found.network) else ""
    except VaultError:
        return ""


def _hook(request: HttpRequest, found: Channel) -> str:
    """The address to give to a network that can call us; "" for one that cannot."""
    try:
        receives = isinstance(connector(found.account()), Receives)
        return f"{settings.PUBLIC_URL}{reverse('hook', args=[found.pk])}" if receives else ""
    except (BadAccount, VaultError, LookupError):
        return ""
