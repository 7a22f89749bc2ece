"""A desk with a Facebook channel that is called: `python -m benchmarks.fill_calls` prints its number and its page."""

from __future__ import annotations

import django

django.setup()

from django.utils import timezone  # noqa: E402  # Django must be set up before its rows can be imported

from benchmarks._calls import SECRET  # noqa: E402
from gatepost.channels import actions as channels  # noqa: E402
from gatepost.ledger.actions import System  # noqa: E402
from gatepost.people import actions as people  # noqa: E402
from gatepost.people.models import Role  # noqa: E402

PAGE = "1000"


def main() -> None:
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
    print(made.pk, PAGE)


if __name__ == "__main__":
    main()
