"""What goes on in the background when the demo opens: duplicates are looked for, and a file from a trade fair comes in.

Both are jobs: the server does them, at once if one runs, otherwise when it starts.
"""

from __future__ import annotations

import csv
import io
from datetime import date

from django.utils.translation import override

from jalon.accounts import queries as accounts
from jalon.demo.chance import Chance
from jalon.demo.company import LANGUAGE
from jalon.demo.people import JOBS
from jalon.demo.year import SEED
from jalon.imports import actions as imports
from jalon.imports.actions import Upload
from jalon.records.duplicates import actions as duplicates
from jalon.records.models import Record

FILE, HEADINGS = "retours-salon.csv", ("E-mail", "Fonction", "Date de renouvellement")
ROWS = 60
BAD = {  # rows that are refused, each for a reason of its own
    11: ("{email}", "Acheteur", "le 31 juin"),
    27: ("sans-adresse", "Gérant", ""),
    44: ("{email}", "Vendeur", "bientôt"),
}


def set_going(users: dict[str, int], end: date) -> None:
    for object_type in ("contact", "company"):
        duplicates.look_for(object_type, user_id=None)
    with override(LANGUAGE):
        access = accounts.access_of(users["bruno"])
        import_id = imports.take([Upload(FILE, [_file(end).encode()], "contact")], access=access)
        imports.begin(import_id, access=access)


def _file(end: date) -> str:
    """What visitors of the stand told: where they work now, and when they want to hear from us again."""
    known = Record.objects.filter(object_type__name="contact", archived_at=None, properties__has_keys=["email", "company"])
    emails = known.order_by("id").values_list("properties__email", flat=True)[:ROWS]
    text, chance = io.StringIO(), Chance(SEED, FILE)
    lines = csv.writer(text, delimiter=";")
    lines.writerow(HEADINGS)
    for place, email in enumerate(emails):
        renewal = end.replace(year=end.year + 1, day=chance.between(1, 28)).strftime("%d/%m/%Y")
        told = BAD.get(place) or ("{email}", chance.draw(JOBS) or "", renewal)
        lines.writerow([part.format(email=email) for part in told])
    return text.getvalue()
