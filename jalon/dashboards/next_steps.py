"""The next steps of setting Jalon up, as long as they are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from jalon.accounts.access import Access
from jalon.accounts.queries import users
from jalon.dashboards import queries
from jalon.records.queries import catalogs


@dataclass(frozen=True, slots=True)
class Step:
    """Something worth doing next, and where."""

    icon: str
    label: str
    why: str
    url: str


def open_steps(access: Access) -> list[Step]:
    """The steps that this person may take and nobody took yet."""
    return [step for make in STEPS for step in make(access)]


def _import(access: Access) -> Iterator[Step]:
    if access.may("import") and queries.is_empty(access, catalogs()["contact"]):
        why = gettext("A CSV file with names and e-mail addresses is enough. Nothing is written before you have seen what will happen.")
        yield Step("file-import", gettext("Import your contacts"), why, reverse("imports:start"))


def _invite(access: Access) -> Iterator[Step]:
    if access.may("users") and len(users()) == 1:
        why = gettext("Colleagues sign in with their e-mail address and see what their role allows.")
        yield Step("user-plus", gettext("Invite a colleague"), why, reverse("settings:invite"))


STEPS: tuple[Callable[[Access], Iterator[Step]], ...] = (_import, _invite)
