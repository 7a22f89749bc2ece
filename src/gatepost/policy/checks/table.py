"""All checks, by name, in the order in which findings are shown."""

from __future__ import annotations

from gatepost.policy.checks import contractions, language, lines, manner, personal, pictures, sending, standing
from gatepost.policy.checks.base import Check

TABLE: dict[str, Check] = {
    "empty": sending.empty,
    "unsendable": sending.unsendable,
    "length": sending.length,
    "link": sending.link,
    "personal_data": personal.personal_data,
    "personal_issue": personal.personal_issue,
    "tone": manner.tone,
    "thread_limit": manner.thread_limit,
    "not_answered": standing.not_answered,
    "offensive": manner.offensive,
    "allegation": manner.allegation,
    "banned": manner.banned,
    "lines": lines.lines,
    "weekday": lines.weekday,
    "sentence": language.sentence,
    "jargon": language.jargon,
    "contractions": contractions.contractions,
    "reading_age": language.reading_age,
    "capitals": language.capitals,
    "emoji": language.emoji,
    "fancy_letters": language.fancy_letters,
    "hashtags": language.hashtags,
    "alternative_text": pictures.alternative_text,
    "image_weight": pictures.image_weight,
    "image_size": pictures.image_size,
    "image_count": pictures.image_count,
    "private_first": standing.private_first,
    "wording": standing.wording,
}
