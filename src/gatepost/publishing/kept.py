"""What is kept beside a post: its versions, what people are typing, what they say to each other of it, templates."""

from __future__ import annotations

import uuid

from django.db import models

from gatepost.people.models import User


class PostVersion(models.Model):
    """A post as one save left it; `content` as versions.snapshot gives it. Never changed."""

    post = models.ForeignKey("publishing.Post", on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="post_version_once")]
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.post_id}, version {self.version}"


class WorkingCopy(models.Model):
    """What one person has typed and not kept yet. It changes nothing of the post; only its writer sees it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("publishing.Post", on_delete=models.CASCADE, null=True, related_name="+")
    form = models.TextField()  # the fields as a form sends them
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="copy_of_person")]

    def __str__(self) -> str:
        return f"Typed by {self.person}"


class Comment(models.Model):
    """What colleagues say of a post. It never leaves the desk."""

    post = models.ForeignKey("publishing.Post", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    version = models.PositiveIntegerField()  # of the post when it was said
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(models.Model):
    """Somebody named in a comment, until they have seen it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once")]
        indexes = [models.Index(fields=["person"], condition=models.Q(seen_at=None), name="mention_unseen")]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment_id}"


class Template(models.Model):
    """A post to begin from. `content` as versions.snapshot gives it, without a time."""

    name = models.CharField(max_length=120)
    content = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("name", condition=models.Q(ended_at=None), name="template_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
