"""What one person may see and do. Every view names its permission here, every reader of records asks `Access.owners`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: a user, or Jalon itself."""

    user_id: int | None
    name: str


SYSTEM = Actor(None, "Jalon")


class Scope(StrEnum):
    """Whose records a permission reaches. The narrow ones may take the records that nobody owns along."""

    ALL = "all"
    TEAM_AND_UNASSIGNED = "team+unassigned"
    TEAM = "team"
    OWN_AND_UNASSIGNED = "own+unassigned"
    OWN = "own"
    NONE = "none"

    @property
    def width(self) -> int:
        """0 reaches nobody's records, 1 one's own, 2 those of the teams, 3 everybody's."""
        return _WIDTHS[self]

    @property
    def unassigned(self) -> bool:
        """Whether it reaches records without an owner."""
        return self is Scope.ALL or self.value.endswith("+unassigned")

    def within(self, other: Scope) -> Scope:
        """What both reach: nobody edits what they do not see, whatever is ticked."""
        narrow = min(self, other, key=lambda scope: scope.width)
        if self is other or narrow.width in (0, 3):
            return narrow
        both = self.unassigned and other.unassigned
        return _NARROW[narrow.width, both]


_WIDTHS = {
    Scope.ALL: 3,
    Scope.TEAM_AND_UNASSIGNED: 2,
    Scope.TEAM: 2,
    Scope.OWN_AND_UNASSIGNED: 1,
    Scope.OWN: 1,
    Scope.NONE: 0,
}
_NARROW = {(scope.width, scope.unassigned): scope for scope in _WIDTHS}


class Refused(ValueError):
    """A change that cannot be made; `sentences` tell the person who asked why, and what would be right."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class Denied(PermissionDenied):
    """Somebody asked for what they may not do; the message is a sentence for them."""


@dataclass(frozen=True, slots=True)
class Access:
    """One person's rights, read once per request. Pass it to every function that returns records."""

    actor: Actor
    super_admin: bool = False
    permissions: frozenset[str] = frozenset()
    scopes: Mapping[str, Scope] = field(default_factory=lambda: MappingProxyType({}))  # "contact.view", "*.edit"
    team_user_ids: frozenset[int] = frozenset()  # the members of all my teams, I among them

    def may(self, permission: str) -> bool:
        return self.super_admin or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Denied with a sentence when the permission is missing."""
        if not self.may(permission):
            raise Denied(gettext("You do not have the right to do this. An administrator can give it to you in Settings, Users."))

    def scope(self, object_type: str, verb: str = "view") -> Scope:
        """The scope of a verb (view, edit, delete) on an object type; a type without its own line follows "*"."""
        if self.super_admin:
            return Scope.ALL
        if not self.may(f"records.{verb}"):
            return Scope.NONE
        scope = self.scopes.get(f"{object_type}.{verb}") or self.scopes.get(f"*.{verb}") or Scope.NONE
        return scope if verb == "view" else scope.within(self.scope(object_type))

    def owners(self, object_type: str, verb: str = "view") -> frozenset[int] | None:
        """None: every record. A set: only records of these owners, and those without one where `scope(...).unassigned`."""
        mine = frozenset({self.actor.user_id} if self.actor.user_id else ())
        match self.scope(object_type, verb).width:
            case 3:
                return None
            case 2:
                return self.team_user_ids | mine
            case 1:
                return mine
            case _:
                return frozenset()


EVERYTHING = Access(SYSTEM, super_admin=True)
NOBODY = Access(Actor(None, ""))


class Guarded(Protocol):
    """A view that says who may call it. The URL walk test refuses any other."""

    permission: str | None
    public: bool


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs(permission: str) -> Callable[[View], View]:
    """Marks a view with its permission. Nobody is sent to sign-in; a user without it gets the 403 page.

    `needs("")` asks for a signed-in user only.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            access = access_of_request(request)
            if access.actor.user_id is None:
                return _sign_in(request)
            if permission:
                access.require(permission)
            return view(request, *args, **kwargs)

        return _marked(cast(View, guarded), permission, is_public=False)

    return decorate


def public(view: View) -> View:
    """Marks one of the few views that anybody may call."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return _marked(cast(View, open_to_all), None, is_public=True)


def access_of_request(request: HttpRequest) -> Access:
    """What the middleware found out about the caller."""
    return cast(Access, getattr(request, "access", NOBODY))


_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """Keeps in mind who asks, for the time of one request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def reader() -> Access:
    """Who asks, for what is reached through tables that know no reader (the kinds of filters). Outside of a request Jalon itself asks."""
    request = _request.get()
    return access_of_request(request) if request is not None else EVERYTHING


def _marked(view: View, permission: str | None, *, is_public: bool) -> View:
    guarded = cast(Guarded, view)
    guarded.permission = permission
    guarded.public = is_public
    return view


def _sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; an htmx fragment must not receive a whole page, so htmx is told to leave."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
