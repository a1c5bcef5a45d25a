"""A real Jalon behind a real browser: `jalon serve` in a process and a home of its own, and pages opened in Chromium.

tests/conftest.py brings its fixtures `live` and `visit` to every test.
"""

from __future__ import annotations

import os
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
from playwright.sync_api import Browser, Page

from tests.people import PASSWORD

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
OWNER = "alice@moreau.example"
FIRST_RUN = {
    "name": "Atelier Moreau",
    "language": "en",
    "zone": "Europe/Paris",
    "currency": "EUR",
    "first_weekday": "0",
    "stage_preset": "sales",
    "owner_name": "Alice",
    "email": OWNER,
    "password": PASSWORD,
}


@dataclass(frozen=True, slots=True)
class Live:
    """A running Jalon that was set up, and the cookies of its owner."""

    url: str
    home: Path
    cookies: list[dict[str, str]]


@dataclass(slots=True)
class Visit:
    """A page in the browser, and everything it complained about."""

    page: Page
    live: Live
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.live.url}{path}")
        return self.page

    def axe(self) -> list[str]:
        """What a person who cannot see, or not well, would stumble over; WCAG 2.2 A and AA."""
        self.page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run(document, { runOnly: tags })", tags)
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
    """One server for the whole session, set up by its own first-run page."""
    home = Path(tempfile.mkdtemp(prefix="jalon-live-"))  # not under pytest's folder: as root, PostgreSQL's user could not reach it
    with serving(home) as url:
        with httpx.Client(base_url=url) as client:
            token = client.get("/setup/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            answer = client.post("/setup/", data={**FIRST_RUN, "csrfmiddlewaretoken": token})
            assert answer.status_code == 302, answer.text
            cookies = [{"name": name, "value": value, "url": url} for name, value in client.cookies.items()]
        yield Live(url, home, cookies)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """`jalon serve` on a free port until the block ends; its address."""
    port = _free_port()
    environment = {**os.environ, "JALON_HOME": str(home), "PYTHONPATH": str(ROOT)}
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "JALON_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "jalon", "serve", "--port", str(port)]
    with (home / "serve.log").open("wb") as log, subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process, home / "serve.log")
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
    contexts = []

    def open_window(
        size: tuple[int, int] = DESKTOP, *, theme: str = "light", language: str = "en", signed_in: bool = True, motion: str = "reduce"
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce" if motion == "reduce" else "no-preference",
            locale={"fr": "fr-FR", "en": "en-GB"}[language],
        )
        contexts.append(context)
        if signed_in:
            context.add_cookies(live.cookies)  # type: ignore[arg-type]
            context.request.post(f"{live.url}/appearance/", form={"language": language, "csrfmiddlewaretoken": _token(live)})
        else:
            context.add_cookies([{"name": "django_language", "value": language, "url": live.url}])
        window = Visit(context.new_page(), live)
        window.page.on("console", lambda line: window.complaints.append(line.text) if line.type in {"error", "warning"} else None)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield open_window
    for context in contexts:
        context.close()


def _token(live: Live) -> str:
    return next(cookie["value"] for cookie in live.cookies if cookie["name"] == "csrftoken")
