"""A company moves in with its real past: 8,800 opportunities through the product's own commands, and the answers known beforehand."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from jalon.exports.reading import lines
from jalon.exports.sheet import Format
from tests.config.houses import House
from tests.demo.crm_home import DATA, PASSWORD, rows
from tests.leftovers import prefix
from tests.waiting import until

MONTHS = range(3, 13)
WON = dict(zip(MONTHS, (531, 285, 438, 531, 308, 446, 503, 279, 406, 511), strict=True))
VALUE = dict(zip(MONTHS, (1134672, 721932, 1025713, 1338466, 696932, 1050059, 1235264, 731980, 938943, 1131573), strict=True))


def filtered(*filters: tuple[str, str, list[str]]) -> dict[str, Any]:
    found = [{"property": name, "operator": operator, "values": values} for name, operator, values in filters]
    return {"version": 1, "groups": [{"filters": found}]}


WON_ONLY = filtered(("lifecyclestage", "any_of", ["won"]))
REPORT = {
    "kind": "contacts",
    "criteria": WON_ONLY,
    "date_property": "close_date",
    "period": {"first": "2017-03-01", "last": "2017-12-31"},
    "grouping": "month",
    "number": "close_value",
    "measure": "sum",
}


@pytest.fixture(scope="module")
def crm() -> Iterator[House]:
    """A home with everything of crm_sales in it."""
    with tempfile.TemporaryDirectory(prefix=prefix("crm")) as folder:
        house = House(Path(folder) / "home")
        run(house, "prepare")
        move_in(house, Path(folder))
        run(house, "link")
        alone = Path(folder) / "alone.json"
        alone.write_text(json.dumps(REPORT))
        alone.write_text(json.dumps(said(house, "report", "run", "--definition", str(alone))))
        with house.serving() as server:  # most commands are then handed to the server, as on a working day
            (Path(folder) / "address").write_text(server.address)
            yield house


def move_in(house: House, folder: Path) -> None:
    taken = {name: imported(house, *arguments) for name, arguments in commands(folder).items()}
    assert {name: (told["created"], told["refused"]) for name, told in taken.items()} == {
        "accounts": (85, 0),
        "opportunities": (8_800, 0),
        "stages": (0, 0),
    }
    assert taken["stages"]["updated"] == 8_300 + 4_238 + 2_473


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """What the administrator types for each file."""
    accounts = mapped("account=account", "sector=industry", "revenue=", "employees=numberofemployees", "office_location=country")
    own = mapped("opportunity_id=opportunity_id", "sales_agent=hubspot_owner_id", "product=product", "account=company", "sector=sector")
    dated = mapped("deal_stage=", "engage_date=createdate", "close_date=close_date", "close_value=close_value")
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


def run(house: House, step: str) -> str:
    done = subprocess.run([sys.executable, "-m", "tests.demo.crm_home", step], env=house.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def imported(house: House, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = said(house, "import", *arguments)
    return found


def said(house: House, *arguments: str) -> Any:
    """What a command prints last under --json."""
    answer = house.jalon(*arguments, "--json")
    assert answer.code == 0, answer.err + answer.out
    return json.loads(answer.out.strip().splitlines()[-1])


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


def test_the_lifecycle_report_of_the_past_gives_the_known_answers(crm: House, tmp_path: Path) -> None:
    file = tmp_path / "lifecycle.json"
    file.write_text(json.dumps({"kind": "lifecycle", "period": "all_time", "breakdown": "sector"}))
    told = said(crm, "report", "run", "--definition", str(file))
    everything = told["all"]
    assert (everything["entered"], [stage["reached"] for stage in everything["stages"]]) == (8_300, [8_300, 8_300, 4_238])
    assert everything["outcomes"] == {"open": 1_589, "won": 4_238, "lost": 2_473, "cleared": 0, "unlogged": 0}
    shares = (everything["conversion_rate"], everything["drop_off_rate"], everything["outcomes"]["open"] / everything["entered"])
    assert [f"{share:.2%}" for share in shares] == ["51.06%", "29.80%", "19.14%"]
    assert [f"{everything[name] / 86_400:.4f}" for name in ("convert_seconds", "drop_off_seconds")] == ["51.7820", "41.4792"]
    sectors = {row["account"]: row["sector"] for row in rows("accounts")}
    entered = Counter(sectors.get(row["account"]) for row in rows("sales_pipeline") if row["engage_date"])
    assert {one["value"]: one["entered"] for one in told["values"]} == dict(entered.most_common(len(told["values"])))


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


@pytest.fixture
def definition(tmp_path: Path) -> str:
    file = tmp_path / "won-by-month.json"
    file.write_text(json.dumps(REPORT))
    return str(file)


def test_the_report_by_month_of_close_date_gives_the_known_answers(crm: House, definition: str) -> None:
    found = said(crm, "report", "run", "--definition", definition)
    months = [int(bucket["first"][5:7]) for bucket in found["buckets"]]
    cells = found["all"]["buckets"]
    assert dict(zip(months, (cell["contacts"] for cell in cells), strict=True)) == WON
    assert dict(zip(months, (int(cell["sum"]) for cell in cells), strict=True)) == VALUE
    assert (found["all"]["contacts"], int(found["all"]["sum"])) == (4_238, sum(VALUE.values()))


def test_its_csv_gives_them_too(crm: House, definition: str) -> None:
    answer = crm.jalon("report", "run", "--definition", definition, "--csv")
    _, *months, total = csv.reader(answer.out.splitlines())
    figures = [(int(month[1]), int(Decimal(month[2]))) for month in months]
    assert figures == list(zip(WON.values(), VALUE.values(), strict=True))
    assert (int(total[1]), int(Decimal(total[2]))) == (4_238, sum(VALUE.values()))


def test_without_a_server_the_report_says_the_same(crm: House, definition: str) -> None:
    alone = json.loads((crm.home.parent / "alone.json").read_text())
    assert said(crm, "report", "run", "--definition", definition) == alone


def test_every_number_opens_into_as_many_records(crm: House, definition: str) -> None:
    found = said(crm, "report", "run", "--definition", definition)
    assert [how_many(crm, cell["records"]) for cell in found["all"]["buckets"]] == list(WON.values())


def how_many(house: House, address: str) -> int:
    """The records that the address of a number leads to: its criteria, asked by `jalon query`."""
    criteria = parse_qs(urlsplit(address).query)["criteria"][0]
    return int(said(house, "query", "contact", "--criteria", criteria, "--limit", "1")["total"])


def in_months(lines: list[list[str]]) -> list[tuple[int, int]]:
    """Contacts and sum of each month, the total last, of a table that was read from a file."""
    return [(int(float(line[1])), int(float(line[2]))) for line in lines[1:]]


KNOWN = [*zip(WON.values(), VALUE.values(), strict=True), (4_238, sum(VALUE.values()))]


def test_its_excel_file_gives_them_too(crm: House, definition: str, tmp_path: Path) -> None:
    said(crm, "report", "run", "--definition", definition, "-o", str(tmp_path / "won.xlsx"))
    assert in_months(list(lines(tmp_path / "won.xlsx", Format.XLSX))) == KNOWN
    told = said(
        crm, "report", "run", "--definition", definition, "--contacts", "--columns", "opportunity_id", "-o", str(tmp_path / "won.csv")
    )
    _, *contacts = lines(tmp_path / "won.csv", Format.CSV)
    won = {row["opportunity_id"] for row in rows("sales_pipeline") if row["deal_stage"] == "Won"}
    assert told["rows"] == 4_238 and {row[1] for row in contacts} == won


def test_page_files_and_mail_of_the_saved_report_give_one_number(crm: House, definition: str, tmp_path: Path) -> None:
    assert crm.jalon("report", "import", definition).code == 0
    with signed_in(crm) as browser:
        [address] = re.findall(r'href="(/reports/\d+/)"', browser.get("/reports/").text)[:1]
        until(lambda: "data-plot" in browser.get(address).text)
        page = unescape(browser.get(address).text)
        assert all(f">{number:,}</a>" in page for number in (*WON.values(), 4_238))
        mark = token(browser.get(f"{address}export/").text)
        excel = browser.post(f"{address}export/file/", data={"what": "table", "csrfmiddlewaretoken": mark}).content
        browser.post(f"{address}export/mail/", data={"what": "table", "csrfmiddlewaretoken": mark})
        outbox = crm.home / "outbox"
        until(lambda: any(outbox.glob("*.eml")))
        [letter] = outbox.glob("*.eml")
        [part] = message_from_bytes(letter.read_bytes(), policy=policy.default).iter_attachments()
    for name, content in (("page", excel), ("mail", part.get_content())):
        (tmp_path / name).write_bytes(content)
        assert in_months(list(lines(tmp_path / name, Format.XLSX))) == KNOWN


@contextmanager
def signed_in(house: House) -> Iterator[httpx.Client]:
    address = (house.home.parent / "address").read_text()
    with httpx.Client(base_url=address, headers={"Referer": address}, follow_redirects=True, timeout=30) as browser:
        mark = token(browser.get("/sign-in/").text)
        browser.post("/sign-in/", data={"login": "admin@crm.example", "password": PASSWORD, "csrfmiddlewaretoken": mark})
        yield browser


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def test_broken_down_by_sector_the_parts_make_the_whole(crm: House, tmp_path: Path) -> None:
    file = tmp_path / "by-sector.json"
    file.write_text(json.dumps({**REPORT, "breakdown": "sector"}))
    found = said(crm, "report", "run", "--definition", str(file))
    sectors = {row["account"]: row["sector"] for row in rows("accounts")}
    expected = Counter(sectors.get(row["account"]) for row in rows("sales_pipeline") if row["deal_stage"] == "Won")
    assert {series["value"]: series["contacts"] for series in found["series"]} == expected
    assert sum(int(series["sum"]) for series in found["series"]) == sum(VALUE.values())
