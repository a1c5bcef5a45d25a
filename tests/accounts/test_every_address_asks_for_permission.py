"""Walks every address of the product as nobody, as a reader and as somebody who sees only their own records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from tests.people import People, signed_in

EDITS = {"records.edit", "records.delete", "import", "export", "reports.edit", "property_settings", "account_settings", "users"}


@dataclass(frozen=True)
class Address:
    """One address with something filled in for its parameters."""

    path: str
    view: Any

    @property
    def permission(self) -> str | None:
        return getattr(self.view, "permission", None)

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "public", False)

    def __str__(self) -> str:
        return self.path


def walk(patterns: list[Any], start: str = "/") -> Iterator[Address]:
    for entry in patterns:
        part = filled(entry)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, start + part)
        elif isinstance(entry, URLPattern):
            yield Address(start + part, entry.callback)


def filled(entry: URLPattern | URLResolver) -> str:
    route = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = next(key for key in (f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<{name}>") if key in route)
        route = route.replace(kind, "1" if isinstance(converter, IntConverter) else "contacts" if name == "plural" else "x")
    return route


WAYS_IN = {
    "/setup/",
    "/sign-in/",
    "/sign-in/code/",
    "/sign-in/passkey/begin/",
    "/sign-in/passkey/finish/",
    "/sign-in/elsewhere/",
    "/sign-in/elsewhere/back/",
    "/sign-in/forgotten/",
    "/password/rules/",
    "/sign-out/",
    "/invitation/x/",
}
ADDRESSES = list(walk(get_resolver().url_patterns))
FOR_PROGRAMS = [address for address in ADDRESSES if getattr(address.view, "takes_tokens", False)]
GUARDED = [address for address in ADDRESSES if not address.is_public and address not in FOR_PROGRAMS]
EDIT_PAGES = [address for address in GUARDED if address.permission in EDITS]


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_the_view_names_its_permission_or_says_that_it_is_public(address: Address) -> None:
    assert address.is_public or address.permission is not None, "decorate the view with accounts.access.needs or public"


def test_only_the_ways_in_and_the_switches_are_public() -> None:
    public = {address.path for address in ADDRESSES if address.is_public}
    assert public == WAYS_IN | {"/appearance/", "/health"}


def test_nobody_is_led_to_sign_in_from_every_address(people: People) -> None:
    client = Client()
    answers = {address.path: client.get(address.path) for address in GUARDED}
    strays = {path: (answer.status_code, answer.headers.get("Location")) for path, answer in answers.items() if not to_sign_in(answer)}
    assert strays == {}


def test_nobody_changes_anything_at_any_address(people: People) -> None:
    client = Client()
    strays = [address.path for address in GUARDED if not to_sign_in(client.post(address.path))]
    assert strays == []


def test_nobody_gets_a_sentence_at_every_address_for_programs(people: People) -> None:
    client = Client()
    answers = [client.get(address.path) for address in FOR_PROGRAMS]
    assert FOR_PROGRAMS
    assert {(answer.status_code, "Bearer" in answer.json()["error"]) for answer in answers} == {(401, True)}


def to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and str(answer.headers["Location"]).startswith("/sign-in/")


def test_a_fragment_tells_htmx_to_leave_for_sign_in(people: People) -> None:
    answer = Client().get("/jobs/running/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/")


def test_a_reader_is_refused_on_every_page_that_changes_something(people: People) -> None:
    client = signed_in(people.rita)
    answers = {f"{verb} {address.path}": send(client, verb, address) for address in EDIT_PAGES for verb in ("get", "post")}
    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_somebody_with_only_their_own_records_is_refused_where_their_rights_end(people: People) -> None:
    client = signed_in(people.charlie)
    rights = people.access(people.charlie)
    beyond = [address for address in GUARDED if address.permission and not rights.may(address.permission)]
    assert {address.path for address in beyond} >= {"/settings/users/", "/settings/account/"}
    assert {address.path: send(client, "get", address) for address in beyond if send(client, "get", address) != 403} == {}


def test_a_deactivated_user_is_nobody(people: People) -> None:
    client = signed_in(people.rita)
    type(people.rita).objects.filter(pk=people.rita.pk).update(is_active=False)
    assert to_sign_in(client.get("/settings/profile/"))


def send(client: Client, verb: str, address: Address) -> int:
    status: int = getattr(client, verb)(address.path).status_code
    return status
