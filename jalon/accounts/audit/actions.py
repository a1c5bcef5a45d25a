"""Writing the audit log. Nothing changes or removes a line."""

from __future__ import annotations

from jalon.accounts.access import Actor
from jalon.accounts.models import AuditLine
from jalon.warehouse.words import N_

EXPORTED = N_("%(who)s exported %(rows)s records: %(what)s.")


def audit(actor: Actor, kind: str, sentence: str, *, link: str = "", **params: str | int | None) -> None:
    """Writes down that `actor` did something, in the caller's transaction: no deed without its line, no line without its deed.

    `kind` is a subject and a word, "property.changed"; the subject is a row of `audit_subjects` in config/menus.py. `sentence` is a
    message id, N_-marked, in which %(who)s stands for the actor and the other marks for `params`; it is translated when it is
    read. `link` leads to the thing. Params never hold what a record says of a person: erasing a person must not need this log.
    """
    AuditLine.objects.create(kind=kind, actor_id=actor.user_id, actor_name=actor.name, sentence=sentence, params=params, link=link)


def exported(what: str, rows: int, *, link: str, actor: Actor) -> None:
    """Records left the house as a file; `what` is what they are called, in the language of whoever exports them."""
    audit(actor, "export.records", EXPORTED, link=link, rows=rows, what=what.lower())
