"""Secrets that stand in the addresses of links are taken out of every line of the log."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"(/(?:answer|have|approve|sign-in/link|calendar/feed)/)[^/\s\"']{8,}")


class WithoutSecrets(logging.Filter):
    """Writes "…" in place of what opens something. A line that cannot be put together is left to the handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            words = record.getMessage()
        except (TypeError, ValueError):
            return True
        if SECRET.search(words):
            record.msg, record.args = SECRET.sub(r"\1…", words), None
        return True
