"""Templates: posts to begin from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.publishing.models import Post, Template
from gatepost.publishing.templates import end_template, keep_template, templates
from gatepost.publishing.versions import from_json, snapshot
from gatepost.web.frame.problems import ERRORS, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.write.form import numbers


@needs("signed in")
@require_http_methods(["GET", "POST"])
def kept_templates(request: HttpRequest) -> HttpResponse:
    """Lists templates; keeps a post as one (`post`, `name`) or ends one (`end`)."""
    if request.method == "GET":
        return render(request, "write/templates.html", {"templates": templates()})
    person, at = me(request), timezone.now()
    ended = min(numbers([request.POST.get("end", "")]), default=0)
    number = min(numbers([request.POST.get("post", "")]), default=0)
    try:
        if ended:
            kept = Template.objects.filter(pk=ended).first()
            if kept is None:
                raise Http404
            end_template(kept, by=person, at=at)
            return done(request, f"“{kept.name}” is no longer offered. Posts made from it stay.", "write_templates")
        post = Post.objects.filter(pk=number).first()
        if post is None:
            raise Http404
        kept = keep_template(from_json(snapshot(post)), request.POST.get("name", ""), by=person, at=at)
        return done(request, f"Kept as the template “{kept.name}”.", "write_templates")
    except ERRORS as error:
        return refused(request, "write/templates.html", {"templates": templates()}, error)
