"""How often something may be tried, counted together by all processes; and the rules of passwords."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from jalon.accounts.models import Attempts, AuditLine, Invitation
from jalon.accounts.safety import actions
from jalon.accounts.safety.limits import Limit, TooOften
from jalon.mail import runner
from tests.mail_server import mail_server, sending_to
from tests.people import PASSWORD, People

THREE = Limit("test", 3, timedelta(minutes=10))
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_one_more_than_the_limit_is_refused_until_the_window_ends(house: None) -> None:
    for _ in range(3):
        actions.take(THREE, "somebody", NOW)
    with pytest.raises(TooOften, match="Wait 10 minutes"):
        actions.take(THREE, "Somebody ", NOW)
    actions.take(THREE, "somebody else", NOW)
    with pytest.raises(TooOften, match="Wait 30 seconds"):
        actions.take(THREE, "somebody", NOW + timedelta(seconds=570))
    actions.take(THREE, "somebody", NOW + timedelta(minutes=10))


def test_a_success_does_not_count_and_does_not_forgive(house: None) -> None:
    for _ in range(2):
        actions.take(THREE, "somebody", NOW)
    for _ in range(5):
        actions.take(THREE, "somebody", NOW)
        actions.give_back(THREE, "somebody")
    actions.take(THREE, "somebody", NOW)
    with pytest.raises(TooOften):
        actions.take(THREE, "somebody", NOW)


def test_many_at_the_same_moment_are_counted_one_by_one(house: None) -> None:
    def attempt(_number: int) -> bool:
        try:
            actions.take(THREE, "somebody", NOW)
        except TooOften:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(attempt, range(24))) == THREE.most


def test_closed_windows_are_put_away_and_names_are_not_kept(house: None) -> None:
    actions.take(THREE, "somebody@example.com", NOW)
    assert "somebody" not in Attempts.objects.get().key
    actions.forget_old_attempts(NOW + timedelta(minutes=11))
    assert not Attempts.objects.exists()


def test_wrong_passwords_stand_in_the_audit_log_and_strangers_do_not(people: People) -> None:
    for email in ("bob@moreau.example", "stranger@example.com"):
        Client().post("/sign-in/", {"login": email, "password": "wrong"})
    assert [line.params["person"] for line in AuditLine.objects.filter(kind="sign_in.failed")] == ["bob@moreau.example"]


def test_a_lost_password_is_mailed_and_the_page_tells_nobody_who_is_a_user(people: People) -> None:
    with mail_server() as server, sending_to(server.port, "https://crm.moreau.example"):
        pages = [Client().post("/sign-in/forgotten/", {"email": f"{who}@moreau.example"}) for who in ("bob", "nobody")]
        runner.deliver()
    bodies = [page.content.decode().replace("nobody@", "bob@") for page in pages]
    assert bodies[0].split("<main")[1].split("</section>")[0] == bodies[1].split("<main")[1].split("</section>")[0]
    [message] = server.taken
    assert message["To"] == "bob@moreau.example"
    body = message.get_body(("plain",))
    assert body is not None
    link = next(word for word in body.get_content().split() if word.startswith("https://crm.moreau.example/invitation/"))
    client = Client()
    client.post(link.removeprefix("https://crm.moreau.example"), {"name": "Bob", "password": "another wall 77"})
    assert client.get("/settings/profile/").status_code == 200


def test_a_link_is_never_made_from_what_a_stranger_writes_into_the_request(people: People) -> None:
    with mail_server() as server:  # no JALON_URL
        answer = Client(headers={"Host": "evil.example"}).post("/sign-in/forgotten/", {"email": "bob@moreau.example"})
        assert (answer.headers["Location"], runner.deliver(), server.taken) == ("/sign-in/", 0, [])
    assert not Invitation.objects.exists()


def test_password_links_have_their_limit(people: People) -> None:
    with sending_to(1, "https://crm.moreau.example"):
        pages = [Client().post("/sign-in/forgotten/", {"email": "bob@moreau.example"}).content.decode() for _ in range(4)]
    assert ["Wait 60 minutes" in page for page in pages] == [False, False, False, True]


@pytest.mark.parametrize(
    ("password", "missed"),
    [
        ("correct horse battery", []),
        ("short one", ["At least 12 characters"]),
        ("1234567890", ["At least 12", "None that many", "Not only digits"]),
        ("bob@moreau.example", ["Not like your name"]),
    ],
)
def test_the_rules_of_passwords_are_told_while_one_types(people: People, password: str, missed: list[str]) -> None:
    typed = {"password": password, "email": "bob@moreau.example", "name": "Bob"}
    page = Client().post("/password/rules/", typed).content.decode()
    told = [line for line in page.split("<li") if "is-missed" in line]
    assert [any(rule in line for line in told) for rule in missed] == [True] * len(missed) == [True] * len(told)


def test_every_answer_carries_the_headers_that_keep_browsers_careful(people: People) -> None:
    answer = Client().post("/sign-in/", {"login": "bob@moreau.example", "password": PASSWORD})
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_form_without_its_token_is_refused(people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"login": "bob@moreau.example", "password": PASSWORD}).status_code == 403
    assert strict.post("/sign-in/passkey/begin/").status_code == 403
