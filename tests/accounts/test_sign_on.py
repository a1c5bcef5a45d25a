"""Signing in elsewhere: with a provider that signs with real keys, and with ones that cheat."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from jalon.accounts.access import SYSTEM
from jalon.accounts.models import OutsideIdentity, SignOn, User
from jalon.accounts.rights.actions import set_of
from jalon.accounts.safety import actions as safety
from jalon.accounts.sign_on import actions
from jalon.accounts.sign_on.actions import Wish
from jalon.config import environment
from tests.accounts.test_second_factor import with_app
from tests.identity_provider import CLIENT, SECRET, Provider, identity_provider
from tests.people import PASSWORD, People, signed_in

BOB = {"sub": "248289761001", "email": "Bob@moreau.example", "email_verified": True, "name": "Bob"}


@pytest.fixture
def provider(people: People) -> Iterator[Provider]:
    """Jalon trusts this provider, at which Bob has an account."""
    with identity_provider(**BOB) as found:
        trust(found)
        yield found


def trust(provider: Provider, **wish: Any) -> None:
    values: dict[str, Any] = {"new_user_set": None, "only": False, **wish}
    actions.choose(Wish(provider.url, CLIENT, SECRET, "Moreau ID", **values), actor=SYSTEM)


def there_and_back(client: Client, provider: Provider, path: str = "/sign-in/elsewhere/") -> str:
    """Where the sign-in leads at last."""
    leaving = client.get(path).headers["Location"]
    assert leaving.startswith(f"{provider.url}/authorize?")
    return str(client.get(provider.authorize(leaving)).headers["Location"])


def told(client: Client) -> str:
    return client.get("/sign-in/").content.decode()


def test_a_user_is_matched_by_the_verified_address_and_comes_to_the_page_asked_for(people: People, provider: Provider) -> None:
    client = Client()
    assert "Sign in with Moreau ID" in told(client)
    assert there_and_back(client, provider, "/sign-in/elsewhere/?next=/notices/") == "/notices/"
    assert client.get("/settings/profile/").status_code == 200
    assert OutsideIdentity.objects.get().user == people.bob


def test_afterwards_the_number_counts_and_not_the_address(people: People, provider: Provider) -> None:
    there_and_back(Client(), provider)
    provider.claims["email"] = "alice@moreau.example"
    client = Client()
    there_and_back(client, provider)
    assert "Bob" in client.get("/settings/profile/").content.decode()


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email_verified": False}, "does not vouch for your e-mail address"),
        ({"email_verified": "true"}, "does not vouch for your e-mail address"),
        ({"email": ""}, "does not vouch for your e-mail address"),
        ({"email": "stranger@moreau.example"}, "stranger@moreau.example is not a user here."),
        ({"aud": "another client"}, "answer does not hold"),
        ({"iss": "https://elsewhere.example"}, "answer does not hold"),
        ({"exp": int(time.time()) - 3600}, "answer does not hold"),
        ({"nonce": "of another sign-in"}, "began in another window"),
    ],
)
def test_an_identity_that_does_not_hold_is_sent_away(people: People, provider: Provider, claims: dict[str, Any], sentence: str) -> None:
    provider.claims.update(claims)
    client = Client()
    assert there_and_back(client, provider) == "/sign-in/"
    assert sentence in told(client)
    assert client.get("/settings/profile/").status_code == 302


@pytest.mark.parametrize("cheat", [{"wrong_key": True}, {"algorithm": "none"}, {"algorithm": "HS256"}], ids=str)
def test_a_forged_signature_opens_nothing(people: People, provider: Provider, cheat: dict[str, Any]) -> None:
    for name, value in cheat.items():
        setattr(provider, name, value)
    client = Client()
    assert there_and_back(client, provider) == "/sign-in/"
    assert "answer does not hold" in told(client)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(people: People, provider: Provider) -> None:
    back = provider.authorize(Client().get("/sign-in/elsewhere/").headers["Location"])
    stranger = Client()
    assert stranger.get(back).headers["Location"] == "/sign-in/"
    assert "began in another window" in told(stranger)


def test_somebody_new_becomes_a_user_where_that_is_wanted(people: People, provider: Provider) -> None:
    trust(provider, new_user_set=set_of("reader").pk)
    provider.claims.update(sub="7", email="zoe@moreau.example", name="Zoé")
    client = Client()
    assert there_and_back(client, provider) == "/"
    zoe = User.objects.get(email="zoe@moreau.example")
    assert (zoe.name, zoe.permission_set, zoe.has_usable_password()) == ("Zoé", set_of("reader"), False)
    assert client.get("/settings/profile/safety/app/").status_code == 200  # there is no password to ask for


def test_a_deactivated_user_stays_outside(people: People, provider: Provider) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    client = Client()
    assert there_and_back(client, provider) == "/sign-in/"
    assert "This account is deactivated." in told(client)


def test_a_second_factor_is_asked_for_here_too(people: People, provider: Provider) -> None:
    with_app(people.bob)
    client = Client()
    assert there_and_back(client, provider) == "/sign-in/code/"
    assert client.get("/settings/profile/").status_code == 302


def test_where_it_is_the_only_way_in_a_super_admin_keeps_the_password(people: People, provider: Provider) -> None:
    trust(provider, only=True)
    assert 'name="password"' not in told(Client())
    refused = Client().post("/sign-in/", {"login": "bob@moreau.example", "password": PASSWORD})
    assert "one signs in with Moreau ID only" in refused.content.decode()
    assert Client().post("/sign-in/", {"login": "alice@moreau.example", "password": PASSWORD}).headers["Location"] == "/"


def test_the_secret_is_sealed_and_shown_nowhere(people: People, provider: Provider) -> None:
    assert SECRET not in SignOn.objects.get().client_secret
    assert SECRET not in signed_in(people.alice).get("/settings/sign-in/").content.decode()


def test_the_settings_page_checks_the_issuer_before_it_trusts_it(people: People) -> None:
    form = {"issuer": "http://127.0.0.1:1", "client_id": CLIENT, "client_secret": SECRET, "label": "Moreau ID", "new_user_set": ""}
    alice = signed_in(people.alice)
    assert "127.0.0.1 cannot be reached" in alice.post("/settings/sign-in/", form).content.decode()
    plain = alice.post("/settings/sign-in/", {**form, "issuer": "http://login.example.com"}).content.decode()
    assert "must begin with https://" in plain
    assert not SignOn.objects.exists()
    with identity_provider() as found:
        assert alice.post("/settings/sign-in/", {**form, "issuer": f"{found.url}/"}).status_code == 302
        assert alice.post("/settings/sign-in/", {**form, "issuer": found.url, "client_secret": ""}).status_code == 302
    assert "Sign in with Moreau ID" in told(Client())
    alice.post("/settings/sign-in/forget/")
    assert "Moreau ID" not in told(Client())


def test_only_a_super_admin_chooses_where_people_sign_in(people: People) -> None:
    marketing = set_of("marketing")
    marketing.permissions = [*marketing.permissions, "account_settings"]
    marketing.save()
    User.objects.filter(pk=people.bob.pk).update(permission_set=marketing)
    bob = signed_in(people.bob)
    assert bob.get("/settings/sign-in/").status_code == 200
    assert bob.post("/settings/sign-in/", {"issuer": "https://evil.example"}).status_code == 403
    assert bob.post("/settings/sign-in/forget/").status_code == 403


def test_the_environment_goes_before_the_settings_page(people: People) -> None:
    variables = {"OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_LABEL": "House", "OIDC_NEW_USER_SET": "reader"}
    with identity_provider(**BOB) as found:
        read = environment.read({"JALON_HOME": str(settings.ENVIRONMENT.home), "OIDC_ISSUER": found.url, **variables})
        with override_settings(ENVIRONMENT=read):
            client = Client()
            assert "Sign in with House" in told(client)
            assert there_and_back(client, found) == "/"
            page = signed_in(people.alice).get("/settings/sign-in/").content.decode()
    assert "of the environment say so" in page
    assert not SignOn.objects.exists()


def test_a_secret_of_another_secret_key_is_told_in_a_sentence(people: People, provider: Provider) -> None:
    client = Client()
    back = provider.authorize(client.get("/sign-in/elsewhere/").headers["Location"])
    safety.begin_authenticator(people.rita)
    SignOn.objects.update(client_secret="gAAAAABnot-of-this-key")
    assert client.get(back).headers["Location"] == "/sign-in/"
    assert "was kept with another SECRET_KEY" in told(client)
