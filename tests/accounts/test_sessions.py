"""Where one is signed in: a line for each device, and an end to any of them."""

from __future__ import annotations

import pytest
from django.test import Client

from jalon.accounts import actions as accounts
from jalon.accounts.models import UserSession
from jalon.accounts.notices.queries import notices
from jalon.accounts.safety import agents
from jalon.accounts.sessions import actions
from tests.people import PASSWORD, People

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0"
CHROME = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36"
PAGE = "/settings/profile/safety/"


def signed_in_with(agent: str, email: str = "bob@moreau.example") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/sign-in/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Windows"),
        (IPHONE, "Safari", "iPhone"),
        (EDGE, "Edge", "Windows"),
        (CHROME, "Chrome", "Android"),
        ("?", "", ""),
    ],
)
def test_a_browser_is_told_in_words(agent: str, browser: str, system: str) -> None:
    assert (agents.browser(agent), agents.system(agent)) == (browser, system)


def test_the_page_lists_every_device_and_marks_this_one(people: People) -> None:
    here = signed_in_with(FIREFOX)
    signed_in_with(IPHONE)
    signed_in_with(CHROME, "rita@moreau.example")
    page = here.get(PAGE).content.decode()
    assert page.count("This device") == 1
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "Chrome on Android" not in page


def test_one_other_device_is_signed_out_and_the_others_stay(people: People) -> None:
    here, lost, third = signed_in_with(FIREFOX), signed_in_with(IPHONE), signed_in_with(EDGE)
    page = here.get(PAGE).content.decode()
    handle = page.split("Safari on iPhone")[1].split("/sessions/")[1].split("/")[0]
    here.post(f"{PAGE}sessions/{handle}/end/")
    assert [client.get(PAGE).status_code for client in (here, lost, third)] == [200, 302, 200]


def test_nobody_ends_the_session_of_somebody_else(people: People) -> None:
    ritas = signed_in_with(CHROME, "rita@moreau.example")
    key = UserSession.objects.get(user=people.rita).key
    assert not actions.end(people.bob.pk, key)
    assert ritas.get(PAGE).status_code == 200


def test_all_others_are_signed_out_at_once(people: People) -> None:
    here, lost, third = signed_in_with(FIREFOX), signed_in_with(IPHONE), signed_in_with(EDGE)
    here.post(f"{PAGE}sessions/end/")
    assert [client.get(PAGE).status_code for client in (here, lost, third)] == [200, 302, 302]


def test_a_new_password_ends_the_others_for_good(people: People) -> None:
    here, lost = signed_in_with(FIREFOX), signed_in_with(IPHONE)
    here.post("/settings/profile/password/", {"current": PASSWORD, "password": "another wall 77"})
    assert [client.get(PAGE).status_code for client in (here, lost)] == [200, 302]
    assert "Safari on iPhone" not in here.get(PAGE).content.decode()
    assert "Your password was changed." in notices(people.bob.pk)[0].sentence


def test_a_deactivated_user_is_signed_out_everywhere(people: People) -> None:
    lost = signed_in_with(IPHONE)
    accounts.set_active(people.bob.pk, False, actor=people.access(people.alice).actor)
    accounts.set_active(people.bob.pk, True, actor=people.access(people.alice).actor)
    assert lost.get(PAGE).status_code == 302


def test_a_kind_of_device_that_is_new_is_told(people: People) -> None:
    signed_in_with(FIREFOX)
    signed_in_with(FIREFOX)
    assert notices(people.bob.pk) == []
    signed_in_with(IPHONE)
    assert [line.sentence.split(" (")[0] for line in notices(people.bob.pk)] == ["You signed in with Safari on iPhone"]


def test_what_has_ended_by_itself_is_put_away(people: People) -> None:
    signed_in_with(FIREFOX)
    UserSession.objects.create(key="gone", user=people.bob, ip="", agent="")
    actions.forget_ended()
    assert UserSession.objects.count() == 1
