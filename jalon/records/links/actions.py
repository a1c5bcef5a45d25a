"""Everything that changes links: made, taken away, read by another type, the primary one of a record.

A pair of ids is read as its type reads it, from the from-side to the to-side. Links and their lines in the change log
are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from jalon.accounts.access import Actor
from jalon.accounts.actions import Refused
from jalon.records import queries
from jalon.records.columns import Origin, Position
from jalon.records.log import actions as log
from jalon.records.models import AssociationType, Change

SLICE: Final = 5_000  # pairs in one transaction
Pairs = Sequence[tuple[int, int]]


def associate(type_name: str, pairs: Pairs, *, actor: Actor, origin: Origin, primary: bool = False) -> Position | None:
    """Links records. A pair that is linked already is left as it is; with `primary` it takes the place of the primary one.

    Raises Refused with a sentence, and links nothing of the slice, where a record would have more links than the type allows.
    """
    link, position = _type(type_name), None
    for start in range(0, len(pairs), SLICE):
        with transaction.atomic():
            position = _made(link, pairs[start : start + SLICE], actor, origin, primary) or position
    return position


def dissociate(type_name: str, pairs: Pairs, *, actor: Actor, origin: Origin) -> Position | None:
    """Takes links away; a pair that is not linked is passed over."""
    link, position = _type(type_name), None
    for start in range(0, len(pairs), SLICE):
        with transaction.atomic():
            position = _unmade(link, pairs[start : start + SLICE], actor, origin) or position
    return position


def set_primary(type_name: str, pair: tuple[int, int], *, actor: Actor, origin: Origin) -> Position | None:
    """Makes a linked record the primary one of the pair's first, in the place of the one that was. Links the pair where it is not."""
    return associate(type_name, [pair], actor=actor, origin=origin, primary=True)


def clear_primary(type_name: str, from_id: int, *, actor: Actor, origin: Origin) -> Position | None:
    """None of the links is the primary one any more."""
    link = _type(type_name)
    with transaction.atomic():
        was = _without_primary(link, {from_id: None})
        return _log_primary(link, [(from_id, old, None) for old in was.values()], actor, origin)


def relabel(type_name: str, other: str, pair: tuple[int, int], *, actor: Actor, origin: Origin) -> Position | None:
    """Reads a link by another type between the same two object types: another label."""
    present, wanted = _type(type_name), _type(other)
    if (present.from_type_id, present.to_type_id) != (wanted.from_type_id, wanted.to_type_id):
        raise Refused(gettext("“%(name)s” links other objects.") % {"name": other})
    if present == wanted:
        return None
    with transaction.atomic():
        if not _unmade(present, [pair], actor, origin):
            raise Refused(gettext("These records are not linked any more."))
        return _made(wanted, [pair], actor, origin, primary=False)


def _type(name: str) -> AssociationType:
    link = AssociationType.objects.select_related("from_type", "to_type").filter(name=name).first()
    if link is None:
        raise Refused(gettext("There is no association type “%(name)s”.") % {"name": name})
    return link


def _made(link: AssociationType, pairs: Pairs, actor: Actor, origin: Origin, primary: bool) -> Position | None:
    chosen = dict(pairs) if primary else {}  # the last one named is the primary one
    _hold_ends(link, pairs)
    was = _without_primary(link, chosen) if chosen else {}
    sides = [list(side) for side in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_association AS a (type_id, from_record_id, to_record_id, is_primary, created_at)"
            " SELECT DISTINCT ON (f.id, t.id) %s, f.id, t.id, p.main, now()"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS p(a, b, main)"
            " JOIN records_record f ON f.id = p.a AND f.object_type_id = %s"
            " JOIN records_record t ON t.id = p.b AND t.object_type_id = %s ORDER BY f.id, t.id, p.main DESC"
            " ON CONFLICT (from_record_id, to_record_id, type_id) DO UPDATE SET is_primary = true"
            " WHERE excluded.is_primary AND NOT a.is_primary"
            " RETURNING from_record_id, to_record_id, is_primary, xmax = 0",
            [link.pk, *sides, [chosen.get(one) == other for one, other in pairs], link.from_type_id, link.to_type_id],
        )
        rows = cursor.fetchall()
    made = [(from_id, to_id) for from_id, to_id, _, is_new in rows if is_new]
    _keep_limits(link, made)
    position = _log_links(link, Change.Kind.LINKED, made, actor, origin)
    # A link that is made as the primary one says so by itself; a line of its own tells what it took the place of.
    now = {from_id: to_id for from_id, to_id, is_main, _ in rows if is_main}
    moved = {*was, *(from_id for from_id, _, is_main, is_new in rows if is_main and not is_new)}
    return _log_primary(link, [(id, was.get(id), now.get(id)) for id in sorted(moved)], actor, origin) or position


