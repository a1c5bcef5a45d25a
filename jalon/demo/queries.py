"""What a demo home tells of itself."""

from __future__ import annotations

from django.utils.translation import gettext

from jalon.accounts import permissions
from jalon.accounts.pages import Guests
from jalon.demo.chapters import cast
from jalon.demo.company import CAST, PASSWORD, Member
from jalon.demo.models import Demo


def is_demo() -> bool:
    return Demo.objects.exists()


def is_taken() -> bool:
    """Whether this home belongs to somebody, so that the demo must not touch it."""
    return not is_demo() and cast.is_elsewhere()


def guests() -> Guests | None:
    """What the sign-in page of a demo home says: anybody may come in as one of its people."""
    if not is_demo():
        return None
    return Guests(PASSWORD, tuple((one.email, f"{one.name}, {gettext(permissions.label_of(one.role))}") for one in people()))


def people() -> tuple[Member, ...]:
    """The five whose views of the data differ most."""
    return CAST[:5]
