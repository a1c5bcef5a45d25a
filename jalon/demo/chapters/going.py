"""What goes on in the background when the demo opens: two files come in, duplicates are looked for, somebody is forgotten.

These are jobs: the server does them, at once if one runs, otherwise when it starts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import override

from jalon.accounts import queries as accounts
from jalon.accounts.access import Access
from jalon.demo.chance import Chance
from jalon.demo.company import LANGUAGE
from jalon.demo.people import JOBS
from jalon.demo.year import SEED
from jalon.imports import actions as imports
from jalon.imports.actions import Upload
from jalon.imports.models import File
from jalon.imports.saved import actions as saved
from jalon.records.duplicates import actions as duplicates
from jalon.records.erasing import actions as erasing
from jalon.records.models import Record

FILE, TRIED = "retours-salon.csv", "inscrits-lettre.csv"
ROWS, KNOWN = 60, 9
NEW_READERS = (
    ("odile.aspe@courriel.example", "Odile", "Aspe", "Bedous", ""),
    ("r.aravis@boite-postale.example", "Rémi", "Aravis", "La Clusaz", "03/11/1988"),
    ("vercors.yann@messagerie.example", "Yann", "Vercors", "Villard-de-Lans", ""),
)
BAD = {  # rows that are refused, each for a reason of its own
    11: ("{email}", "Acheteur", "le 31 juin"),
    27: ("sans-adresse", "Gérant", ""),
    44: ("{email}", "Vendeur", "bientôt"),
}


def set_going(users: Mapping[str, int], end: date) -> None:
    alice = accounts.access_of(users["alice"]).actor
    erasing.erase("contact", _unwanted(), actor=alice)
    for object_type in ("contact", "company"):
        duplicates.look_for(object_type, user_id=None)
    with override(LANGUAGE):
        access = accounts.access_of(users["bruno"])
        imports.begin(_taken(FILE, _visitors(end), access), access=access)
        imports.try_out(_taken(TRIED, _readers(), access), access=access)


def _unwanted() -> list[int]:
    """The entry that nobody can make sense of, in the archive."""
    rows = Record.objects.filter(object_type__name="contact", properties__lastname="uiop").exclude(archived_at=None)
    return list(rows.values_list("id", flat=True))


def _taken(name: str, rows: Iterable[Sequence[str]], access: Access) -> int:
    """A file that was uploaded, and the way it is read kept by its name for the next one."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    import_id = imports.take([Upload(name, [text.getvalue().encode()])], access=access)
    saved.keep(name.removesuffix(".csv"), File.objects.get(of_id=import_id), access=access)
    return import_id


def _visitors(end: date) -> Iterator[Sequence[str]]:
    """What visitors of the stand told: where they work now, and when they want to hear from us again."""
    known = Record.objects.filter(object_type__name="contact", archived_at=None, properties__has_keys=["email", "company"])
    chance = Chance(SEED, FILE)
    yield "E-mail", "Fonction", "Date de renouvellement"
    for place, email in enumerate(known.order_by("id").values_list("properties__email", flat=True)[:ROWS]):
        renewal = end.replace(year=end.year + 1, day=chance.between(1, 28)).strftime("%d/%m/%Y")
        told = BAD.get(place) or ("{email}", chance.draw(JOBS) or "", renewal)
        yield tuple(part.format(email=email) for part in told)


def _readers() -> Iterator[Sequence[str]]:
    """Who signed up for the letter, some of whom are known: a file that was tried, and that nobody has brought in yet."""
    known = Record.objects.filter(object_type__name="contact", archived_at=None, properties__has_keys=["email", "lastname"])
    yield "E-mail", "Prénom", "Nom", "Ville", "Date de naissance"
    for place, values in enumerate(known.order_by("-id").values_list("properties", flat=True)[:KNOWN]):
        born = "le siècle dernier" if place == KNOWN - 1 else f"{12 + place}/04/{1970 + 3 * place}"
        yield values["email"], values.get("firstname", ""), values["lastname"], "Briançon", born
    yield from NEW_READERS
