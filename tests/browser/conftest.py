"""A whole desk as `gatepost up` starts it, with its practice town, and people who use it in headless Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = os.environ.get("GATEPOST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 90.0
# Look at what the tests saw: GATEPOST_SCREENSHOTS=folder pytest tests/browser
SHOTS = os.environ.get("GATEPOST_SCREENSHOTS", "")
# Two browsers, their desks and whatever else a busy machine does: what is expected may take far longer than the five
# seconds that are usual. Milliseconds; nobody waits for them where all is well.
WAIT = 45_000
expect.set_options(timeout=WAIT)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class RunningDesk:
    """The desk's address, its town's, its data folder, and the first sign-in link."""

    url: str
    town: str
    link: str
    data: Path
    process: subprocess.Popen[str] = field(repr=False)

    def ask_town(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.town}/_town/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            value: dict[str, Any] = json.load(answer)
        return value

    def say(self, network: str, text: str, under: str = "") -> str:
        """A resident writes; returns the ref of what was written."""
        return str(self.ask_town("say", {"network": network, "text": text, "under": under})["ref"])

    def mail(self) -> list[dict[str, Any]]:
        letters: list[dict[str, Any]] = self.ask_town("mail")["mail"]
        return letters

    def published(self, network: str) -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = self.ask_town(f"posts?network={network}")["posts"]
        return posts


@dataclass
class Person:
    """Somebody at a browser of a certain width."""

    desk: RunningDesk
    context: BrowserContext
    page: Page
    shots: str

    def go(self, path: str) -> Page:
        self.page.goto(self.desk.url + path if path.startswith("/") else path)
        return self.page

    def looks(self, name: str) -> None:
        """The page has no accessibility violation and does not scroll sideways; its picture is kept when asked for."""
        self.page.wait_for_load_state()
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            for scheme in ("dark", "light"):
                self.page.emulate_media(color_scheme=scheme)
                self.page.screenshot(path=f"{SHOTS}/{name}-{self.shots}-{scheme}.png", full_page=True)
        result = Axe().run(self.page, options=RULES)
        found = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result.response["violations"]]
        assert found == [], f"{name} at {self.shots}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} at {self.shots} scrolls sideways by {wide}px"


def until(what: Any, patience: float = 60.0) -> Any:
    """Calls `what` until it gives something true, and returns that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(0.3)
    raise AssertionError(f"Waited {patience:.0f} seconds in vain.")


def start(data: Path, **settings: str) -> RunningDesk:
    """`gatepost up` on a free port and a new folder; no account, key or server of any kind."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GATEPOST_", "DJANGO_"))}
    environment.pop("DATABASE_URL", None)
    # What is kept after a hold leaves at once: a test has no five minutes.
    environment |= {"GATEPOST_RELEASE_SPACING_MINUTES": "0", **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "gatepost.cli.main", "up", "--port", "0", "--data", str(data)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = ""
    for line in process.stdout or ():
        said += line
        if "Ctrl-C stops it" in line:
            break
    address = re.search(r"ready at (http://\S+?)/\n", said)
    link = re.search(r"(/sign-in/link/\S+)", said)
    town = re.search(r"residents write: (http://\S+?)/\n", said)
    assert address, said
    assert link, said
    assert town, said
    return RunningDesk(address[1], town[1], link[1], data, process)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: scripts/test-machine installs it.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=[1280, 390], ids=["wide", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def desk(width: int, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    folder = tmp_path_factory.mktemp("desk")
    running = start(folder / "data")
    running.ask_town("pace", {"pace": 0})
    try:
        yield running
    finally:
        running.process.send_signal(signal.SIGINT)
        try:
            running.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(running.process.pid, signal.SIGKILL)


def person(desk: RunningDesk, browser: Browser, width: int) -> Person:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 640 else 900}, has_touch=width < 640, locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(WAIT)
    return Person(desk, context, page, f"{width}")


@pytest.fixture(scope="module")
def officer(desk: RunningDesk, browser: Browser, width: int) -> Person:
    return person(desk, browser, width)


@pytest.fixture(scope="module")
def staff(desk: RunningDesk, browser: Browser, width: int) -> Person:
    return person(desk, browser, width)
