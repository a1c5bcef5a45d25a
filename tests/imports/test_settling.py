"""What people arrange around imports: saved mappings, properties made from a column, files kept for a while, files in pieces."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from jalon.accounts.access import EVERYTHING, Denied
from jalon.imports import actions
from jalon.imports.actions import Upload
from jalon.imports.creating import guess_type
from jalon.imports.keeping import actions as keeping
from jalon.imports.keeping import persons
from jalon.imports.models import File, Import, Note, Template
from jalon.imports.saved import actions as saved
from jalon.imports.saved import queries as templates
from jalon.records import pages
from jalon.records import queries as records
from jalon.records.columns import Type
from jalon.records.holdings import Person
from tests.imports.conftest import Bring, bring_in, values
from tests.people import People, signed_in

ROWS = "Mail;Pointure\nann@a.fr;38\nbob@b.fr;44\n"


def test_a_saved_mapping_is_offered_for_the_same_headings_and_brings_the_file_in(people: People) -> None:
    import_id = actions.take([Upload("a.csv", [ROWS.encode()], "contact")], access=EVERYTHING)
    actions.settle(import_id, replace(actions.settings_of(import_id), mapping={"Mail": "email", "Pointure": "zip"}))
    saved.keep("Shop", File.objects.get(), access=EVERYTHING)
    again = actions.take([Upload("b.csv", [ROWS.encode()], "company")], access=people.access(people.alice))
    assert [(one.name, one.fits) for one in templates.every(["Mail", "Pointure"])] == [("Shop", True)]
    assert [one.fits for one in templates.every(["Mail"])] == [False]
    client = signed_in(people.alice)
    assert "The saved mapping “Shop” fits this file." in client.get(f"/import/{again}/columns/").content.decode()
    client.post(f"/import/{again}/files/0/choose/", {"0-template": "Shop"})
    file = File.objects.get(of_id=again)
    assert (file.object_type, file.mapping) == ("contact", {"Mail": "email", "Pointure": "zip"})


def test_the_same_name_again_replaces_a_saved_mapping(house: None) -> None:
    actions.take([Upload("a.csv", [ROWS.encode()], "contact")], access=EVERYTHING)
    for _ in range(2):
        saved.keep("Shop", File.objects.get(), access=EVERYTHING)
    saved.forget(Template.objects.get().pk)
    assert templates.every() == []


def test_a_property_is_made_from_a_column_and_filled(bring: Bring) -> None:
    bring(ROWS, mapping={"Mail": "email", "Pointure": "new"})
    assert records.catalog("contact").properties["pointure"].type is Type.NUMBER
    assert values(email="ann@a.fr")["pointure"] == "38"


def test_only_who_may_edit_properties_makes_one_from_a_column(people: People) -> None:
    access = people.access(people.bob)
    with pytest.raises(Denied):
        bring_in(ROWS, mapping={"Mail": "email", "Pointure": "new"}, access=access)
    assert "pointure" not in records.catalog("contact").properties


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("38", "44.5", ""), Type.NUMBER),
        (("01000", "75011"), Type.STRING),
        (("31/12/2024", "01/02/2023"), Type.DATE),
        (("31/12/2024 10:30",), Type.DATETIME),
        (("yes", "no", "oui"), Type.BOOL),
        (("S", "M", "L", "M", "S", "L", "L", "M", "S"), Type.ENUMERATION),
        (("a", "b", "c"), Type.STRING),
        ((), Type.STRING),
    ],
)
def test_the_type_of_a_new_property_is_told_from_the_cells(cells: tuple[str, ...], kind: Type) -> None:
    assert guess_type(cells) is kind


def test_old_files_go_and_the_import_and_its_counts_stay(people: People) -> None:
    done = bring_in("email,birthday\na@a.fr,31/12/1990\nb@b.fr,never\n", access=people.access(people.alice))
    folder = Import.objects.get().folder
    keeping.choose(30, actor=EVERYTHING.actor)
    keeping.delete_old(timezone.now() + timedelta(days=29))
    assert folder.exists()
    keeping.delete_old(timezone.now() + timedelta(days=31))
    assert not folder.exists()
    client = signed_in(people.alice)
    page = client.get(f"/import/{done.id}/").content.decode()
    assert "The files are not kept any more." in page
    assert client.get(f"/import/{done.id}/files/0/").status_code == 404
    assert client.get(f"/import/{done.id}/refused.csv").status_code == 404
    assert not Note.objects.exists()


def test_the_files_that_name_an_erased_person_go_and_those_of_others_stay(house: None) -> None:
    bring_in("email,city\nann@a.fr,Paris\n")
    bring_in("email,city\nbob@b.fr,Lyon\n")
    ann = Person("contact", (1,), addresses=frozenset({"ann@a.fr"}))
    assert [(row["file"], row["text"]) for row in persons.portray(ann)] == [("test.csv", "ann@a.fr | Paris")]
    assert persons.clean(ann) == 1
    assert list(persons.portray(ann)) == []
    assert [row.folder.exists() for row in Import.objects.order_by("pk")] == [False, True]


def test_a_file_comes_in_pieces_and_a_piece_sent_twice_is_there_once(people: People) -> None:
    client = signed_in(people.alice)
    data = b"email,city\n" + b"".join(b"p%d@a.fr,Paris\n" % n for n in range(1_000))
    token, size = "", 0
    for start in range(0, len(data), 4_000):
        for _ in range(2):
            piece = data[start : start + 4_000]
            address = f"/import/pieces/?token={token}&offset={start}"
            answer = client.post(address, piece, content_type="application/octet-stream").json()
            token, size = answer["token"], answer["size"]
    assert size == len(data)
    form = {"object_type": "contact", "content": "present", "sent": f"{token} people.csv"}
    assert client.post("/import/", form).status_code == 302
    assert (File.objects.get().file_name, File.objects.get().original.read_bytes()) == ("people.csv", data)


def test_a_piece_of_somebody_else_s_upload_is_out_of_reach(people: People) -> None:
    token = signed_in(people.alice).post("/import/pieces/?offset=0", b"email\n", content_type="application/octet-stream").json()["token"]
    form = {"object_type": "contact", "content": "present", "sent": f"{token} stolen.csv"}
    answer = signed_in(people.bob).post("/import/", form)
    assert "Choose at least one file." in answer.content.decode()
    outside = signed_in(people.bob).post("/import/pieces/?token=../../etc/passwd&offset=0", b"x", content_type="application/octet-stream")
    assert outside.status_code == 400


def test_a_property_is_used_in_the_mappings_that_were_saved(house: None) -> None:
    import_id = actions.take([Upload("a.csv", [ROWS.encode()], "contact")], access=EVERYTHING)
    actions.settle(import_id, replace(actions.settings_of(import_id), mapping={"Mail": "email", "Pointure": "zip"}))
    saved.keep("Shop", File.objects.get(), access=EVERYTHING)
    assert [(use.kind, use.name) for use in pages.used_in("contact", "email")] == [("Import mapping", "Shop")]
    assert [use.name for use in pages.used_in("contact", "zip")] == ["Shop"]
    assert pages.used_in("company", "zip") == pages.used_in("contact", "city") == []
