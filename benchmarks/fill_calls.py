"""A desk with a Facebook channel that is called: `_with_django benchmarks.fill_calls` prints number and page."""

from __future__ import annotations

from django.utils import timezone

from benchmarks._calls import SECRET
from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.ledger.actions import System
from gatepost.people import actions as people
from gatepost.people.models import Role, User

PAGE = "1000"


def called_desk() -> tuple[User, Channel]:
    """The officer, and a signed-off channel of Facebook."""
    by, at = System("benchmark"), timezone.now()
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=by, at=at, is_admin=True)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=by, at=at)
    made = channels.connect(
        network="facebook",
        name="Our Page",
        external_id=PAGE,
        credentials={"token": "practice-token", "app_secret": SECRET},
        base_url="http://127.0.0.1:9/facebook",
        practice=True,
        by=officer,
        at=at,
    )
    channels.sign_off(made, by=officer, at=at)
    return officer, made


def main() -> None:
    _, channel = called_desk()
    print(channel.pk, PAGE)


if __name__ == "__main__":
    main()
