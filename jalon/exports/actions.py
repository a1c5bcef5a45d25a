"""Writing down that records left the house as a file."""

from __future__ import annotations

from jalon.accounts.access import Actor
from jalon.accounts.audit.actions import audit
from jalon.warehouse.words import N_

EXPORTED = N_("%(who)s exported %(rows)s records: %(what)s.")


def exported(what: str, rows: int, *, link: str, actor: Actor) -> None:
    """`what` is what the records are called, in the language of whoever exports them."""
    audit(actor, "export.records", EXPORTED, link=link, rows=rows, what=what.lower())
