"""A company moves in with its real past: 8,800 opportunities through the product's own commands, and the answers known beforehand."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.config.houses import House
from tests.demo.crm_home import DATA, rows

MONTHS = range(3, 13)
WON = dict(zip(MONTHS, (531, 285, 438, 531, 308, 446, 503, 279, 406, 511), strict=True))
VALUE = dict(zip(MONTHS, (1134672, 721932, 1025713, 1338466, 696932, 1050059, 1235264, 731980, 938943, 1131573), strict=True))


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home with everything of crm_sales in it."""
    folder = tmp_path_factory.mktemp("crm")
    house = House(folder / "home")
    run(house, "prepare")
    taken = {name: imported(house, *arguments) for name, arguments in commands(folder).items()}
    run(house, "link")
    assert {name: (told["created"], told["refused"]) for name, told in taken.items()} == {
        "accounts": (85, 0),
        "opportunities": (8_800, 0),
        "stages": (0, 0),
    }
    assert taken["stages"]["updated"] == 8_300 + 4_238 + 2_473
    yield house


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """What the administrator types for each file."""
    accounts = mapped("account=account", "sector=industry", "revenue=", "employees=numberofemployees", "office_location=country")
    own = mapped("opportunity_id=opportunity_id", "sales_agent=hubspot_owner_id", "product=product", "account=company", "sector=sector")
    dated = mapped("deal_stage=", "engage_date=createdate", "close_date=closedate", "close_value=total_revenue")
    return {
        "accounts": (str(DATA / "accounts.csv"), "--object", "company", "--match", "account", *accounts),
        "opportunities": (str(opportunities(folder)), "--match", "opportunity_id", "--date-format", "mdy", "--zone", "UTC", *own, *dated),
        "stages": (str(stages(folder)), "--history", "--match", "opportunity_id"),
    }


def mapped(*pairs: str) -> tuple[str, ...]:
    return tuple(part for pair in pairs for part in ("--map", pair))


def opportunities(folder: Path) -> Path:
    """The pipeline with the sector of each account beside it, as one looks it up in a spreadsheet."""
    sectors = {row["account"]: row["sector"] for row in rows("accounts")}
    return written(folder / "opportunities.csv", ({**row, "sector": sectors.get(row["account"], "")} for row in rows("sales_pipeline")))


def stages(folder: Path) -> Path:
    """The past: Engaging at the engage date, Won or Lost at the close date."""
    return written(folder / "stages.csv", past())


def past() -> Iterator[dict[str, str]]:
    for row in rows("sales_pipeline"):
        for stage, day in (("Engaging", row["engage_date"]), (row["deal_stage"], row["close_date"])):
            if day:
                at = datetime.strptime(day, "%m/%d/%Y").replace(tzinfo=UTC).isoformat()
                yield {
                    "record key": row["opportunity_id"],
                    "property": "lifecyclestage",
                    "value": stage.lower(),
                    "instant": at,
                    "source": "user",
                }


def written(file: Path, lines: Iterator[dict[str, str]]) -> Path:
    kept = list(lines)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
    return file


def run(house: House, step: str) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.demo.crm_home", step], env=house.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def imported(house: House, *arguments: str) -> dict[str, Any]:
    return said(house, "import", *arguments)


def said(house: House, *arguments: str) -> Any:
    """What a command prints last under --json."""
    answer = house.jalon(*arguments, "--json")
    assert answer.code == 0, answer.err + answer.out
    return json.loads(answer.out.strip().splitlines()[-1])


def filtered(*filters: tuple[str, str, list[str]]) -> dict[str, Any]:
    found = [{"property": name, "operator": operator, "values": values} for name, operator, values in filters]
    return {"version": 1, "groups": [{"filters": found}]}


def exported(house: House, folder: Path, criteria: dict[str, Any], columns: str = "id") -> list[dict[str, str]]:
    file = folder / "exported.csv"
    said(house, "export", "contact", "--output", str(file), "--criteria", json.dumps(criteria), "--columns", columns, "--values")
    with file.open(newline="", encoding="utf-8") as content:
        return list(csv.DictReader(content))


@pytest.mark.parametrize(("stage", "count"), [("engaging", 8_300), ("won", 4_238), ("lost", 2_473)])
def test_the_past_says_who_was_ever_in_a_stage(stage: str, count: int, crm: House, tmp_path: Path) -> None:
    assert len(exported(crm, tmp_path, filtered(("lifecyclestage", "has_ever_any", [stage])))) == count


def test_the_present_stage_is_the_last_one_and_1589_are_still_open(crm: House, tmp_path: Path) -> None:
    found = exported(crm, tmp_path, {"version": 1, "groups": []}, "opportunity_id,lifecyclestage")
    assert Counter(row["lifecyclestage"] for row in found) == {"engaging": 1_589, "won": 4_238, "lost": 2_473, "": 500}


def test_the_same_files_again_change_nothing(crm: House, tmp_path: Path) -> None:
    for arguments in commands(tmp_path).values():
        told = imported(crm, *arguments)
        assert (told["created"], told["updated"], told["refused"]) == (0, 0, 0)
        assert told["unchanged"] == told["rows"]


def test_every_opportunity_has_its_owner_its_product_and_the_sector_of_its_account(crm: House, tmp_path: Path) -> None:
    sectors = {row["account"]: row["sector"] for row in rows("accounts")}
    expected = Counter((row["product"].lower().replace(" ", "_"), sectors.get(row["account"], "")) for row in rows("sales_pipeline"))
    found = exported(crm, tmp_path, {"version": 1, "groups": []}, "product,sector,hubspot_owner_id")
    assert Counter((row["product"], row["sector"]) for row in found) == expected
    agents = Counter(row["sales_agent"] for row in rows("sales_pipeline"))
    assert sorted(Counter(row["hubspot_owner_id"] for row in found).values()) == sorted(agents.values())