def _unmade(link: AssociationType, pairs: Pairs, actor: Actor, origin: Origin) -> Position | None:
    sides = [list(side) for side in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM records_association a USING unnest(%s::bigint[], %s::bigint[]) AS p(f, t)"
            " WHERE a.type_id = %s AND a.from_record_id = p.f AND a.to_record_id = p.t RETURNING a.from_record_id, a.to_record_id",
            [*sides, link.pk],
        )
        done = cursor.fetchall()
    return _log_links(link, Change.Kind.UNLINKED, done, actor, origin)


# The primary one


def _without_primary(link: AssociationType, chosen: dict[int, Any]) -> dict[int, int]:
    """Takes the mark from the primary links that are not the chosen ones; says which they were, by their from-side."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_association a SET is_primary = false FROM unnest(%s::bigint[], %s::bigint[]) AS p(f, t)"
            " WHERE a.type_id = %s AND a.is_primary AND a.from_record_id = p.f AND a.to_record_id IS DISTINCT FROM p.t"
            " RETURNING a.from_record_id, a.to_record_id",
            [list(chosen), list(chosen.values()), link.pk],
        )
        return dict(cursor.fetchall())


def _log_primary(
    link: AssociationType, moves: Sequence[tuple[int, int | None, int | None]], actor: Actor, origin: Origin
) -> Position | None:
    """A line per record whose primary link is another one now; `to` names all whose links look different."""
    if not moves:
        return None
    now, kind = timezone.now(), Change.Kind.PRIMARY.value
    rows = (
        (id, kind, now, origin, False, {"type": link.pk, "to": [end for end in (old, new) if end], "primary": [old, new]})
        for id, old, new in moves
    )
    return log.append(queries.catalog(link.from_type.name), rows, actor)


# Limits


def _hold_ends(link: AssociationType, pairs: Pairs) -> None:
    """Where a type has limits, those who link the same record wait for each other; in one order, so that none dead-locks."""
    if link.limit_from is None and link.limit_to is None:
        return
    with connection.cursor() as cursor:
        ends = sorted({id for pair in pairs for id in pair})
        cursor.execute("SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ends])


def _keep_limits(link: AssociationType, made: Pairs) -> None:
    if link.limit_from is not None and (id := _beyond(link, "from", [pair[0] for pair in made], link.limit_from)):
        raise Refused(_limit_sentence(link.from_type.name, id, link.limit_from, link.to_type.name))
    if link.limit_to is not None and (id := _beyond(link, "to", [pair[1] for pair in made], link.limit_to)):
        raise Refused(_limit_sentence(link.to_type.name, id, link.limit_to, link.from_type.name))


def _beyond(link: AssociationType, side: str, ids: list[int], limit: int) -> int | None:
    """A record that has more links than it may; links with archived records do not count."""
    own, other = (f"{side}_record_id", "to_record_id" if side == "from" else "from_record_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.{own} FROM records_association a JOIN records_record r ON r.id = a.{other} AND r.archived_at IS NULL"
            f" WHERE a.type_id = %s AND a.{own} = ANY(%s) GROUP BY a.{own} HAVING count(*) > %s LIMIT 1",
            [link.pk, ids, limit],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _limit_sentence(object_type: str, id: int, limit: int, other_type: str) -> str:
    """Names the record that has enough: "“Ada Lovelace” may be linked with one company only"."""
    language = get_language() or "en"
    own, other = queries.catalog(object_type), queries.catalog(other_type)
    name = queries.name_of(own, queries.values_of(id), id)
    sentence = ngettext(
        "“%(name)s” may be linked with one record only here (%(objects)s). Take the present link away first.",
        "“%(name)s” may be linked with %(limit)d records at most here (%(objects)s). Take one of the links away first.",
        limit,
    )
    return sentence % {"name": name, "limit": limit, "objects": other.plural_label(language)}


def _log_links(link: AssociationType, kind: Change.Kind, done: Pairs, actor: Actor, origin: Origin) -> Position | None:
    """A line for each record of the from-side, with the ids at the other end."""
    if not done:
        return None
    now, ends = timezone.now(), groupby(sorted(done), key=lambda pair: pair[0])
    rows = ((id, kind.value, now, origin, False, {"type": link.pk, "to": [to_id for _, to_id in pairs]}) for id, pairs in ends)
    return log.append(queries.catalog(link.from_type.name), rows, actor)
