"""What a demo home tells of itself."""

from __future__ import annotations

from jalon.demo.chapters import cast
from jalon.demo.company import CAST, Member
from jalon.demo.models import Demo


def is_demo() -> bool:
    return Demo.objects.exists()


def is_taken() -> bool:
    """Whether this home belongs to somebody, so that the demo must not touch it."""
    return not is_demo() and cast.is_elsewhere()


def people() -> tuple[Member, ...]:
    """The five whose views of the data differ most."""
    return CAST[:5]
