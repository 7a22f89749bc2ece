"""A call for help with personal details, from the comment to the department's answer and back; a hazard at night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from gatepost.shipped import pack_folder

from .begin import address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk, person, start, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("referrals")]

DETAILS = "Please help, my boiler has stopped. I am Ada Pole, 14 Larkspur Court, ring me on 07700 900123."
HAZARD = (
    "Water is pouring through the ceiling light and it is sparking, I have a baby here. 9 Damson Court, 07700 900456"
)


def link_in(desk: RunningDesk, words: str) -> str:
    """The path of the link in the newest letter that holds these words."""

    def found() -> str | None:
        letters = [str(one) for one in desk.mail() if words in str(one)]
        links = re.findall(r"/answer/[\w-]+/", letters[-1]) if letters else []
        return links[-1] if links else None

    return str(until(found))


class TestReferrals:
    def test_1_the_desk_begins(self, desk: RunningDesk, officer: Person, staff: Person) -> None:
        begin(officer)
        link = colleague(officer)
        staff.go(link).get_by_role("button", name="Sign in").click()
        staff.page.wait_for_load_state()

    def test_2_a_comment_with_details_goes_to_repairs_with_the_reason(self, desk: RunningDesk, staff: Person) -> None:
        desk.say("facebook", DETAILS, under=post_of(desk))
        page = staff.go(address_of(staff.page, desk, "my boiler has stopped"))
        page.locator("#refer details summary").first.click()
        page.get_by_label("Why they need the personal details").fill("Repairs ring the tenant")
        page.locator("#refer").get_by_role("button", name=re.compile("^Refer")).click()
        expect(page.get_by_text("The e-mail is on its way")).to_be_visible()
        staff.looks("referral-made")

    def test_3_the_department_asks_and_answers_without_an_account(
        self, desk: RunningDesk, browser: Browser, width: int, staff: Person
    ) -> None:
        path = link_in(desk, "my boiler has stopped")
        letter = next(str(one) for one in desk.mail() if "my boiler" in str(one))
        assert "900123" not in letter
        assert "Larkspur" not in letter
        repairs = person(desk, browser, width)
        page = repairs.go(path)
        assert "900123" not in page.content()
        repairs.looks("answer-masked")
        page.get_by_role("button", name="Show the personal details").click()
        expect(page.get_by_text("07700 900123")).to_be_visible()
        repairs.looks("answer-details")
        page.get_by_role("button", name="Send it to Communications").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        repairs.looks("answer-refused")
        page.get_by_label("Ask Communications something first").check()
        page.get_by_label("Your words").fill("Is there a baby in the home?")
        page.get_by_label("Your name").fill("Kit of Repairs")
        page.get_by_role("button", name="Send it to Communications").click()
        expect(page.get_by_text("You asked")).to_be_visible()

        desk_page = staff.go("/referrals/?show=asked")
        staff.looks("referrals-asked")
        desk_page.get_by_role("link", name=re.compile("Repairs: referral")).click()
        staff.looks("referral-asked")
        desk_page.get_by_label("Answer their question").fill("No baby. She has asthma.")
        desk_page.get_by_role("button", name=re.compile("^Send it to")).click()
        expect(desk_page.get_by_text("is on its way to Repairs by e-mail")).to_be_visible()
        until(lambda: [one for one in desk.mail() if "She has asthma" in str(one)])

        page.reload()
        expect(page.get_by_text("No baby. She has asthma.")).to_be_visible()
        page.get_by_label("Your words").fill("An engineer comes on Friday from 9 to 12. Her number is 07700 900123.")
        page.get_by_label("Your name").fill("Kit of Repairs")
        page.get_by_role("button", name="Send it to Communications").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        repairs.looks("answer-thanks")
        repairs.context.close()

    def test_4_the_answer_comes_back_and_nothing_has_gone_out(self, desk: RunningDesk, staff: Person) -> None:
        page = staff.go(address_of(staff.page, desk, "my boiler has stopped"))
        expect(page.get_by_text("An engineer comes on Friday").first).to_be_visible()
        assert "An engineer comes" not in str(desk.published("facebook"))
        staff.looks("referral-answered")
        page.get_by_role("link", name="Use it in an answer").first.click()
        words = page.locator("#reply textarea, textarea#reply, textarea[name=text]").first.input_value()
        assert "An engineer comes on Friday" in words
        assert "900123" not in words

    def test_5_a_complaint_gets_its_case_and_its_clocks(self, desk: RunningDesk, staff: Person) -> None:
        desk.say(
            "facebook", "I want to complain, this is the third time nobody came about the gate.", under=post_of(desk)
        )
        page = staff.go(address_of(staff.page, desk, "third time nobody came"))
        page.get_by_role("button", name="Open it as: complaint").click()
        expect(page.get_by_text("Its clocks run from")).to_be_visible()
        staff.looks("case")
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_text("Kept: acknowledged.")).to_be_visible()
        page.get_by_text(re.compile("^More time:")).click()
        page.get_by_role("button", name="Make it longer").click()
        staff.looks("case-refused")
        page.get_by_text("Take the case away as a file").click()
        with page.expect_download() as got:
            page.get_by_role("button", name="To print (PDF)").click()
        assert Path(got.value.path()).read_bytes().startswith(b"%PDF-")
        staff.go("/cases/")
        staff.looks("cases")


@pytest.fixture(scope="module")
def night_desk(width: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk whose departments are closed now: its policy opens on one day of the week that is not today."""
    folder = tmp_path_factory.mktemp("night")
    pack = folder / "pack"
    pack.mkdir()
    another = (datetime.now(ZoneInfo("Europe/London")) + timedelta(days=2)).strftime("%A").lower()
    for file in pack_folder().iterdir():
        text = file.read_text("utf-8")
        if file.name == "departments.toml":
            text += f'\n[department.repairs.hours]\n{another} = ["09:00", "17:00"]\n'
        (pack / file.name).write_text(text, "utf-8")
    running = start(folder / "data", GATEPOST_PACK=str(pack))
    running.ask_town("pace", {"pace": 0})
    yield running
    running.process.terminate()
    running.process.wait(40)


class TestAHazardAtNight:
    def test_it_reaches_the_line_and_somebody_has_it(
        self, night_desk: RunningDesk, browser: Browser, width: int
    ) -> None:
        officer = person(night_desk, browser, width)
        begin(officer)
        night_desk.say("x", HAZARD)
        path = link_in(night_desk, "Water is pouring")
        letter = next(str(one) for one in night_desk.mail() if "Water is pouring" in str(one))
        assert "URGENT, out of hours" in letter
        assert "out.of.hours@example.org" in letter
        assert "900456" not in letter
        line = person(night_desk, browser, width)
        page = line.go(path)
        line.looks("night-line")
        page.locator("#take-name").fill("Lee, night team")
        page.get_by_role("button", name="I have it").click()
        expect(page.get_by_text("Lee, night team")).to_be_visible()
        page.get_by_role("button", name="Show the personal details").click()
        expect(page.get_by_text("07700 900456")).to_be_visible()
        line.looks("night-taken")
        page = officer.go(address_of(officer.page, night_desk, "pouring through the ceiling"))
        expect(page.get_by_text("Emergency hazard").first).to_be_visible()
        officer.looks("night-conversation")
        officer.go("/cases/")
        officer.looks("night-cases")
        assert "pouring" not in str(night_desk.published("x")).replace(HAZARD, "")
