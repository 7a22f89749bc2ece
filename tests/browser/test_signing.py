"""Signing off as its people do it: two steps, with a passkey of the device, and by somebody without an account."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gatepost.shipped import pack_folder

from .begin import begin, colleague
from .conftest import Person, RunningDesk, person, start, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("signing")]

CHAINS = """
[[chain]]
id = "campaigns"
title = "Campaigns: the lead looks first, then Communications with a passkey"
clause = "responsibility.2"
post_kinds = ["campaign"]
step = [{ title = "The lead looks first", roles = ["staff_abuse"] }, { title = "Communications", passkey = true }]
"""
TEXT = "The open day at Millrace hall is on Saturday 5 December, 10am to 2pm. It is free."


@pytest.fixture(scope="module")
def desk(width: int, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk whose policy asks for two steps and a passkey. Opened by its name: passkeys are made for names."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(pack_folder(), folder / "pack")
    (folder / "pack" / "approvals.toml").write_text(CHAINS, "utf-8")
    running = start(folder / "data", GATEPOST_PACK=str(folder / "pack"))
    running.url = running.url.replace("127.0.0.1", "localhost")
    running.ask_town("pace", {"pace": 0})
    try:
        yield running
    finally:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(60)


@pytest.fixture(scope="module")
def lead(desk: RunningDesk, browser: Browser, width: int) -> Person:
    return person(desk, browser, width)


@pytest.fixture(scope="module")
def solicitor(desk: RunningDesk, browser: Browser, width: int) -> Person:
    return person(desk, browser, width)


def authenticator(page: Page) -> None:
    """A device with a fingerprint reader, as Chromium plays it."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def write(staff: Person, kind: str, text: str) -> None:
    page = staff.go("/write/")
    page.locator("select[name=kind]").select_option(kind)
    page.locator("select[name=aim]").select_option(index=1)
    page.locator("input[name=audience][value=residents]").check()
    page.locator("input[name=channel]").first.check()
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name="Submit for sign-off").click()
    page.wait_for_load_state()


def waiting(who: Person, words: str = "") -> Page:
    page = who.go("/sign-off/")
    page.locator(".gp-postrow a", has_text=words or TEXT[:20]).first.click()
    page.wait_for_load_state()
    return page


