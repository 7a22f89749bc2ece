"""The address that a department replies to: it names its referral and is signed, so that nobody can make one up.

hello@example.org becomes hello+r12-3f9a…@example.org: mail servers deliver it to the same mailbox (RFC 5233).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from gatepost.inbox.models import Referral

_TAG = re.compile(r"r(\d{1,15})-([0-9a-f]{24})")


def _signature(number: int) -> str:
    """24 hex digits: mail servers may change the case of letters, and an address holds 64 before the @."""
    return salted_hmac("gatepost.referral.reply", str(number), algorithm="sha256").hexdigest()[:24]


def reply_address(referral: Referral) -> str:
    """ "" where the desk has no mailbox that it reads."""
    local, _, host = parseaddr(settings.REPLY_ADDRESS)[1].rpartition("@")
    return f"{local}+r{referral.pk}-{_signature(referral.pk)}@{host}" if local else ""


def referral_of(addresses: Iterable[str]) -> int | None:
    """The number of the referral that one of these addresses is signed for."""
    wanted = parseaddr(settings.REPLY_ADDRESS)[1].lower()
    for address in addresses:
        local, _, host = address.lower().rpartition("@")
        base, _, tag = local.partition("+")
        found = _TAG.fullmatch(tag)
        if found is None or f"{base}@{host}" != wanted:
            continue
        if hmac.compare_digest(_signature(int(found[1])), found[2]):
            return int(found[1])
    return None
