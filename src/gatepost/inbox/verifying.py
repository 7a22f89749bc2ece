"""Checking the record and the evidence, asked for by a person: it reads everything, so not everybody may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost.inbox.evidence_check import EvidenceReport, verify_kept
from gatepost.ledger.verify import Report, verify
from gatepost.people.authority import require_answers_for_desk
from gatepost.people.models import User


@dataclass(frozen=True, slots=True)
class Verified:
    record: Report
    evidence: EvidenceReport

    @property
    def ok(self) -> bool:
        return self.record.ok and self.evidence.ok

    @property
    def says(self) -> str:
        return f"{self.record.says} {self.evidence.says}"


def verify_all(*, by: User, at: datetime) -> Verified:
    """Raises NotAllowed."""
    require_answers_for_desk(by, at)
    return Verified(verify(), verify_kept())