class TestSigning:
    def test_01_the_desk_begins(self, officer: Person, staff: Person, lead: Person) -> None:
        begin(officer)
        staff.go(colleague(officer)).get_by_role("button", name="Sign in").click()
        page = officer.go("/people/")
        page.fill("main input[name=name]", "Ash Vyas")
        page.fill("main input[name=email]", "ash@example.org")
        page.get_by_role("button", name="Add", exact=True).click()
        page.locator("main [data-select]").wait_for()
        secret = re.search(r"/sign-in/link/[\w-]+/", page.content())
        assert secret
        page.get_by_role("link", name="Ash Vyas").click()
        page.locator("select[name=role]").select_option("staff_abuse")
        page.get_by_role("button", name="Give the role").click()
        lead.go(secret[0]).get_by_role("button", name="Sign in").click()

    def test_02_a_campaign_waits_for_the_lead_first(self, staff: Person, officer: Person) -> None:
        write(staff, "campaign", TEXT)
        page = waiting(officer)
        expect(page.locator("main")).to_contain_text("This step is not yours: The lead looks first")
        officer.looks("sign-off-two-steps")

    def test_03_the_lead_suggests_and_the_author_takes_it(self, lead: Person, staff: Person) -> None:
        page = waiting(lead)
        page.get_by_text("Suggest other words").click()
        page.fill("textarea[name=words]", TEXT.replace("It is free.", "It is free. Bring your children."))
        page.fill("input[name=note]", "Families are whom we want.")
        page.get_by_role("button", name="Suggest").click()
        expect(page.locator("main")).to_contain_text("takes it or leaves it")
        page = waiting(staff)
        staff.looks("sign-off-suggested")
        page.get_by_role("button", name="Take these words").click()
        expect(page.locator("main")).to_contain_text("The suggested words are in")

    def test_04_the_lead_sees_what_changed_and_signs(self, lead: Person) -> None:
        page = waiting(lead)
        expect(page.locator("main")).to_contain_text("Changed since you last looked")
        lead.looks("sign-off-changed")
        page.get_by_role("button", name="Sign off", exact=True).click()
        expect(page.locator("main")).to_contain_text("Others have to sign it too")

    def test_05_the_officer_registers_a_passkey(self, officer: Person) -> None:
        page = waiting(officer)
        expect(page.locator("main")).to_contain_text("The policy wants this signed with a passkey")
        officer.looks("sign-off-wants-passkey")
        page.get_by_role("link", name="Register one").click()
        authenticator(page)
        officer.looks("passkeys-none")
        page.fill("input[name=title]", "Work laptop")
        page.get_by_role("button", name="Register a passkey").click()
        expect(page.locator("main")).to_contain_text("is registered")
        officer.looks("passkeys")

    def test_06_and_signs_with_it(self, officer: Person, desk: RunningDesk) -> None:
        page = waiting(officer)
        officer.looks("sign-off-with-passkey")
        page.get_by_role("button", name="with your passkey").click()
        expect(page.locator("main")).to_contain_text("Signed off.")
        until(lambda: any("Bring your children" in post["text"] for post in desk.published("facebook")))

    def test_07_the_proof_can_be_checked_later(self, desk: RunningDesk) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "gatepost.cli.main", "ledger", "verify", "--signatures"],
            env={"GATEPOST_DATA": str(desk.data), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 proof by passkey checked" in done.stdout

    def test_08_somebody_outside_is_asked(self, staff: Person, officer: Person) -> None:
        write(staff, "news", "The solicitor has looked at this: the office is open on Saturday.")
        page = waiting(officer, "The solicitor has looked")
        page.get_by_text("Ask somebody outside").click()
        page.fill("input[name=name]", "Lee Barr")
        page.fill("input[name=email]", "lee@law.example.org")
        page.get_by_role("button", name="Send the link").click()
        expect(page.locator("main")).to_contain_text("Lee Barr gets a link by e-mail")
        officer.looks("sign-off-asked-outside")
        page.get_by_role("button", name="Sign off", exact=True).click()
        expect(page.locator("main")).to_contain_text("Others have to sign it too")

    def test_09_they_confirm_their_address_and_approve(self, solicitor: Person, desk: RunningDesk) -> None:
        letter = until(lambda: next((one for one in desk.mail() if "lee@law.example.org" in str(one)), None))
        link = re.search(r"/approve/[\w-]+/", str(letter["text"]))
        assert link, letter
        page = solicitor.go(link[0])
        assert "office is open" not in page.content()
        solicitor.looks("approve-begin")
        page.get_by_role("button", name="Send me a code").click()
        page.locator("#code").wait_for()
        solicitor.looks("approve-code")
        subjects = lambda: " ".join(str(one["subject"]) for one in desk.mail())  # noqa: E731  # asked again and again
        code = until(lambda: re.search(r"code: (\d{3} \d{3})", subjects()))
        page.fill("#code", "000 001")
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("main")).to_contain_text("not the code we sent")
        page.fill("#code", code[1])
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("main")).to_contain_text("the office is open on Saturday")
        solicitor.looks("approve")
        page.get_by_role("button", name="I approve this").click()
        expect(page.locator("main")).to_contain_text("Thank you")
        solicitor.looks("approve-done")
        until(lambda: any("office is open" in post["text"] for post in desk.published("facebook")))

    def test_10_a_deputy_is_appointed(self, officer: Person) -> None:
        page = officer.go("/people/")
        page.locator("main").get_by_role("link", name="Nell Okafor").click()
        page.get_by_role("link", name="Deputies of Nell Okafor").click()
        page.locator("select[name=deputy]").select_option(label="Ash Vyas")
        page.fill("input[name=deputy_until]", "2027-01-31")
        page.get_by_label("Answers", exact=True).check()
        page.get_by_role("button", name="Appoint").click()
        expect(page.locator("main")).to_contain_text("Ash Vyas may sign in the stead of Nell Okafor")
        officer.looks("deputies")
        page.fill("input[name=away_until]", "2027-01-15")
        page.get_by_role("button", name="Put down as away").click()
        expect(page.locator("main")).to_contain_text("is down as away")

    def test_11_the_queue_and_dark(self, staff: Person, officer: Person) -> None:
        write(staff, "campaign", TEXT + " Another one.")
        page = officer.go("/sign-off/")
        expect(page.locator("main")).to_contain_text("0 of 2 have signed")
        officer.looks("sign-off-queue")
        page.emulate_media(color_scheme="dark")
        officer.looks("sign-off-queue-dark")
        waiting(officer, "The open day")
        officer.looks("sign-off-two-steps-dark")
        officer.go("/settings/passkeys/")
        officer.looks("passkeys-dark")
        page.emulate_media(color_scheme="light")
