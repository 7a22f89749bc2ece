"""Pictures and films that have gone up ahead of the post that names them, and that nobody sees yet."""

from __future__ import annotations

from django.db import models


class Unseen(models.Model):
    """One file of one signed content at its network. The row is there before the first byte leaves, and the database
    refuses it without the sign-offs that the post itself needs. It goes when its post is out, or is signed no more."""

    act = models.ForeignKey("gate.Act", on_delete=models.PROTECT, related_name="unseen")
    digest = models.CharField(max_length=64)
    sign_off = models.ForeignKey("gate.SignOff", on_delete=models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField()  # which write of the act: 0 is the first
    place = models.PositiveSmallIntegerField()  # among the files of that write
    sha256 = models.CharField(max_length=64)
    worker = models.CharField(max_length=80)
    at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)  # somebody is at it until then
    ref = models.CharField(max_length=300, blank=True)
    go_on_at = models.DateTimeField(null=True)  # when to go on with it: the network works on it, or asked us to wait
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # the network keeps it no longer without a post
    failed = models.CharField(max_length=400, blank=True)  # it goes up with its post, which will say more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "part", "place"], name="unseen_once")]

    def __str__(self) -> str:
        return f"file {self.place} of part {self.part} of {self.act_id}"
