"""The pages of an import: from the file to its records, in numbers and sentences, for those who may."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jalon.imports.models import File, Import
from jalon.jobs import runner
from tests.people import People, signed_in

PEOPLE = "E-mail;Prénom;Nom;Inconnu;Date de naissance\nann@a.fr;Ann;Dupont;?;31/12/1990\nbob@b.fr;Bob;Martin;?;hier\n"


def upload(client: Client, text: str = PEOPLE, **fields: str) -> str:
    """Send a file; the address of the page that asks about its columns."""
    file = SimpleUploadedFile("contacts.csv", text.encode())
    form = {"object_type": "contact", "content": "present", "encoding": "", "delimiter": "", **fields, "uploads": file}
    return client.post("/import/", form).headers["Location"]


def fields(page: str) -> dict[str, str]:
    """What the columns page would send back as it stands."""
    row = File.objects.latest("id")
    sent = {f"column-{index}": row.mapping.get(heading, "") for index, heading in enumerate(row.headings)}
    sent |= {"match": row.match, "mode": row.mode, "order": row.order, "zone": row.zone, "decimal": row.decimal}
    return {f"{row.place}-{name}": value for name, value in sent.items()}


def download(client: Client, url: str) -> bytes:
    """What the browser saves."""
    saved: bytes = client.get(url).getvalue()
    return saved


def work() -> None:
    """What the worker does meanwhile."""
    job_id = Import.objects.latest("id").job_id
    assert job_id is not None
    runner.run(job_id)


def test_a_file_goes_from_its_columns_over_the_verdict_to_the_result(people: People) -> None:
    client = signed_in(people.alice)
    columns = upload(client)
    page = client.get(columns).content.decode()
    assert "This column is left out so far: Inconnu." in page
    assert "ann@a.fr · bob@b.fr" in page
    show = client.post(columns, fields(page)).headers["Location"]
    assert "Trying it out" in client.get(show).content.decode()
    work()
    verdict = client.get(show).content.decode()
    assert "2 rows were read; nothing has been written yet." in verdict
    assert "Date de naissance: “hier” is not a date." in verdict
    client.post(f"{show}begin/")
    assert "Bringing the rows in" in client.get(show).content.decode()
    work()
    result = client.get(show).content.decode()
    assert "The import is done" in result
    refused = download(client, f"{show}refused.csv")
    assert refused.decode("utf-8-sig").splitlines()[1].startswith("bob@b.fr,Bob,Martin,?,hier,3,Date de naissance: “hier” is not a date.")
    assert "contacts.csv" in client.get("/import/").content.decode()


def test_htmx_gets_the_state_alone_and_stops_asking_at_the_end(people: People) -> None:
    client = signed_in(people.alice)
    columns = upload(client)
    show = client.post(columns, fields("")).headers["Location"]
    asking = client.get(show, headers={"HX-Request": "true"}).content.decode()
    assert asking.strip().startswith('<div id="import" hx-get=')
    work()
    assert "hx-get" not in client.get(show, headers={"HX-Request": "true"}).content.decode()


def test_columns_that_do_not_fit_are_told_at_once_and_nothing_chosen_is_lost(people: People) -> None:
    client = signed_in(people.alice)
    columns = upload(client)
    answer = client.post(columns, {**fields(""), "0-column-0": "firstname", "0-zone": "Mars/Base"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Records are to be found by “E-mail”, so a column must go into it." in page
    assert "Two columns go into “First name”. Choose one of them." in page
    assert "There is no time zone “Mars/Base”." in page
    assert 'value="Mars/Base"' in page


def test_a_file_that_is_none_is_refused_beside_its_field(people: People) -> None:
    client = signed_in(people.alice)
    form = {"object_type": "contact", "content": "present", "uploads": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}
    answer = client.post("/import/", form)
    assert answer.status_code == 400
    assert "This workbook is damaged and cannot be read." in answer.content.decode()


def test_dates_that_can_be_read_both_ways_are_pointed_out(people: People) -> None:
    client = signed_in(people.alice)
    page = client.get(upload(client, "email,birthday\na@a.fr,01/02/1990\n")).content.decode()
    assert "can be read day first or month first" in page


def test_a_history_file_asks_for_the_role_of_each_column(people: People) -> None:
    client = signed_in(people.alice)
    columns = upload(client, "email,property,value,date,source\na@a.fr,city,Paris,01/02/2020,form\n", content="past")
    answer = client.post(columns, {**fields(""), "0-column-1": ""})
    assert "Choose the column that holds: Property." in answer.content.decode()


def test_the_pages_speak_french(people: People) -> None:
    client = signed_in(people.alice)
    client.post("/appearance/", {"language": "fr", "next": "/"})
    columns = upload(client)
    assert "Cette colonne est ignorée pour l’instant\u00a0: Inconnu." in client.get(columns).content.decode()
    show = client.post(columns, fields("")).headers["Location"]
    work()
    verdict = client.get(show).content.decode()
    assert "2 lignes ont été lues\u00a0; rien n’a encore été écrit." in verdict
    assert "Date de naissance\u00a0: «\u00a0hier\u00a0» n’est pas une date. Écrivez-la comme 31/12/2024 (jour/mois/année)." in verdict


def test_imports_are_for_those_who_may_and_ones_own_only(people: People) -> None:
    show = upload(signed_in(people.alice)).replace("columns/", "")
    assert signed_in(people.rita).get("/import/").status_code == 403
    assert signed_in(people.bob).get(show).status_code in (403, 404)
    assert Client().get("/import/").status_code == 302
