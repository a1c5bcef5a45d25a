"""The frame that every page stands in: menu, headers, fragments, static files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from jalon.accounts.access import Access, Actor
from jalon.web import icons, menu, pages
from jalon.web.menu import CreateEntry, MenuEntry
from jalon.web.messages import ROOT
from jalon.web.middleware import ToastMiddleware
from tests.people import People, signed_in

BUDGET = 120_000
SCRIPT = re.compile(r'<script src="/static/([^"]+)"')
IMPORT = re.compile(r'from "\./([^"]+)"')
STATICS = ROOT / "web" / "static"
READER = Access(Actor(1, "Rita"), permissions=frozenset({"records.view"}))


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu of our own; the product's comes back after the test."""
    monkeypatch.setattr(menu, "_entries", [])
    monkeypatch.setattr(menu, "_creates", [])


def asked(path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def test_the_rail_shows_what_one_may_see_in_sections_and_order(wired: None) -> None:
    menu.install(
        [
            MenuEntry("Users", "users", "settings:users", "users", order=30),
            MenuEntry("Forms", "forms", "settings:account", "records.view", section="Marketing", order=20),
            lambda: [MenuEntry("Mine", "user", "settings:profile", "records.view", order=10)],
            MenuEntry("Settings", "settings", "settings:home", order=90, at_foot=True),
        ]
    )
    sections, foot = menu.rail(asked(), READER)
    assert [(name, [line.label for line in lines]) for name, lines in sections] == [("", ["Mine"]), ("Marketing", ["Forms"])]
    assert [line.label for line in foot] == ["Settings"]


def test_the_current_line_is_the_one_that_fits_best(wired: None) -> None:
    menu.install([MenuEntry("Settings", "settings", "settings:home"), MenuEntry("Profile", "user", "settings:profile")])
    sections, _foot = menu.rail(asked("/settings/profile/password/"), READER)
    assert [line.label for line in sections[0][1] if line.current] == ["Profile"]


def test_the_create_button_offers_what_one_may_create(wired: None) -> None:
    menu.install([], [CreateEntry("Contact", "plus", "setup", "records.edit"), CreateEntry("View", "eye", "setup", "records.view")])
    assert [line.label for line in menu.creates(READER)] == ["View"]


@pytest.mark.parametrize(
    ("headers", "template"),
    [
        ({}, "web/error.html"),
        ({"HX-Request": "true"}, "web/_empty.html"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "web/error.html"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "web/error.html"),
    ],
)
def test_one_address_gives_the_page_or_the_part_that_htmx_asked_for(headers: dict[str, str], template: str) -> None:
    context = {"title": "A part", "error_title": "A page", "icon": "inbox"}
    answer = pages.render(asked(**headers), "web/error.html", context, part="empty")
    assert ("A part" in answer.content.decode()) is (template == "web/_empty.html")
    assert "HX-Request" in answer.headers["Vary"]


def test_every_answer_carries_the_strict_policy(people: People) -> None:
    for path in ("/sign-in/", "/settings/profile/", "/nothing/"):
        policy = Client().get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_message_travels_to_htmx_in_a_header() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        messages.success(request, "Gespeichert – déjà vu")
        return HttpResponse()

    request = asked(**{"HX-Request": "true"})
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    answer = ToastMiddleware(view)(request)
    toasts = json.loads(answer.headers["HX-Trigger"])["toasts"]["toasts"]
    assert toasts == [{"level": "success", "text": "Gespeichert – déjà vu"}]


@pytest.mark.parametrize(
    ("path", "status", "sentence"), [("/nothing/", 404, "Search finds records"), ("/settings/users/", 403, "An administrator can")]
)
def test_what_goes_wrong_gets_a_helpful_sentence_inside_the_frame(people: People, path: str, status: int, sentence: str) -> None:
    answer = signed_in(people.rita).get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert 'id="rail"' in page


def test_a_page_that_breaks_says_so_without_the_parts_that_may_be_broken(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_arguments: object) -> None:
        raise RuntimeError("a broken table")

    monkeypatch.setattr(menu, "rail", break_down)
    client = signed_in(people.alice)
    client.raise_request_exception = False
    answer = client.get("/settings/profile/", headers={"Accept-Language": "fr"})
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert "a broken table" not in answer.content.decode()


def test_a_forged_form_is_refused_with_a_sentence(people: People) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "alice@moreau.example"})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


def test_a_normal_page_carries_little_javascript(people: People) -> None:
    page = signed_in(people.alice).get("/settings/profile/").content.decode()
    files = {STATICS / name for name in SCRIPT.findall(page)}
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        found = {path.with_name(name) for name in IMPORT.findall(path.read_text())} - files
        files |= found
        waiting.extend(found)
    assert {"htmx.min.js", "alpine-csp.min.js", "frame.js", "tables.js"} <= {path.name for path in files}
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < BUDGET


def test_an_unknown_icon_is_one_clear_error() -> None:
    assert "<path" in icons.icon("users")
    with pytest.raises(icons.UnknownIcon, match="no outline icon named 'milestone-of-gold'"):
        icons.icon("milestone-of-gold")


MAILS = {*ROOT.glob("mail/**/*.html"), *ROOT.glob("*/templates/*/mails/*.html")}  # they have no style sheet
PAGES = sorted(set(ROOT.glob("*/templates/**/*.html")) - MAILS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_icon_of_a_template_exists_and_nothing_is_inline(path: Path) -> None:
    source = path.read_text()
    for name in re.findall(r'{% icon "([^"]+)"', source):
        icons.icon(name)
    plain = re.sub(r"{%.*?%}|{{.*?}}", "", source)
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|href=.javascript:", plain) == []
