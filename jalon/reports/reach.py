"""Who may look at the figures of a report that asks about linked records (docs/decisions/0234)."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from jalon.accounts.access import Access, Denied
from jalon.criteria.tree import Criteria
from jalon.records.queries import catalogs, visible


def require_reach(access: Access, criteria: Criteria) -> None:
    """Raises Denied: what was counted once for everybody cannot be cut to the linked records that one reader sees."""
    some, language = catalogs(), get_language() or "en"
    hidden = sorted(some[name].plural_label(language) for name in criteria.linked() & some.keys() if visible(access, name) is not None)
    if hidden:
        message = gettext("This report asks about linked records of which you may see only some (%(records)s), so it is not open to you.")
        raise Denied(message % {"records": ", ".join(hidden)})
