"""A real Jalon behind a real browser: `jalon serve` in a process and a home of its own, and pages opened in Chromium.

tests/conftest.py brings its fixtures `live` and `visit` to every test.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from jalon.demo.company import PASSWORD
from tests.leftovers import prefix
from tests.spawned import PATH
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DEBIAN_CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
START_WITHIN = 90  # seconds, on a machine that runs the other tests at the same time
DESKTOP, PHONE = (1440, 900), (390, 844)
# Every width, theme and language in two windows; with JALON_PROVE every pair of them.
LOOKS = {"desktop-light-en": (DESKTOP, "light", "en"), "phone-dark-fr": (PHONE, "dark", "fr")}
if os.environ.get("JALON_PROVE"):
    LOOKS |= {"desktop-dark-fr": (DESKTOP, "dark", "fr"), "phone-light-fr": (PHONE, "light", "fr"), "phone-dark-en": (PHONE, "dark", "en")}
in_every_look = pytest.mark.parametrize(("size", "theme", "language"), LOOKS.values(), ids=LOOKS.keys())
EXPECTED = re.compile(r"status of (404|410|422)")
OWNER = "alice@cabrelle.example"
CONTACTS = 400

expect.set_options(timeout=30_000)  # a promise about what is shown, not about how fast: the other tests run beside


@dataclass(frozen=True, slots=True)
class Live:
    """A running Jalon with the demo in it, and the cookies of its owner."""

    url: str
    home: Path
    cookies: list[dict[str, str]]


@dataclass(slots=True)
class Visit:
    """A page in the browser, and everything it complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda line: self._complain(line.text) if line.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, text: str) -> None:
        """A page that is not there, or a form with errors, is no fault of the page."""
        if not EXPECTED.search(text):
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def troubles(self) -> list[str]:
        """All that is wrong with the page that is open: too wide, hard to read or to reach, against the policy, broken."""
        wide = [f"the page is {self.overflow()} pixels wider than its window"] if self.overflow() > 0 else []
        found = [*wide, *self.axe(), *self.complaints]
        self.complaints.clear()
        return found

    def axe(self) -> list[str]:
        """What a person who cannot see, or not well, would stumble over; WCAG 2.2 A and AA."""
        self.page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        asked = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })"  # a quarter of the time of telling the rest
        found = self.page.evaluate(asked, tags)
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium where there is one, else Playwright's own."""
    found = {"executable_path": str(DEBIAN_CHROMIUM)} if DEBIAN_CHROMIUM.exists() else {}
    return {**browser_type_launch_args, **found, "args": list(QUIET)}


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """One server for the whole session, with a small year of the demo's company and its owner signed in."""
    with new_home() as home:
        subprocess.run(_jalon("demo", "--contacts", str(CONTACTS)), env=_environment(home), cwd=home, check=True, stdout=subprocess.DEVNULL)
        with serving(home) as url:
            yield Live(url, home, _sign_in(url))


def _sign_in(url: str) -> list[dict[str, str]]:
    with httpx.Client(base_url=url) as client:
        token = client.get("/sign-in/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        answer = client.post("/sign-in/", data={"login": OWNER, "password": PASSWORD, "remember": "on", "csrfmiddlewaretoken": token})
        assert answer.status_code == 302, answer.text
        return [{"name": name, "value": value, "url": url} for name, value in client.cookies.items()]


@contextmanager
def new_home() -> Iterator[Path]:
    """An empty home; not under pytest's folder, which each pytest that starts closes to the user of PostgreSQL."""
    home = Path(tempfile.mkdtemp(prefix=prefix("live")))
    yield home
    shutil.rmtree(home, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    ours = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "WAREHOUSE_URL", "JALON_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "JALON_HOME": str(home), "PYTHONPATH": PATH, "JALON_PATIENCE_MS": "15000"}


def _jalon(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "jalon", *arguments]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """`jalon serve` on a free port until the block ends; its address."""
    port = _free_port()
    command = _jalon("serve", "--port", str(port))
    log_file = home / "serve.log"
    with log_file.open("wb") as log, subprocess.Popen(command, env=_environment(home), stdout=log, stderr=log, cwd=home) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process, log_file)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{url}/sign-in/")
            return
        except httpx.TransportError:
            if _ended(process):
                break
    raise AssertionError(f"jalon serve did not answer:\n{log.read_text()[-4000:]}")


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Waits a moment for the process to end."""
    try:
        process.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.fixture
def visit(live: Live, browser: Browser) -> Iterator[Visitor]:
    """Opens a window: `visit()` for the owner at a desk, `visit(PHONE, theme="dark", language="fr", signed_in=False)` for others."""
    contexts: list[BrowserContext] = []

    def open_window(size: tuple[int, int] = DESKTOP, *, theme: str = "light", language: str = "en", signed_in: bool = True) -> Visit:
        context = new_context(browser, size, theme, language)
        contexts.append(context)
        if signed_in:
            context.add_cookies(live.cookies)  # type: ignore[arg-type]
            context.request.post(f"{live.url}/appearance/", form={"language": language, "csrfmiddlewaretoken": _token(live)})
        else:
            context.add_cookies([{"name": "django_language", "value": language, "url": live.url}])
        return Visit(context.new_page(), live.url)

    yield open_window
    for context in contexts:
        context.close()


def new_context(browser: Browser, size: tuple[int, int], theme: str, language: str) -> BrowserContext:
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
    )


def _token(live: Live) -> str:
    return next(cookie["value"] for cookie in live.cookies if cookie["name"] == "csrftoken")


@contextmanager
def held(page: Page, path: str) -> Iterator[Callable[[], None]]:
    """Keeps one request to a path back until the test lets it go, so that what is to happen meanwhile does."""
    waiting: list[Route] = []
    page.route(re.compile(re.escape(path) + r"(\?|$)"), lambda route: waiting.append(route), times=1)

    def arrived() -> bool:
        page.evaluate("0")  # lets the browser tell what it has asked for
        return bool(waiting)

    def release() -> None:
        until(arrived)
        waiting.pop().continue_()

    yield release
