"""`jalon report run` and `jalon query`: the pages' own figures, for scripts; bad input is told in whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jalon.criteria import commands as criteria
from jalon.jobs.console import CommandFailed, writing_to
from jalon.records import queries as records
from jalon.reports import commands
from tests.accounts.test_user_command import Paper
from tests.world import World

OPTIONS = {"date_property": "createdate", "grouping": "quarter", "breakdown": "lifecyclestage", "number": "total_revenue"}


class Sheet(Paper):
    wants_json = False


def definition(folder: Path, raw: Any) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def run(folder: Path, **changes: Any) -> dict[str, Any]:
    with writing_to(paper := Paper()):
        commands.run(definition(folder, OPTIONS | changes))
    figures: dict[str, Any] = paper.values[0]
    return figures


def query(criteria_text: str = "", **options: Any) -> dict[str, Any]:
    with writing_to(paper := Paper()):
        criteria.query("contact", criteria=criteria_text, **options)
    answer: dict[str, Any] = paper.values[0]
    return answer


def test_the_figures_add_up_to_all_contacts(cabrelle: World, tmp_path: Path) -> None:
    figures = run(tmp_path)
    everybody = records.count(cabrelle.access("alice"), "contact")
    assert figures["all"]["contacts"] == everybody
    assert sum(series["contacts"] for series in figures["series"]) == everybody
    assert sum(bucket["contacts"] for bucket in figures["all"]["buckets"]) == everybody


def test_query_counts_the_records_behind_each_figure(cabrelle: World, tmp_path: Path) -> None:
    for series in run(tmp_path)["series"]:
        for figures in (series, *series["buckets"]):
            text = parse_qs(urlsplit(figures["records"]).query)["criteria"][0]
            assert query(text, limit=1)["total"] == figures["contacts"]


def test_cumulative_ends_at_the_total(cabrelle: World, tmp_path: Path) -> None:
    figures = run(tmp_path, style="cumulative")
    assert figures["all"]["buckets"][-1]["contacts"] == figures["all"]["contacts"]
    assert figures["all"]["buckets"][-1]["sum"] == figures["all"]["sum"]


def test_the_table_is_printed_as_csv(cabrelle: World, tmp_path: Path) -> None:
    with writing_to(paper := Sheet()):
        commands.run(definition(tmp_path, OPTIONS), csv=True)
    lines = paper.lines[0].split("\r\n")
    assert len(lines) == len(run(tmp_path)["series"]) + 2


def test_people_get_tables(cabrelle: World, tmp_path: Path) -> None:
    with writing_to(paper := Sheet()):
        commands.run(definition(tmp_path, OPTIONS))
    assert paper.rows and "Contacts" in paper.rows[0]


def test_all_problems_of_a_definition_end_the_command(cabrelle: World, tmp_path: Path) -> None:
    with writing_to(Paper()), pytest.raises(CommandFailed) as refused:
        commands.run(definition(tmp_path, {"grouping": "decade", "breakdown": "lifecycle_stage", "measure": "sum"}))
    assert refused.value.code == 2
    for part in ("“decade”", "Did you mean “lifecyclestage”?", "needs a number"):
        assert part in refused.value.sentence


def test_a_file_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    with writing_to(Paper()), pytest.raises(CommandFailed, match="is not JSON"):
        commands.run(path)


def test_query_gives_canonical_values_sorted_and_cut(cabrelle: World) -> None:
    answer = query(columns="createdate,total_revenue,interests", sort="-total_revenue", limit=5)
    revenues = [float(record["total_revenue"]) for record in answer["records"]]
    assert revenues == sorted(revenues, reverse=True) and len(revenues) == 5
    assert all(record["createdate"].endswith("Z") for record in answer["records"])
    assert not any(str(record["interests"]).startswith(";") for record in answer["records"])


def test_query_tells_what_is_wrong(cabrelle: World) -> None:
    with writing_to(Paper()):
        with pytest.raises(CommandFailed, match="no object type"):
            criteria.query("people")
        with pytest.raises(CommandFailed, match="no property “nam”"):
            criteria.query("contact", columns="nam")
        with pytest.raises(CommandFailed):
            criteria.query("contact", criteria='{"groups": [{"filters": [{"property": "x", "operator": "y"}]}]}')
