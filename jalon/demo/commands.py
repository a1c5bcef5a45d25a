"""`jalon demo`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from django.utils.translation import gettext

from jalon.accounts import permissions
from jalon.demo import actions, company, queries
from jalon.jobs.console import Progress, fail, output

CONTACTS = 20_000


def demo(
    contacts: Annotated[int, typer.Option(min=1, help="How many contacts the year has.")] = CONTACTS,
    end: Annotated[str, typer.Option(help="The day after the last one with data, as 2026-05-31. Default: today.")] = "",
) -> None:
    """Fill an empty home with a believable year of a company's data."""
    console = output()
    if queries.is_taken():
        fail(gettext("This home has an account of its own. The demo needs an empty home: set JALON_HOME to a new folder."))
    year = actions.begin(_end(end), contacts)
    with console.progress(gettext("Filling the demo"), total=100) as progress:
        has_filled = actions.fill(year, _shown(progress))
        actions.settle(_shown(progress))
    actions.set_going(year)
    if has_filled:
        told = {"company": company.NAME, "contacts": year.contacts}
        console.line(gettext("%(company)s is ready: a year with %(contacts)d contacts.") % told)
    else:
        console.line(gettext("The demo was filled before; its data are kept."))
    _introduce()


def _end(text: str) -> date:
    if not text:
        return datetime.now(company.ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(gettext("“%(text)s” is not a date; write it as 2026-05-31.") % {"text": text}, code=2)


def _shown(progress: Progress) -> actions.Show:
    def show(label: str, share: float) -> None:
        progress.update(int(share * 100), message=gettext(label))

    return show


def _introduce() -> None:
    """Who may sign in, and how."""
    console, people = output(), queries.people()
    console.line(gettext("Sign in with one of these addresses and the password “%(password)s”:") % {"password": company.PASSWORD})
    heads = (gettext("E-mail"), gettext("Name"), gettext("Team"), gettext("Role"))
    rows = [(person.email, person.name, person.team, gettext(permissions.label_of(person.role))) for person in people]
    if not console.wants_json:
        console.table(heads, rows)
    console.json({"password": company.PASSWORD, "users": [person.email for person in people]})
