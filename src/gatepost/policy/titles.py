"""What the settings of a pack are called: once, for the forms that change them and for the words of a comparison."""

from __future__ import annotations

from collections.abc import Mapping

from gatepost.policy.model import Severity

FIGURES: Mapping[str, tuple[str, str]] = {  # title, and what it is counted in
    "sentence_words": ("Words in a sentence, at most", "words"),
    "reading_age": ("Reading age, at most", "years"),
    "reading_age_from_words": ("Reading age is looked at from so many words", "words"),
    "thread_limit": ("Answers in public before it should go elsewhere", "answers"),
    "emoji": ("Emoji, at most", "emoji"),
    "hashtags": ("Hashtags, at most", "hashtags"),
    "camel_case_from": ("Hashtags need capitals from so many letters", "letters"),
    "capitals_words": ("Words in capitals in a row, at most", "words"),
    "image_width": ("Width of a picture in pixels, at least", "pixels"),
    "image_height": ("Height of a picture in pixels, at least", "pixels"),
    "image_bytes": ("Size of a picture in bytes, at most", "bytes"),
    "image_sharpness": ("Sharpness of a picture, at least", ""),
    "image_longest": ("A picture's long side to its short side, at most", "to 1"),
    "text_in_picture": ("Share of a picture that may be words, 0 to 1", ""),
    "alt_text": ("Letters of alternative text, at most", "letters"),
    "offensive": ("From which probability our own words count as offensive, 0 to 1", ""),
}
SEVERITIES: Mapping[Severity, str] = {
    "stop": "May not go out",
    "ask": "Its author is asked about",
    "note": "Its author is told of",
}
POWERS = {
    "private_reply": "Which clause lets us answer a public comment by one private message",
    "links": "Links in what we publish",
    "lines": "When a text says otherwise than an approved line",
}
LINKS: Mapping[str, str] = {
    "plain": "As they are written",
    "utm": "With tags that tell our website where a reader came from",
    "short": "As short links of our own",
}
LINES: Mapping[str, str] = {
    "ask": "Its author is asked about it",
    "stop": "It may not go out",
    "note": "Its author is told of it",
}
PHRASES = {  # lists of checks.toml
    "banned": "Words and lines that do not go out as they are",
    "personal_issue": "What shows that we deal with one person's matter in public",
    "allegation": "What shows that we accuse somebody",
    "not_names": "Words that make a name one of a place or a body, not of a person",
}
NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
ACTS = {
    "publish": "Posts",
    "reply": "Answers",
    "edit": "Changes of what is out",
    "delete": "Taking down what is ours",
    "hide": "Hiding somebody's comment",
    "unhide": "Showing it again",
    "remove": "Removing somebody's comment",
    "approve": "Letting a comment through",
    "block": "Blocking an account",
    "unblock": "Unblocking an account",
    "mute": "Muting an account",
    "unmute": "Unmuting an account",
    "close": "Closing the comments under a post",
    "reopen": "Opening the comments under a post again",
}
HOURS = {"": "At any time", "inside": "Inside working hours", "outside": "Outside working hours"}
WAITING: Mapping[str, tuple[str, str]] = {  # title, and what it is counted in
    "remind_before": ("Remind who signs, minutes before its time", "minutes"),
    "escalate_before": ("Tell those above, minutes before its time", "minutes"),
    "remind_after": ("Without a time: remind after hours", "hours"),
    "escalate_after": ("Without a time: tell those above after hours", "hours"),
    "expire_after": ("Without a time: at an end after hours", "hours"),
}
EVERY = {"hour": "Hour", "day": "Day", "week": "Week", "month": "Month", "quarter": "Quarter", "year": "Year"}
BETTER = {"neither": "Neither: it only tells something", "up": "More is better", "down": "Less is better"}
CLAUSE_KINDS = {"enforced": "Enforced", "assisted": "Assisted", "measured": "Measured", "informative": "Informative"}
STATUS = {"live": "in practice", "partial": "in practice in part", "none": "not yet in practice"}
ORGANISATIONS = {
    "social_landlord": "a social landlord",
    "council": "a council",
    "almo": "a housing body owned by a council",
    "police": "a police force",
    "nhs": "a body of the NHS",
    "university": "a university",
    "charity": "a charity",
    "other": "another body",
}
LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cy": "Welsh", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "gu": "Gujarati", "hi": "Hindi", "it": "Italian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "so": "Somali", "ta": "Tamil", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "zh": "Chinese",
}  # fmt: skip
