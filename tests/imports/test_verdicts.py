"""The verdict of each row before anything is written: by verdict, page by page, and never more than a page in memory."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jalon.imports.models import File
from jalon.imports.verdicts.store import BLOCK, REFUSED, TOLD, VERDICTS, Reader, RowVerdict, Writer
from jalon.records import runner as columns
from jalon.records.models import Change
from tests.imports.conftest import bring_in, run
from tests.people import People, signed_in

BEFORE = "email,firstname,city\nann@a.fr,Ann,Paris\nbob@a.fr,Bob,Lyon\n"
AFTER = "email,firstname,city,birthday\nann@a.fr,Anna,Paris,\nbob@a.fr,Bob,Lyon,\nnew@a.fr,New,Brest,\nbad@a.fr,Bad,Nice,never\n"


def test_each_row_says_what_would_change_from_what_to_what(people: People) -> None:
    bring_in(BEFORE)
    columns.catch_up()
    lines = Change.objects.count()
    tried = bring_in(AFTER, dry_run=True, access=people.access(people.alice))
    assert Change.objects.count() == lines
    rows = Reader(File.objects.get(of_id=tried.id).verdicts).page("", 0, 10)
    assert [(row.line, row.verdict) for row in rows] == [(2, "updated"), (3, "unchanged"), (4, "created"), (5, "refused")]
    assert rows[0].delta == {"firstname": ["Ann", "Anna"]}
    assert rows[2].delta["city"] == [None, "Brest"]
    page = signed_in(people.alice).get(f"/import/{tried.id}/rows/?verdict=updated").content.decode()
    assert "<del>Ann</del>" in page
    assert "<ins>Anna</ins>" in page
    assert "new@a.fr" not in page


def test_what_a_dry_run_says_is_what_the_import_does(people: People) -> None:
    bring_in(BEFORE)
    tried = bring_in(AFTER + "new@a.fr,Newer,Brest,\n", dry_run=True)
    counts = {name: Reader(File.objects.get(of_id=tried.id).verdicts).count(name) for name in VERDICTS}
    done = run(tried.id)
    assert counts == {name: getattr(done, name) for name in VERDICTS}


def test_the_totals_open_the_rows_they_count(people: People) -> None:
    client = signed_in(people.alice)
    rows = "".join(f"p{n}@a.fr,{'never' if n % 3 == 0 else '31/12/1990'}\n" for n in range(200))
    columns.shape()
    tried = bring_in(f"email,birthday\n{rows}", dry_run=True, access=people.access(people.alice))
    verdict = client.get(f"/import/{tried.id}/").content.decode()
    assert f"/import/{tried.id}/rows/?verdict=refused" in verdict
    second = client.get(f"/import/{tried.id}/rows/?verdict=refused&page=2").content.decode()
    assert second.count("is not a date") == 67 - 50
    assert client.get(f"/import/{tried.id}/rows/?verdict=nonsense").status_code == 404
    assert signed_in(people.rita).get(f"/import/{tried.id}/rows/").status_code == 403


verdicts = st.builds(
    RowVerdict,
    line=st.integers(1, 9),
    verdict=st.sampled_from(VERDICTS),
    record_id=st.integers(0, 9),
    delta=st.just({}),
    sentences=st.lists(st.text(max_size=3), max_size=1),
)


@given(
    rows=st.lists(verdicts, max_size=40), verdict=st.sampled_from(("", TOLD, *VERDICTS)), start=st.integers(0, 30), size=st.integers(1, 9)
)
def test_any_page_of_any_verdict_is_a_slice_of_the_whole(
    rows: list[RowVerdict], verdict: str, start: int, size: int, tmp_path_factory: object
) -> None:
    path = Path(tmp_path_factory.mktemp("v")) / "verdicts"  # type: ignore[attr-defined]
    many = [row for row in rows for _ in range(BLOCK // 20)]
    writer = Writer(path)
    for at in range(0, len(many), 77):
        writer.add(many[at : at + 77])
    writer.close()
    wanted = [
        row for row in many if not verdict or row.verdict == verdict or (verdict == TOLD and row.sentences and row.verdict != REFUSED)
    ]
    reader = Reader(path)
    assert reader.count(verdict) == len(wanted)
    assert [(row.line, row.verdict, row.record_id) for row in reader.page(verdict, start, size)] == [
        (row.line, row.verdict, row.record_id) for row in wanted[start : start + size]
    ]
