"""Why two records may be one: a table of reasons, each with its question to the columns. Pure.

Every reason sorts records into blocks by a key and compares only within a block, so that a million records are not half
a billion pairs. A block with many records (a switchboard's number, everybody's city) says nothing and is passed over.
A question is asked in parts by the last letter of the key, so that no part needs more memory than some hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from jalon.records.columns import Catalog, FieldType, Type
from jalon.warehouse import query
from jalon.warehouse.words import N_

ROWS_OF_A_PART: Final = 250_000
PHONE_DIGITS: Final = 9  # what +33 6 12 34 56 78 and 06 12 34 56 78 share
MOST_EDITS: Final = 2  # letters: Jaro-Winkler alone takes "corinne favre" for "corinne frei", which begin alike
LEAST_DIGITS: Final = 8
OF_ANYBODY: Final = "^(info|contact|hello|bonjour|admin|office|sales|support|accueil|direction|compta|service|mail|newsletter)$"
KEY, BODY = "key", "body"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `weight` is how sure it makes us, of 100; `like` is how near the compared texts must be."""

    name: str
    label: str  # message id
    weight: int
    blocks: Callable[[Catalog], list[exp.Select]]  # id, key, body
    like: float | None = None
    most: int = 20  # records in a block
    exact: bool = False  # keys are cut short: the body decides in Python


def for_type(object_type: str) -> tuple[Reason, ...]:
    """The reasons that an object type knows; none: nobody looks for duplicates there."""
    return REASONS.get(object_type, ())


def label(name: str) -> str:
    """The message id of a reason; its name for one that is no more."""
    return next((reason.label for reasons in REASONS.values() for reason in reasons if reason.name == name), name)


def pairs(reason: Reason, catalog: Catalog, part: int, parts: int) -> exp.Select | None:
    """The pairs of one part: both ids, the lower first, and both compared texts. None where the type lacks the properties."""
    blocks = [_cut(block, part, parts) for block in reason.blocks(catalog)]
    if not blocks:
        return None
    few = query.select(query.named(query.column(KEY), "few")).from_("blocks").group_by(query.column(KEY))
    few = few.having(query.between(exp.Count(this=exp.Distinct(expressions=[query.column("id")])), _int(2), _int(reason.most)))
    tree = query.select(_one("id"), _other("id"), _one(BODY), _other(BODY)).from_(query.table("blocks", "one"))
    tree = tree.join(query.table("blocks", "other"), on=exp.EQ(this=_one(KEY), expression=_other(KEY)))
    tree = tree.where(exp.LT(this=_one("id"), expression=_other("id")), query.among(_one(KEY), few))
    if reason.like is not None:
        near = query.likeness(_one(BODY), _other(BODY))
        tree = tree.where(exp.GTE(this=near, expression=exp.Literal.number(str(reason.like))))
        tree = tree.where(exp.LTE(this=query.edits(_one(BODY), _other(BODY)), expression=_int(MOST_EDITS)))
    return tree.with_("blocks", as_=_union(blocks))


def _one(name: str) -> exp.Expression:
    return query.column(name, "one")


def _other(name: str) -> exp.Expression:
    return query.column(name, "other")


def _cut(block: exp.Select, part: int, parts: int) -> exp.Select:
    """The rows of a block list that belong to one part; those without a key are nobody's."""
    inner = block.subquery("b")
    last = exp.Ascii(this=exp.Right(this=query.column(KEY), expression=_int(1)))
    here = exp.EQ(this=exp.Mod(this=last, expression=_int(parts)), expression=_int(part))
    asked = query.select(query.column("id"), query.column(KEY), query.column(BODY)).from_(inner)
    return asked.where(exp.NEQ(this=query.column(KEY), expression=query.text("")), here)


def _union(blocks: Sequence[exp.Select]) -> exp.Expression:
    """One list of rows; a record with the same number in two properties stands in it once."""
    whole: exp.Expression = blocks[0]
    for block in blocks[1:]:
        whole = exp.Union(this=whole, expression=block, distinct=True)
    return whole


def _int(value: int) -> exp.Expression:
    return exp.Literal.number(value)


# What the reasons look at


def _block(catalog: Catalog, key: exp.Expression, body: exp.Expression, *conditions: exp.Expression) -> exp.Select:
    tree = query.select(query.column("id"), query.named(key, KEY), query.named(body, BODY)).from_(query.table(catalog.plural))
    return tree.where(*conditions) if conditions else tree


def _has(catalog: Catalog, *names: str) -> bool:
    return all(name in catalog.properties for name in names)


def _filled(*names: str) -> Iterable[exp.Expression]:
    return (query.is_known(query.column(name)) for name in names)


def _start(tree: exp.Expression, letters: int) -> exp.Expression:
    return exp.Left(this=tree, expression=_int(letters))


