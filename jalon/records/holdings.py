"""What each capability holds of a person: how it forgets them, how it shows them what it holds. A table that config's wiring fills.

Every PostgreSQL table, every column table and every folder of JALON_HOME is claimed by a `Holding`, or said by an `Empty`
row to hold nothing of a person and why. A test walks all of them and fails for one that nobody has declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

OBJECTS: Final = "<object types>"  # in `column_tables`: the table of every object type, those of later ones too
LEAST_DIGITS: Final = 8  # of a phone number: fewer are a house number or an amount
LAST_DIGITS: Final = 9  # what +33 6 12 34 56 78 and 06 12 34 56 78 share


# Where a word of its own begins and ends, for Python and PostgreSQL alike. A longer address goes on after a dot (ann@example.com.au);
# the name of a file that is called after somebody ends there (ann@example.com.csv), and so does a person's name.
BEGIN: Final = r"(?<![\w.+-])"
END: Final = r"(?![\w-])"
ADDRESS_END: Final = END + r"(?!\.(?!(csv|tsv|txt|xls|xlsx|eml|zip)(?!\w))\w)"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an erasure or a portrait is about: their records, and what tells them from others where no id stands.

    `addresses` are the e-mail addresses and other unique values, and the phone numbers, that the records have or ever had,
    in small letters; one of them is proof enough. `names` are what they were called, in small letters; many share one, so
    a name proves something only beside an id or where nobody else is meant.
    """

    object_type: str
    ids: tuple[int, ...]  # the records asked for, those they were merged into, and all that were merged into these
    addresses: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def is_mentioned(self, text: str) -> bool:
        """Whether a text holds one of the addresses as a word of its own, or one of the phone numbers however it is typed."""
        folded = text.casefold()
        if any(address in folded and _as_word(address, folded) for address in self.addresses):
            return True
        return bool(self.phones) and not self._last_digits().isdisjoint(_numbers(folded))

    def _last_digits(self) -> set[str]:
        return {number for phone in self.phones for number in _numbers(phone)}


def _as_word(address: str, text: str) -> bool:
    """Not as a part of a longer address: ann@example.com is not in joann@example.com."""
    return re.search(BEGIN + re.escape(address) + ADDRESS_END, text) is not None


def _numbers(text: str) -> set[str]:
    """The last digits of each phone number in a text."""
    runs = ("".join(letter for letter in run if letter.isdigit()) for run in re.findall(r"\+?\d[\d .()/-]*\d", text))
    return {digits[-LAST_DIGITS:] for digits in runs if len(digits) >= LEAST_DIGITS}


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that a capability keeps of people. `label` is a message id: "Import files and refused rows".

    `erase` runs in the transaction that erases the person, in sets, and says how many things lost something. `clean` does
    what a transaction cannot, such as rewriting files: afterwards, in the background, safe to repeat. `portray` gives rows
    for the person themselves, all with the same keys, every value one that JSON knows; it is read twice.
    """

    name: str  # also the name of its files in a portrait: letters, digits, "_"
    label: str
    tables: tuple[str, ...] = ()
    column_tables: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()  # below JALON_HOME: "files/imports"
    erase: Callable[[Person], int] | None = None
    clean: Callable[[Person], int] | None = None
    portray: Callable[[Person], Iterator[Mapping[str, object]]] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """Tables and folders that hold nothing of a person, with the reason. A name that ends in "*" stands for all that begin so."""

    reason: str
    tables: tuple[str, ...] = ()
    column_tables: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What nobody has declared."""

    tables: tuple[str, ...] = ()
    column_tables: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(slots=True)
class _Installed:
    holdings: tuple[Holding, ...] = ()
    empty: tuple[Empty, ...] = field(default=())


_installed = _Installed()


def install(holdings: Sequence[Holding], empty: Sequence[Empty] = ()) -> None:
    """Takes the rows of the wiring, in place of those it had; two holdings of one name would write one file."""
    names = [holding.name for holding in holdings]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two holdings are called {', '.join(twice)}")
    _installed.holdings, _installed.empty = tuple(holdings), tuple(empty)


def all_holdings() -> tuple[Holding, ...]:
    return _installed.holdings


def unclaimed(tables: Iterable[str], column_tables: Iterable[str], folders: Iterable[str], objects: Iterable[str]) -> Unclaimed:
    """Those that neither a holding nor an `Empty` row names. A claimed folder claims what lies in it."""
    rows: list[Holding | Empty] = [*_installed.holdings, *_installed.empty]
    columns = {name: OBJECTS if name in set(objects) else name for name in column_tables}
    return Unclaimed(
        tuple(name for name in tables if not any(_names(row.tables, name) for row in rows)),
        tuple(name for name, claim in columns.items() if not any(_names(row.column_tables, claim) for row in rows)),
        tuple(name for name in folders if not any(_holds(row.folders, name) for row in rows)),
    )


def _names(claims: Sequence[str], name: str) -> bool:
    return any(name == claim or (claim.endswith("*") and name.startswith(claim[:-1])) for claim in claims)


def _holds(claims: Sequence[str], path: str) -> bool:
    return any(_names(claims, str(part)) for part in (PurePosixPath(path), *PurePosixPath(path).parents))
