"""The CSV file of the benchmarks: contacts of the demo's year with twelve properties, the same at every run."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from jalon.demo.year import Year

END = date(2026, 6, 1)
COLUMNS = (
    "email",
    "firstname",
    "lastname",
    "phone",
    "company",
    "city",
    "country",
    "industry",
    "hs_analytics_source",
    "lifecyclestage",
    "hubspotscore",
    "first_conversion_date",
)


def contacts_file(folder: Path, contacts: int) -> Path:
    """The file for this many contacts; written once and kept."""
    file = folder / f"contacts-{contacts}.csv"
    if file.exists():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    with unfinished.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for story in Year(END, contacts).stories():
            values = story.person.values
            values.setdefault("email", f"contact{story.person.number}@nulle-part.example")
            values["first_conversion_date"] = values["createdate"]  # a date on every row, for the report by month
            writer.writerow([values.get(name, "") for name in COLUMNS])
    unfinished.rename(file)
    return file
