"""Coming in with a password or a one-time link, the first day, and going out."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import auth, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.people.actions import PeopleError
from gatepost.people.links import use_link
from gatepost.web.frame.problems import ERRORS, Line, Problem, Unclear, refused, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.sign_in import first_day

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = "The e-mail address or the password is not right."
TOO_MANY = "Too many tries. Wait five minutes, or ask an administrator for a one-time link."


def onward(request: HttpRequest) -> str:
    """Where the person wanted to go, when that is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=settings.HTTPS)
    return wanted if safe else reverse("today")


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(onward(request))
    context = {"next": onward(request), "login": request.POST.get("login", "")[:254]}
    if request.method != "POST":
        return render(request, "sign_in/sign_in.html", context)
    if not ratelimit.consume(request, action="login"):
        return _wrong(request, context, TOO_MANY)
    form = LoginForm(request.POST, request=request)
    if form.is_valid() and form.user.is_active:
        answer: HttpResponseBase = form.login(request, redirect_url=onward(request))
        return answer
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return _wrong(request, context, TOO_MANY if "too_many_login_attempts" in codes else WRONG)


def _wrong(request: HttpRequest, context: dict[str, str], says: str) -> HttpResponse:
    problem = Problem("You are not signed in", (Line(says, "login"),))
    return render(request, "sign_in/sign_in.html", {**context, "problem": problem}, status=422)


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows a button only, so that programs which look at links do not use it up."""
    if request.method != "POST":
        return render(request, "sign_in/link.html")
    try:
        person = use_link(secret, at=timezone.now())
    except PeopleError as error:
        return refused(request, "sign_in/link.html", {"used": True}, error, title="You are not signed in")
    first_time = person.last_login is None
    auth.login(request, person, backend=BACKEND)
    return see(reverse("welcome") if first_time else reverse("today"))


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    person = me(request)
    context = first_day.context(person, request.POST if request.method == "POST" else None, at=timezone.now())
    if request.method != "POST":
        return render(request, "sign_in/welcome.html", context)
    try:
        said = first_day.begin(person, request.POST, at=timezone.now())
    except ValidationError as error:
        return refused(request, "sign_in/welcome.html", context, Unclear(" ".join(error.messages), "password"))
    except ERRORS as error:
        return refused(request, "sign_in/welcome.html", context, error, field="email")
    auth.update_session_auth_hash(request, person)
    messages.success(request, " ".join(said))
    return see(reverse("channels" if context["may_begin"] else "today"))


@needs("anybody")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.success(request, "You are signed out.")
    return see(reverse("sign_in"))
