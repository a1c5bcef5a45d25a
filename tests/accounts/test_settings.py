"""The account's settings, one's profile, and the switches of language and theme."""

from __future__ import annotations

from django.test import Client

from jalon.accounts import queries
from jalon.accounts.models import User
from tests.people import PASSWORD, People, signed_in

ACCOUNT_FORM = {
    "name": "Moreau SA",
    "language": "fr",
    "zone": "Asia/Tokyo",
    "currency": "JPY",
    "first_weekday": "6",
    "fiscal_month": "4",
    "report_mail_zone": "Europe/Paris",
}


def test_the_account_is_changed_and_read_again_at_once(people: People) -> None:
    assert signed_in(people.alice).post("/settings/account/", ACCOUNT_FORM).status_code == 302
    account = queries.account()
    assert (account.name, account.zone, account.currency, account.first_weekday) == ("Moreau SA", "Asia/Tokyo", "JPY", 6)
    assert account.report_mail_zone == "Europe/Paris"


def test_the_settings_menu_shows_only_what_one_may_open(people: People) -> None:
    page = signed_in(people.rita).get("/settings/profile/").content.decode()
    assert "/settings/profile/" in page
    assert "/settings/users/" not in page
    assert signed_in(people.rita).get("/settings/").headers["Location"] == "/settings/profile/"


def test_pages_speak_the_users_language_before_the_accounts(people: People) -> None:
    client = signed_in(people.bob)
    assert '<html lang="en"' in client.get("/settings/profile/").content.decode()
    client.post("/appearance/", {"language": "fr", "next": "/settings/profile/"})
    page = client.get("/settings/profile/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="fr"' in page
    assert "Votre profil" in page


def test_visitors_get_the_accounts_language_until_they_choose(people: People) -> None:
    client = Client(headers={"Accept-Language": "fr"})
    assert "Sign in" in client.get("/sign-in/").content.decode()
    client.post("/appearance/", {"language": "fr", "next": "/sign-in/"})
    assert "Se connecter" in client.get("/sign-in/").content.decode()


def test_the_theme_is_kept_with_the_user(people: People) -> None:
    client = signed_in(people.bob)
    client.post("/appearance/", {"theme": "dark", "next": "/settings/profile/"})
    assert User.objects.get(pk=people.bob.pk).theme == "dark"
    assert 'data-bs-theme="dark"' in client.get("/settings/profile/").content.decode()


def test_the_switch_leads_nowhere_but_here(people: People) -> None:
    for target in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert Client().post("/appearance/", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(people: People) -> None:
    here, elsewhere = signed_in(people.bob), signed_in(people.bob)
    refused = here.post("/settings/profile/password/", {"current": "wrong", "password": "another wall 77"})
    assert "This is not your present password." in refused.content.decode()
    assert here.post("/settings/profile/password/", {"current": PASSWORD, "password": "another wall 77"}).status_code == 302
    assert here.get("/settings/profile/").status_code == 200
    assert elsewhere.get("/settings/profile/").status_code == 302
