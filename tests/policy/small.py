"""A small pack for tests, as files by name, and hand-made readings: nothing here depends on the shipped pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from gatepost.policy.model import LABELS, Reading, Sentiment, Span
from gatepost.policy.pack import Pack, load_files

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

FILES: dict[str, str] = {
    "pack.toml": """id = "small"
title = "Small policy"
organisation = "Fernhill Homes"
short_name = "Fernhill"
version = "1"
jurisdiction = "England"

[hours]
monday = ["09:00", "17:00"]
tuesday = ["09:00", "17:00"]
wednesday = ["09:00", "17:00"]
thursday = ["09:00", "17:00"]
friday = ["09:00", "16:00"]
""",
    "policy.md": """# Small policy

Not a clause.

## Rules:

- [usage.1] Be official
- [usage.2] Use plain English
- [usage.7] Complaints get:
  an approved wording
- [usage.8] Abuse goes to a person
- [usage.9] Offence may be removed
""",
    "clauses.toml": """[[clauses]]
id = "usage.1"
kind = "enforced"

[[clauses]]
id = "usage.2"
kind = "assisted"

[[clauses]]
id = "usage.7"
kind = "enforced"

[[clauses]]
id = "usage.8"
kind = "enforced"

[[clauses]]
id = "usage.9"
kind = "informative"

[[bindings]]
clause = "usage.7"
by = "rule:complaint"
status = "live"

[[bindings]]
clause = "usage.7"
by = "wording:sorry"
status = "live"

[[bindings]]
clause = "usage.8"
by = "rule:abuse"
status = "live"

[[bindings]]
clause = "usage.8"
by = "desk:referrals"
status = "none"

[[bindings]]
clause = "usage.2"
by = "check:sentence"
status = "partial"
reason = "Only sentences are measured."
""",
    "roles.toml": """[role.officer]
title = "Officer"
holder = "Rowan Ellis"
email = "rowan@fernhill.test"
deputy = "Sam Ito"
signs_off = true
approves_staff = true

[role.guardian]
title = "Guardian"
""",
    "wordings.toml": """[wording.sorry]
title = "Sorry"
clause = "usage.7"
text = "We are sorry. Your complaint was referred to the Complaints Team"
refers_to = "complaints"

[wording.hello]
title = "Hello"
clause = "usage.1"
text = "Hello. Somebody will be in touch"
""",
    "departments.toml": """[department.complaints]
name = "Complaints Team"
email = "complaints@fernhill.test"
phone = "020 8937 2323"
clock = "ack"

[department.guardian]
name = "Guardian"
email = "guardian@fernhill.test"
role = "guardian"
clock = "ack"
""",
    "clocks.toml": """[clock.ack]
name = "Acknowledge"
amount = 5
unit = "working_days"
source = "test"

[clock.soon]
name = "Soon"
amount = 2
unit = "hours"
source = "test"
clause = "usage.1"
""",
    "rules.toml": """[thresholds]
complaint = 0.6

[[rule]]
id = "abuse"
clause = "usage.8"
priority = 90
when = { label = "staff_abuse" }
then = { refer = ["guardian"], answer = false }

[[rule]]
id = "offence"
clause = "usage.9"
priority = 80
when = { label = "offensive" }
then = { moderate = "remove", withhold = true }

[[rule]]
id = "complaint"
clause = "usage.7"
priority = 50
when = { label = "complaint" }
then = { offer = ["sorry"], clocks = ["ack"], moderate = "hide", advice = ["Be kind."] }

[[rule]]
id = "thanks"
clause = "usage.1"
priority = 10
when = { label = "thanks" }
then = { offer = ["hello"], clocks = ["soon"], urgent = true, mask = true }
""",
    "words.toml": "",
}


def files(**changed: str) -> dict[str, str]:
    """The small pack's files; `rules=...` replaces rules.toml, `policy_md=...` policy.md."""
    return FILES | {_name(key): text for key, text in changed.items()}


def _name(key: str) -> str:
    return "policy.md" if key == "policy_md" else f"{key}.toml"


def pack(**changed: str) -> Pack:
    return load_files(files(**changed))


def reading(
    labels: Mapping[str, float] | None = None,
    *,
    spans: tuple[Span, ...] = (),
    sentiment: Sentiment = "neutral",
    language: str = "en",
    urgent: bool = False,
    topics: tuple[str, ...] = (),
) -> Reading:
    known = dict.fromkeys(LABELS, 0.01) | dict(labels or {})
    return Reading(known, spans, sentiment, language, urgent, topics)
