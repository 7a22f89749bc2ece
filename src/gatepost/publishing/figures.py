"""What came of a campaign, as people count it: the table of figures typed in by hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gatepost.people.models import User
from gatepost.publishing.planned import Campaign, CampaignPart


class CampaignFigure(models.Model):
    """How far a count has come on a day, with where the figure is from. Always the total so far: of two figures of the
    same count the later day holds. One that was wrong is taken out and stays to be read."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="figures")
    part = models.ForeignKey(CampaignPart, null=True, on_delete=models.CASCADE, related_name="figures")
    what = models.CharField(
        max_length=20,
        choices=[
            ("measure", "Where the count stands"),
            ("reached", "People reached"),
            ("brought", "Brought by it"),
        ],
    )
    on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=200)  # "sign-up sheet at the hall"
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_out_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what="measure", part=None) | (~Q(what="measure") & Q(part__isnull=False)),
                name="campaign_figure_of",
            ),
            models.CheckConstraint(condition=Q(what="measure") | Q(value__gte=0), name="campaign_figure_value"),
        ]
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.what} of {self.campaign_id} on {self.on}"