def _key(*parts: exp.Expression) -> exp.Expression:
    """The parts of a key side by side; a key that lacks one is none."""
    known = query.conjunction(exp.NEQ(this=part.copy(), expression=query.text("")) for part in parts)
    glued = exp.Concat(expressions=[piece for part in parts for piece in (part, query.text("|"))][:-1])
    return exp.Case(ifs=[exp.If(this=known, true=glued)], default=query.text(""))


def _letters(name: str) -> exp.Expression:
    """A property's text by its letters and digits only."""
    return query.replaced(query.folded(query.column(name)), "[^a-z0-9]+")


def _phones(catalog: Catalog) -> list[exp.Select]:
    names = [spec.name for spec in catalog.properties.values() if spec.field_type is FieldType.PHONE]
    return [_phone(catalog, name) for name in names]


def _phone(catalog: Catalog, name: str) -> exp.Select:
    digits = query.replaced(exp.Coalesce(this=query.column(name), expressions=[query.text("")]), "[^0-9]")
    long = exp.GTE(this=exp.Length(this=digits), expression=_int(LEAST_DIGITS))
    key = exp.Case(ifs=[exp.If(this=long, true=exp.Right(this=digits.copy(), expression=_int(PHONE_DIGITS)))], default=query.text(""))
    return _block(catalog, key, query.column(name), *_filled(name))


def _person(*names: str) -> exp.Expression:
    whole = exp.Concat(expressions=[piece for name in names for piece in (query.folded(query.column(name)), query.text(" "))])
    return query.sorted_words(whole)


def _people_by(place: str, place_letters: int | None, name_letters: int) -> Callable[[Catalog], list[exp.Select]]:
    """People whose names begin alike, at one place: a city, or a company that begins alike."""

    def blocks(catalog: Catalog) -> list[exp.Select]:
        if not _has(catalog, "firstname", "lastname", place):
            return []
        where = _letters(place) if place_letters is None else _start(_letters(place), place_letters)
        name = _person("firstname", "lastname")
        return [_block(catalog, _key(_start(name, name_letters), where), name.copy(), *_filled("firstname", "lastname", place))]

    return blocks


def _firms(catalog: Catalog) -> list[exp.Select]:
    if not _has(catalog, "name", "city"):
        return []
    name = query.sorted_words(query.folded(query.column("name")))
    return [_block(catalog, _key(_start(name, 4), _letters("city")), name.copy(), *_filled("name", "city"))]


def _addresses(catalog: Catalog) -> list[exp.Select]:
    """Every property that holds an e-mail address, without what stands behind a "+"."""
    names = [spec.name for spec in catalog.properties.values() if spec.hint == "email" and spec.type is Type.STRING]
    return [_block(catalog, _bare(query.column(name)), query.lowered(query.column(name)), *_filled(name)) for name in names]


def _bare(address: exp.Expression) -> exp.Expression:
    return query.replaced(query.lowered(address), r"\+[^@]*@", "@")


def _local_parts(catalog: Catalog) -> list[exp.Select]:
    """The part before the @, where it is long enough to be one person's, beside the beginning of the name."""
    if not _has(catalog, "email", "firstname", "lastname"):
        return []
    local = query.replaced(_bare(query.column("email")), "@.*")
    of_one = exp.And(
        this=exp.GTE(this=exp.Length(this=local), expression=_int(6)),
        expression=exp.Not(this=exp.RegexpLike(this=local.copy(), expression=query.text(OF_ANYBODY))),
    )
    key = exp.Case(ifs=[exp.If(this=of_one, true=local.copy())], default=query.text(""))
    return [_block(catalog, key, _person("firstname", "lastname"), *_filled("email", "firstname", "lastname"))]


def _domains(catalog: Catalog) -> list[exp.Select]:
    names = [spec.name for spec in catalog.properties.values() if spec.hint == "domain"]
    return [_block(catalog, _domain(query.column(name)), query.column(name), *_filled(name)) for name in names]


def _domain(address: exp.Expression) -> exp.Expression:
    host = query.replaced(query.replaced(query.lowered(address), r"^[a-z]+://"), r"^www\.")
    return query.replaced(host, "[/?#:].*")


REASONS: Final[dict[str, tuple[Reason, ...]]] = {
    "contact": (
        Reason("email", N_("Same e-mail address"), 95, _addresses, most=10),
        Reason("phone", N_("Same phone number"), 85, _phones, exact=True),
        Reason("name_company", N_("Similar name, same or similar company"), 75, _people_by("company", 6, 3), like=0.92, most=200),
        Reason("name_city", N_("Similar name, same city"), 60, _people_by("city", None, 4), like=0.94, most=500),
        Reason("local_part", N_("Same name before the @ of the e-mail address"), 40, _local_parts, like=0.85, most=6),
    ),
    "company": (
        Reason("domain", N_("Same web address"), 90, _domains, most=10),
        Reason("phone", N_("Same phone number"), 80, _phones, exact=True),
        Reason("firm_city", N_("Similar name, same city"), 65, _firms, like=0.92, most=200),
    ),
}
