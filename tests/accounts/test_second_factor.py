"""A second factor after the password: codes of an app, recovery codes, and an account that asks everybody for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from jalon.accounts import actions as accounts
from jalon.accounts.models import Account, AuditLine, Authenticator, RecoveryCode, User
from jalon.accounts.notices.queries import notices
from jalon.accounts.safety import actions, codes, queries
from jalon.accounts.safety.limits import TooOften
from tests.people import PASSWORD, People, signed_in

NOON = "2026-06-01 12:00:00"
IP = "192.0.2.7"
# RFC 6238, appendix B: the secret "12345678901234567890", the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands at noon, and is moved by the tests."""
    with time_machine.travel(f"{NOON}+00:00", tick=False) as clock:
        yield clock


def with_app(user: User) -> str:
    """Somebody whose phone has the secret; a minute later, so that the next code is a new one."""
    secret = actions.begin_authenticator(user)
    assert actions.confirm_authenticator(user, code_now(secret), timezone.now())
    return secret


def code_now(secret: str) -> str:
    return codes.code_at(secret, int(timezone.now().timestamp()) // codes.STEP)


def give_password(client: Client, email: str = "bob@moreau.example") -> str:
    return str(client.post("/sign-in/", {"login": email, "password": PASSWORD}).headers["Location"])


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert codes.code_at(RFC_SECRET, seconds // 30) == code
    assert codes.step_of(RFC_SECRET, f"{code[:3]} {code[3:]}", seconds) == seconds // 30


def test_the_password_alone_leads_to_the_second_step_and_no_further(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.bob)
    client = Client()
    assert give_password(client) == "/sign-in/code/"
    assert client.get("/settings/profile/").headers["Location"].startswith("/sign-in/")
    assert "Type the code that the app on your phone shows now." in client.get("/sign-in/code/").content.decode()


def test_the_code_opens_the_door_and_leads_to_the_page_that_was_asked_for(people: People, noon: time_machine.Traveller) -> None:
    secret = with_app(people.bob)
    noon.shift(60)
    client = Client()
    client.post("/sign-in/?next=/notices/", {"login": "bob@moreau.example", "password": PASSWORD, "next": "/notices/"})
    assert client.post("/sign-in/code/", {"code": code_now(secret)}).headers["Location"] == "/notices/"
    assert client.get("/notices/").status_code == 200


def test_a_code_works_once(people: People, noon: time_machine.Traveller) -> None:
    secret = with_app(people.bob)
    assert not actions.check(people.bob, code_now(secret), timezone.now(), ip=IP)  # the one that switched the app on
    noon.shift(30)
    assert actions.check(people.bob, code_now(secret), timezone.now(), ip=IP)
    assert not actions.check(people.bob, code_now(secret), timezone.now(), ip=IP)


def test_a_clock_that_is_half_a_minute_wrong_does_no_harm(people: People, noon: time_machine.Traveller) -> None:
    secret = with_app(people.bob)
    noon.shift(120)
    now = timezone.now()
    step = int(now.timestamp()) // codes.STEP
    assert not actions.check(people.bob, codes.code_at(secret, step - 2), now, ip=IP)
    assert actions.check(people.bob, codes.code_at(secret, step - 1), now, ip=IP)
    assert actions.check(people.bob, codes.code_at(secret, step + 1), now, ip=IP)


def test_guessing_ends_after_five_codes_and_says_how_long(people: People, noon: time_machine.Traveller) -> None:
    secret = with_app(people.bob)
    noon.shift(60)
    for _ in range(5):
        assert not actions.check(people.bob, "000000", timezone.now(), ip=IP)
    with pytest.raises(TooOften, match="Wait 5 minutes"):
        actions.check(people.bob, code_now(secret), timezone.now(), ip=IP)
    noon.shift(301)
    assert actions.check(people.bob, code_now(secret), timezone.now(), ip=IP)


def test_the_audit_log_names_every_wrong_code_and_where_it_came_from(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.bob)
    client = Client()
    give_password(client)
    assert client.post("/sign-in/code/", {"code": "000000"}, REMOTE_ADDR=IP).status_code == 422
    line = AuditLine.objects.get(kind="second_factor.failed")
    assert (line.params, line.actor_id) == ({"person": "bob@moreau.example", "ip": IP}, None)
    page = signed_in(people.alice).get("/settings/audit/").content.decode()
    assert f"from {IP} gave a wrong second factor for bob@moreau.example." in page


def test_recovery_codes_work_once_each_and_only_their_hashes_are_kept(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.bob)
    made = actions.new_recovery_codes(people.bob)
    assert len(set(made)) == codes.RECOVERY_CODES
    assert not set(made) & set(RecoveryCode.objects.values_list("code_hash", flat=True))
    typed = made[0].upper().replace("-", " ")
    assert actions.check(people.bob, typed, timezone.now(), ip=IP)
    assert not actions.check(people.bob, typed, timezone.now(), ip=IP)
    assert queries.factors(people.bob.pk).recovery_codes == codes.RECOVERY_CODES - 1
    assert "9 are left" in notices(people.bob.pk)[0].sentence


def test_the_secret_of_the_app_is_kept_sealed(people: People, noon: time_machine.Traveller) -> None:
    secret = with_app(people.bob)
    assert secret not in Authenticator.objects.get().secret


def test_the_app_is_set_up_on_its_page_and_recovery_codes_are_shown_once(people: People, noon: time_machine.Traveller) -> None:
    client = Client()
    give_password(client)
    page = client.get("/settings/profile/safety/app/").content.decode()
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    assert client.post("/settings/profile/safety/app/", {"code": "000000"}).status_code == 422
    answer = client.post("/settings/profile/safety/app/", {"code": code_now(found[1].replace(" ", ""))}).content.decode()
    assert len(re.findall(r"[a-z2-9]{4}-[a-z2-9]{4}\n", answer.split('id="codes">')[1])) == codes.RECOVERY_CODES
    assert client.get("/settings/profile/safety/app/").headers["Location"] == "/settings/profile/safety/"


def test_whoever_finds_an_open_browser_is_asked_for_the_password_first(people: People, noon: time_machine.Traveller) -> None:
    client = Client()
    give_password(client)
    noon.shift(16 * 60)
    assert client.get("/settings/profile/safety/app/").headers["Location"].startswith("/settings/profile/confirm/")
    assert client.post("/settings/profile/safety/app/remove/").headers["Location"].startswith("/settings/profile/confirm/")
    confirm = "/settings/profile/confirm/?next=/settings/profile/safety/app/"
    assert client.post(confirm, {"current": "wrong"}).status_code == 422
    assert client.post(confirm, {"current": PASSWORD}).headers["Location"] == "/settings/profile/safety/app/"
    assert client.get("/settings/profile/safety/app/").status_code == 200


def test_without_a_factor_the_recovery_codes_end_too(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.bob)
    actions.new_recovery_codes(people.bob)
    actions.remove_authenticator(people.bob)
    assert not RecoveryCode.objects.exists()
    assert give_password(Client()) == "/"


def test_an_administrator_helps_somebody_who_lost_everything(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.bob)
    bobs = signed_in(people.bob)
    bobs.get("/settings/profile/")
    signed_in(people.alice).post(f"/settings/users/{people.bob.pk}/second-factor/reset/")
    assert give_password(Client()) == "/"
    assert bobs.get("/settings/profile/").status_code == 302
    assert AuditLine.objects.filter(kind="second_factor.reset", params__person="Bob").exists()
    assert "Alice took the second factors" in notices(people.bob.pk)[0].sentence


def test_nobody_takes_a_super_admins_second_factor_but_a_super_admin(people: People, noon: time_machine.Traveller) -> None:
    with_app(people.alice)
    grant = accounts.Grant.of("marketing")
    accounts.change_user(people.bob.pk, name="Bob", grant=grant, actor=people.access(people.alice).actor)
    granted = User.objects.get(pk=people.bob.pk).permission_set
    assert granted is not None
    granted.permissions = [*granted.permissions, "users"]
    granted.save()
    signed_in(people.bob).post(f"/settings/users/{people.alice.pk}/second-factor/reset/")
    assert queries.has_second_factor(people.alice.pk)


def test_where_everybody_must_there_is_a_week_and_then_no_way_around(people: People, noon: time_machine.Traveller) -> None:
    signed_in(people.alice).post("/settings/sign-in/second-factor/", {"required": "yes"})
    client = signed_in(people.bob)
    needed = client.get("/notices/").headers["Location"]
    assert needed == "/settings/profile/safety/needed/?next=%2Fnotices%2F"
    assert "Later" in client.get(needed).content.decode()
    assert client.post(needed).headers["Location"] == "/notices/"
    assert client.get("/notices/").status_code == 200
    noon.shift(timedelta(days=8))
    later = signed_in(people.bob)
    for path in ("/notices/", "/settings/profile/", "/contacts/"):
        assert later.get(path).headers["Location"].startswith("/settings/profile/safety/needed/")
    assert "Later" not in later.get("/settings/profile/safety/needed/").content.decode()
    assert later.post("/settings/profile/safety/needed/").status_code == 200
    assert later.get("/settings/profile/safety/").status_code == 200
    with_app(people.bob)
    assert later.get("/notices/").status_code == 200


def test_the_choice_goes_back_to_everybody(people: People) -> None:
    client = signed_in(people.alice)
    client.post("/settings/sign-in/second-factor/", {"required": "yes"})
    actions.begin_authenticator(people.alice)
    client.post("/settings/profile/safety/needed/")
    client.post("/settings/sign-in/second-factor/", {"required": "no"})
    assert Account.objects.get().second_factor_from is None
    assert signed_in(people.bob).get("/notices/").status_code == 200


def test_passkeys_say_in_a_sentence_where_browsers_would_not_use_them(people: People) -> None:
    client = signed_in(people.bob)
    page = "/settings/profile/safety/"
    assert "Open Jalon as https://" in client.get(page, headers={"Host": "192.168.1.20:8000"}).content.decode()
    assert "Passkeys need https." in client.get(page, headers={"Host": "crm.example.com"}).content.decode()
    assert "data-passkey-add" in client.get(page, headers={"Host": "localhost:8000"}).content.decode()
    assert "data-passkey-add" in client.get(page, headers={"Host": "crm.example.com"}, secure=True).content.decode()


def test_a_forged_passkey_opens_nothing(people: People) -> None:
    client = Client(headers={"Host": "localhost"})
    assert client.post("/sign-in/passkey/begin/").json()["publicKey"]["rpId"] == "localhost"
    answer = client.post("/sign-in/passkey/finish/", {"id": "x", "rawId": "x"}, content_type="application/json")
    assert (answer.status_code, "does not know this passkey" in answer.json()["sentence"]) == (422, True)
    assert client.post("/sign-in/passkey/finish/", "no json", content_type="application/json").status_code == 422
