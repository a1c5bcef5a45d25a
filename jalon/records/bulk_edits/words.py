"""Bulk edits in words: what one would do, in a sentence with its numbers, and what one did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext, ngettext

from jalon.records import queries
from jalon.records.bulk_edits.plan import Change, Deed
from jalon.records.bulk_edits.queries import BulkEditView, Preview
from jalon.records.display import Display
from jalon.web import formats

AT_ONCE = 200  # so many records change while the page waits; more are a background job


def told(found: Preview, change: Change) -> dict[str, Any]:
    """The sentences of a preview, and what the button says."""
    sentence, button = _deed(found.changing, change.deed)
    count = {"count": formats.number(found.changing)}
    return {
        "preview": found,
        "sentence": sentence % count,
        "button": button % count,
        "asides": list(_asides(found, change)),
        "in_background": found.changing > AT_ONCE,
    }


def _deed(n: int, deed: Deed) -> tuple[str, str]:
    """What happens, and the button that lets it."""
    match deed:
        case Deed.ARCHIVE:
            told = ngettext(
                "%(count)s record leaves every table, list and report.", "%(count)s records leave every table, list and report.", n
            )
            return told, ngettext("Archive %(count)s record", "Archive %(count)s records", n)
        case Deed.LINK:
            told = ngettext("%(count)s record will be linked.", "%(count)s records will be linked.", n)
            return told, ngettext("Link %(count)s record", "Link %(count)s records", n)
        case Deed.UNLINK:
            told = ngettext("%(count)s record loses its link.", "%(count)s records lose their link.", n)
            return told, ngettext("Unlink %(count)s record", "Unlink %(count)s records", n)
    told = ngettext("%(count)s record will change.", "%(count)s records will change.", n)
    return told, ngettext("Change %(count)s record", "Change %(count)s records", n)


def _asides(found: Preview, change: Change) -> Iterator[str]:
    """Of whom the change does not speak, and why; and how many each person gets."""
    same, out, number = found.same, found.out_of_reach, formats.number
    if same:
        yield ngettext("%(count)s has it so already.", "%(count)s have it so already.", same) % {"count": number(same)}
    if out and change.deed is Deed.ARCHIVE:
        told = ngettext("%(count)s stays, since you may not archive it.", "%(count)s stay, since you may not archive them.", out)
        yield told % {"count": number(out)}
    elif out:
        told = ngettext("%(count)s stays, since you may not edit it.", "%(count)s stay, since you may not edit them.", out)
        yield told % {"count": number(out)}
    if change.deed is Deed.SPREAD:
        each = -(-found.changing // len(change.owners))
        told = ngettext("Each person gets %(count)s record at most.", "Each person gets up to %(count)s records.", each)
        yield told % {"count": number(each)}


def line(found: BulkEditView) -> dict[str, Any]:
    """A bulk edit in words."""
    return {"edit": found, "what": in_words(found), "who": Display().person(found.user_id), "state": _state(found)}


def _state(found: BulkEditView) -> str:
    if found.working:
        return gettext("Being taken back") if found.working is found.undo_job else gettext("At work")
    if found.undone_at:
        return gettext("Taken back")
    return gettext("Done") if found.done == found.total else gettext("Stopped")


def in_words(found: BulkEditView) -> str:
    """What was done, without saying to whom."""
    display = Display()
    change = found.change
    specs = queries.catalog(found.object_type).properties
    match change.deed:
        case Deed.SET:
            parts = [
                (specs[name].label(display.language), display.show(specs[name], value).text or gettext("no value"))
                for name, value in change.values.items()
                if name in specs
            ]
            return ", ".join(f"{label}: {value}" for label, value in parts)
        case Deed.SPREAD:
            return gettext("Owners in turn: %(names)s") % {"names": ", ".join(display.person(id) for id in change.owners)}
        case Deed.LINK:
            return gettext("Linked with record %(id)s") % {"id": change.other_id}
        case Deed.UNLINK:
            return gettext("Link with record %(id)s taken away") % {"id": change.other_id}
        case _:
            return gettext("Archived")
