"""Staff: adding them, their roles and deputies, approvals for channels, and letting them go.

A one-time link goes by e-mail to the person. Where the desk sends no mail it is shown in the answer to the very POST
that makes it and kept nowhere: a redirect would have to keep it somewhere in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels import actions as channel_actions
from gatepost.channels.models import Approval, Channel
from gatepost.ledger.models import Line
from gatepost.people import actions, links
from gatepost.people.authority import approves_staff, vacant
from gatepost.people.models import Holding, Role, User
from gatepost.web.frame.given import end_of_day, number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs


def link_of(secret: str) -> str:
    return settings.PUBLIC_URL + reverse("sign_in_link", args=[secret])


def _may_manage(request: HttpRequest) -> bool:
    return me(request).is_admin or approves_staff(me(request), timezone.now())


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "people/people.html", _list(request))
    given = {"name": request.POST.get("name", "")[:120], "email": request.POST.get("email", "")[:254]}
    given["is_admin"] = request.POST.get("is_admin", "")
    at, by = timezone.now(), me(request)
    try:
        if given["is_admin"] and not by.is_admin:
            raise Unclear("Only an administrator can add another one.", "is_admin")
        added = actions.add_person(
            name=given["name"], email=given["email"], is_admin=bool(given["is_admin"]), by=by, at=at
        )
    except ERRORS as error:
        return refused(request, "people/people.html", {**_list(request), "given": given}, error, field="email")
    if not (by.is_admin or settings.MAIL_SET_UP):
        said = f"{added.name} is on the desk. An administrator makes the first link and hands it over."
        return done(request, said, "person", added.pk)
    return _let_in(request, added, "people/people.html", _list)


def _let_in(
    request: HttpRequest, found: User, page: str, context: Callable[[HttpRequest], dict[str, Any]]
) -> HttpResponseBase:
    """A link for somebody: by e-mail to their own address, or, where the desk sends no mail, to be handed over."""
    by, at = me(request), timezone.now()
    if settings.MAIL_SET_UP and by != found:
        links.mail_link(found, by=by, at=at)
        return done(request, f"A link is on its way to {found.email}. Nobody else sees it.", "person", found.pk)
    secret = links.make_link(found, by=by, at=at)
    return render(request, page, {**context(request), "added": found, "link": link_of(secret)})


def _list(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    holdings = Prefetch(
        "holdings", Holding.objects.in_force(now).select_related("role").order_by("deputy"), to_attr="holds_now"
    )
    approvals = Prefetch(
        "approvals",
        Approval.objects.in_force(now).exclude(channel__state="closed").select_related("channel"),
        to_attr="approved_now",
    )
    return {
        "staff": User.objects.filter(is_active=True).order_by("name").prefetch_related(holdings, approvals),
        "left": User.objects.filter(is_active=False).order_by("-left_at")[:50],
        "vacant": vacant(now),
        "may_manage": _may_manage(request),
        "by_mail": settings.MAIL_SET_UP,
    }


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "people/person.html", _one(request, found))
    try:
        if request.POST.get("act") == "link":
            return _let_in(request, found, "people/person.html", lambda again: _one(again, found))
        said = _act(request, found)
    except ERRORS as error:
        return refused(request, "people/person.html", _one(request, found), error)
    return done(request, said, "person", pk)


def _act(request: HttpRequest, found: User) -> str:
    by, at, given = me(request), timezone.now(), request.POST
    match given.get("act"):
        case "give_role":
            role = Role.objects.filter(pk=given.get("role", ""), in_policy=True).first()
            if role is None:
                raise Unclear("Choose a role.", "role")
            until = end_of_day(given.get("role_until", ""), "role_until")
            actions.give_role(found, role, by=by, at=at, deputy=bool(given.get("deputy")), until=until)
            return f"{found.name} holds the role {role.title}{' as deputy' if given.get('deputy') else ''}."
        case "end_role":
            holding = get_object_or_404(Holding, pk=number(given.get("holding", "")), person=found)
            actions.end_role(holding, by=by, at=at)
            return f"{found.name} no longer holds the role {holding.role.title}."
        case "approve":
            channel = Channel.objects.exclude(state="closed").filter(pk=number(given.get("channel", ""))).first()
            if channel is None:
                raise Unclear("Choose a channel.", "channel")
            until = end_of_day(given.get("until", ""), "until")
            channel_actions.approve_staff(found, channel, by=by, at=at, until=until)
            return f"{found.name} may write for {channel.name}."
        case "end_approval":
            approval = get_object_or_404(Approval, pk=number(given.get("approval", "")), person=found)
            channel_actions.end_approval(approval, by=by, at=at)
            return f"{found.name} may no longer write for {approval.channel.name}."
        case "leave":
            if not given.get("sure"):
                raise Unclear("Tick the box to say that you mean it.", "sure")
            actions.leave(found, by=by, at=at)
            return f"{found.name} has left the desk: signed out everywhere, without roles, links or keys."
    raise Unclear("The desk does not know what to do with that.")


def _one(request: HttpRequest, found: User) -> dict[str, Any]:
    now = timezone.now()
    approvals = list(Approval.objects.in_force(now).filter(person=found).select_related("channel", "approved_by"))
    return {
        "person": found,
        "holdings": Holding.objects.in_force(now).filter(person=found).select_related("role").order_by("deputy"),
        "approvals": approvals,
        "roles": Role.objects.filter(in_policy=True).order_by("title"),
        "channels": Channel.objects.exclude(state="closed")
        .exclude(pk__in=[item.channel_id for item in approvals])
        .order_by("name"),
        "may_manage": _may_manage(request),
        "may_approve": approves_staff(me(request), now),
        "is_me": found.pk == me(request).pk,
        "by_mail": settings.MAIL_SET_UP and found.pk != me(request).pk,
        "may_link": me(request).is_admin or settings.MAIL_SET_UP or found.pk == me(request).pk,
        "ways_in": links.ways_in(found) if _may_manage(request) else [],
        "history": spoken(Line.objects.filter(subject=f"person:{found.pk}").order_by("-id")[:10]),
    }
