"""The names of all checks, apart from their code: a pack's bindings and examples may name these and no
others.
"""

CHECKS = (
    "empty",
    "unsendable",
    "length",
    "link",
    "personal_data",
    "personal_issue",
    "tone",
    "thread_limit",
    "not_answered",
    "offensive",
    "allegation",
    "banned",
    "lines",
    "weekday",
    "sentence",
    "jargon",
    "contractions",
    "reading_age",
    "capitals",
    "emoji",
    "fancy_letters",
    "hashtags",
    "alternative_text",
    "image_weight",
    "image_size",
    "image_count",
    "private_first",
    "wording",
)
