"""`jalon user`: people who may sign in, from the command line."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from django.utils.translation import gettext

from jalon.accounts import actions, permissions, queries
from jalon.accounts.access import SYSTEM
from jalon.accounts.actions import Grant
from jalon.jobs.console import fail, output

_ROLES = (actions.SUPER_ADMIN, *(preset.name for preset in permissions.PRESETS))


def create(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="How the person is shown; the address if left out.")] = "",
    role: Annotated[str, typer.Option(help="super_admin, sales, marketing, service or reader.")] = "reader",
    password: Annotated[str, typer.Option(help="Left out: one is made and shown once.")] = "",
) -> None:
    """Make a user who can sign in at once."""
    if role not in _ROLES:
        fail(gettext("There is no role “%(role)s”. Choose one of %(roles)s.") % {"role": role, "roles": ", ".join(_ROLES)})
    chosen = password or secrets.token_urlsafe(12)
    try:
        user = actions.create_user(email, name=name, password=chosen, grant=Grant.of(role), actor=SYSTEM)
    except actions.Refused as refused:
        fail(str(refused))
    console = output()
    console.line(f"{user.email} can sign in." if password else f"{user.email} can sign in with the password {chosen}")
    console.json({"id": user.pk, "email": user.email, "role": role, **({} if password else {"password": chosen})})


def show() -> None:
    """List the users with what they may do."""
    rows = [(line.id, line.name, line.email, line.rights, ", ".join(line.teams), line.active) for line in queries.user_lines()]
    output().table(("id", "name", "email", "rights", "teams", "active"), rows)


def password(
    email: Annotated[str, typer.Argument(help="The address of the user.")],
    password: Annotated[str, typer.Option(help="Left out: one is made and shown once.")] = "",
) -> None:
    """Give a user a new password; their sessions end."""
    user = queries.user_by_email(email)
    if user is None:
        fail(f"Nobody signs in with {email}.")
    chosen = password or secrets.token_urlsafe(12)
    try:
        actions.change_password(user, chosen)
    except actions.Refused as refused:
        fail(str(refused))
    output().line(f"{user.email} has a new password." if password else f"The new password of {user.email} is {chosen}")
    output().json({"email": user.email, **({} if password else {"password": chosen})})
