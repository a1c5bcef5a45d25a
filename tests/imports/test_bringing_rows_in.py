"""A file becomes records: created, updated, left alone; what does not fit is refused with its reason and the rest goes in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jalon.accounts.access import EVERYTHING
from jalon.imports import actions, queries
from jalon.imports.actions import NotReady, Upload
from jalon.imports.models import Import
from jalon.imports.settings import Settings
from jalon.imports.trouble import UnreadableFile
from jalon.records.models import Change, Record
from tests.imports.conftest import Bring, run, sentences, values

PEOPLE = "E-mail;Prénom;Nom;Date de naissance\nann@a.fr;Ann;Dupont;31/12/1990\nbob@b.fr;Bob;Martin;01/02/1985\n"


def test_a_french_file_is_mapped_by_itself_and_goes_in(bring: Bring) -> None:
    found = bring(PEOPLE)
    assert (found.created, found.updated, found.unchanged, found.refused) == (2, 0, 0, 0)
    assert found.state == "done"
    assert values(email="ann@a.fr") | {"birthday": "1990-12-31", "lastname": "Dupont"} == values(email="ann@a.fr")


def test_the_same_file_again_changes_nothing(bring: Bring) -> None:
    bring(PEOPLE)
    lines = Change.objects.count()
    again = bring(PEOPLE)
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 2, 0)
    assert Change.objects.count() == lines


def test_a_file_of_several_slices_changes_nothing_the_second_time(bring: Bring) -> None:
    rows = "email,firstname\n" + "".join(f"p{number}@a.fr,x\n" for number in range(6_000))
    assert (bring(rows).created, bring(rows).unchanged) == (6_000, 6_000)


def test_each_line_of_the_log_names_the_import(bring: Bring) -> None:
    found = bring(PEOPLE)
    assert set(Change.objects.values_list("source", "source_detail")) == {("import", str(found.id))}
    assert values(email="ann@a.fr")["hs_object_source_detail_1"] == str(found.id)


@pytest.mark.parametrize(("mode", "counts"), [("both", (1, 1, 0)), ("create", (1, 0, 1)), ("update", (0, 1, 1))])
def test_a_mode_says_whether_records_are_created_or_updated(mode: str, counts: tuple[int, int, int], bring: Bring) -> None:
    bring("email,firstname\nann@a.fr,Ann\n")
    found = bring("email,firstname\nANN@a.fr,Anna\nnew@a.fr,New\n", mode=mode)
    assert (found.created, found.updated, found.refused) == counts


def test_records_are_found_by_their_id(bring: Bring) -> None:
    bring(PEOPLE)
    ann = Record.objects.get(properties__email="ann@a.fr")
    found = bring(f"Record ID,First name\n{ann.pk},Anna\n999999,Nobody\nabc,Nobody\n", mode="update")
    assert found.first.match == "id"
    assert (found.updated, found.refused) == (1, 2)
    assert values(email="ann@a.fr")["firstname"] == "Anna"


def test_an_empty_cell_leaves_the_value_or_erases_it_when_that_is_chosen(bring: Bring) -> None:
    bring(PEOPLE)
    assert bring("email,firstname\nann@a.fr,\n").unchanged == 1
    assert bring("email,firstname\nann@a.fr,\n", clear_blanks=True).updated == 1
    assert "firstname" not in values(email="ann@a.fr")


def test_options_are_known_by_value_or_by_label_in_either_language(bring: Bring) -> None:
    bring(
        "email;industry;interests\na@a.fr;software;newsletter;\nb@a.fr;Santé;x\nc@a.fr;Health;\n".replace(
            "newsletter;\n", '"Événements;Newsletter"\n'
        ).replace(";x", ";")
    )
    assert [values(email=f"{name}@a.fr")["industry"] for name in "abc"] == ["software", "health", "health"]
    assert values(email="a@a.fr")["interests"] == "newsletter;events"


def test_a_decimal_comma_and_a_creation_date_are_read_as_they_are_meant(bring: Bring) -> None:
    found = bring("email;hubspotscore;createdate\na@a.fr;1 234,50;13/05/2020 08:30\n", zone="Europe/Paris")
    assert (found.first.decimal, found.first.order, found.refused) == (",", "dmy", 0)
    record = Record.objects.get(properties__email="a@a.fr")
    assert record.properties["hubspotscore"] == "1234.5"
    assert record.created_at == datetime(2020, 5, 13, 6, 30, tzinfo=UTC)


def test_every_kind_of_bad_row_gets_its_sentence_and_the_rest_goes_in(bring: Bring) -> None:
    rows = (
        "email,firstname,industry,birthday,hubspotscore",
        "good@a.fr,Zoë,software,31/12/1990,1.5",
        "industry@a.fr,A,Astrology,31/12/1990,1",
        "date@a.fr,A,software,31/02/1990,1",
        "ragged@a.fr,A,software",
        f"long@a.fr,{'x' * 100_000},software,31/12/1990,1",
        "=cmd|' /C calc'!A0,A,software,31/12/1990,1",
        "formula@a.fr,=SUM(A1),software,31/12/1990,1",
        "number@a.fr,A,software,31/12/1990,twelve",
        "large@a.fr,A,software,31/12/1990,1234567890123",
        "not an address,A,software,31/12/1990,1",
        "twice@a.fr,First,software,31/12/1990,1",
        "twice@a.fr,Second,software,31/12/1990,1",
        'quote@a.fr,"A,software,31/12/1990,1',
        "last@a.fr,Last,software,31/12/1990,1",
    )
    found = bring("\n".join(rows).encode() + b"\nl\xe9on@a.fr,L\xe9on,software,31/12/1990,1\n")
    told = {line: " ".join(said) for line, said in sentences(found).items()}
    assert (found.created, found.updated, found.refused, found.told) == (3, 1, 11, 1), told
    expected = {
        3: "industry: “Astrology” is not one of the options. The options are: ",
        4: "birthday: “31/02/1990” is not a day of the calendar when it is read as day/month/year.",
        5: "This row has 3 cells and the heading has 5.",
        6: "firstname: The text has 100000 characters; at most 65536 fit.",
        7: "email: “=cmd|' /C calc'!A0” is a formula, not a value.",
        8: "firstname: “=SUM(A1)” is a formula, not a value.",
        9: "hubspotscore: “twelve” is not a number. The decimal mark of this import is “.”",
        10: "hubspotscore: “1234567890123” is too large",
        11: "email: “not an address” is not an e-mail address",
        14: "A quotation mark is opened in this row and never closed.",
        16: "The letter after “l” is not utf-8.",
    }
    assert set(told) == set(expected)
    assert [line for line, start in expected.items() if start not in told[line]] == []
    assert values(email="twice@a.fr")["firstname"] == "Second"
    assert queries.first_notes(found, refusals=False)[0].sentences == (
        "email: “twice@a.fr” is on line 12 too. Both rows are applied in the order of the file, so the values of this row win.",
    )


def test_a_refused_row_tells_all_its_problems_at_once(bring: Bring) -> None:
    found = bring("email,industry,birthday\nnobody,Astrology,31/31/1990\n")
    assert len(sentences(found)[2]) == 3


def test_the_bad_rows_come_back_as_they_were_with_their_line_and_their_reasons(bring: Bring) -> None:
    found = bring('email,birthday,note\na@a.fr,yesterday,"kept, as it was"\nb@a.fr,01/01/2000,\n')
    assert [row for batch in queries.refused_rows(found.first) for row in batch] == [
        ("a@a.fr", "yesterday", "kept, as it was", "2", "birthday: “yesterday” is not a date. Write it as 31/12/2024 (day/month/year).")
    ]


def test_a_dry_run_gives_the_counts_and_the_first_refusals_and_writes_nothing(bring: Bring) -> None:
    bring("email,firstname\nann@a.fr,Ann\nbob@a.fr,Bob\n")
    before = (Record.objects.count(), Change.objects.count())
    content = "email,firstname,birthday\nann@a.fr,Anna,\nbob@a.fr,Bob,\nnew@a.fr,New,\nnew@a.fr,Newer,\nbad@a.fr,Bad,never\n"
    tried = bring(content, dry_run=True)
    assert tried.state == "tried"
    wanted = {"created": 1, "updated": 2, "unchanged": 1, "refused": 1, "told": 1, "total": 5}
    assert {name: tried.tried[name] for name in wanted} == wanted
    assert tried.tried["first_refused"][0]["line"] == 6
    assert (Record.objects.count(), Change.objects.count()) == before
    done = run(tried.id)
    assert (done.created, done.updated, done.unchanged, done.refused) == (1, 2, 1, 1)


def test_a_dry_run_of_many_slices_counts_a_key_of_two_slices_once(bring: Bring) -> None:
    rows = "".join(f"p{n}@a.fr,x\n" for n in range(5000))
    tried = bring(f"email,firstname\n{rows}p7@a.fr,later\n", dry_run=True)
    assert (tried.tried["created"], tried.tried["updated"], tried.tried["told"]) == (5000, 1, 1)


def test_settings_that_do_not_fit_are_refused_with_everything_that_is_wrong(house: None) -> None:
    import_id = actions.take([Upload("a.csv", [b"email,name\na@a.fr,A\n"], "contact")], access=EVERYTHING)
    with pytest.raises(NotReady) as refusal:
        actions.settle(import_id, Settings({"email": "firstname", "name": "firstname", "other": "nothing"}, "email", zone="Mars/Base"))
    assert refusal.value.sentences == (
        "The file has no column “other”.",
        "There is no property “nothing” that an import can fill.",
        "Records are to be found by “E-mail”, so a column must go into it.",
        "Two columns go into “First name”. Choose one of them.",
        "There is no time zone “Mars/Base”. Write it like Europe/Paris.",
    )


def test_a_file_that_is_no_csv_leaves_nothing_behind(house: None) -> None:
    with pytest.raises(UnreadableFile):
        actions.take([Upload("a.xlsx", [b"PK\x03\x04"])], access=EVERYTHING)
    assert not Import.objects.exists()


def test_the_kept_file_is_for_nobody_else(bring: Bring) -> None:
    found = bring(PEOPLE)
    assert Import.objects.get(pk=found.id).files.get().path.stat().st_mode & 0o077 == 0


def test_a_cancelled_import_says_what_it_did_and_goes_on_later(house: None) -> None:
    rows = "".join(f"p{n}@a.fr,x\n" for n in range(12_000))
    import_id = actions.take([Upload("a.csv", [f"email,firstname\n{rows}".encode()])], access=EVERYTHING)
    from jalon.jobs import actions as jobs
    from jalon.jobs import queries as job_queries
    from jalon.jobs import runner

    job_id = actions.begin(import_id, access=EVERYTHING)
    started = jobs.begin(job_id)
    assert started is not None
    actions.cancel(import_id)
    runner._work(job_queries.view(started))
    cut = queries.one(EVERYTHING, import_id)
    assert cut is not None
    assert (cut.state, cut.created, cut.was_cut) == ("cancelled", 5000, True)
    assert run(import_id).created == 12_000
    assert Record.objects.count() == 12_000
