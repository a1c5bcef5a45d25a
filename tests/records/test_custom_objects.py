"""Objects of one's own, from the settings page or a file: at once in the menu, on pages, in import, search and export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.jobs.console import writing_to
from jalon.records import actions, commands, queries, runner
from jalon.records.links import queries as links
from jalon.records.models import AssociationType
from jalon.records.object_types import actions as object_types
from jalon.records.object_types import files
from jalon.records.object_types import queries as types
from jalon.records.object_types.actions import LinkTypeDefinition
from tests.accounts.test_user_command import Paper
from tests.people import People, signed_in
from tests.records.steps import BY_HAND, contact

STORE = """
name = "store"
plural = "stores"
label_en = "Store"
label_fr = "Point de vente"
plural_en = "Stores"
plural_fr = "Points de vente"
primary = ["store_name"]
first = ["city", "surface"]
icon = "building-store"
associations = ["contact", "deal"]

[properties]
store_name = { en = "Name of the store", fr = "Enseigne" }
city = { en = "City", fr = "Ville" }
surface = { type = "number", en = "Surface", fr = "Surface de vente" }
opened = { type = "date", en = "Opened on", fr = "Ouvert le" }
format = { type = "enumeration", en = "Format", fr = "Format", options = [["corner", "Corner", "Corner"], ["shop", "Shop", "Boutique"]] }
"""


def define(text: str = STORE) -> object_types.Defined:
    definition, associated = files.read(text)
    done = object_types.define(definition, associated, actor=SYSTEM)
    runner.shape()
    return done


def store(**values: str) -> int:
    outcome = actions.write("store", [actions.Row(values)], actor=SYSTEM, origin=BY_HAND)
    assert not outcome.refused, outcome.refused
    return outcome.created[0]


@pytest.fixture
def stores(people: People, columns: None) -> People:
    define()
    return people


def test_an_object_of_a_file_has_pages_menu_creation_and_import_at_once(stores: People, sync: Callable[[], None]) -> None:
    client = signed_in(stores.alice)
    store(store_name="Annecy Centre", city="Annecy", surface="240")
    sync()
    page = client.get("/stores/").text
    assert 'href="/stores/"' in page
    assert "Annecy Centre" in page
    assert "240" in page
    assert 'value="store"' in client.get("/import/").text
    assert "Name of the store" in client.get("/stores/new/").text
    assert "Surface" in client.get("/settings/properties/stores/").text
    assert "Annecy Centre" in client.get("/search/?q=annec").text
    answer = client.get("/stores/export/?format=csv")
    assert "Annecy Centre" in b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_its_pages_speak_french(stores: People) -> None:
    client = signed_in(stores.alice)
    client.post("/appearance/", {"language": "fr"})
    page = client.get("/stores/new/").text
    assert "Points de vente" in page
    assert "Surface de vente" in page


def test_its_records_are_linked_with_those_it_names_and_carry_activities(stores: People) -> None:
    panels = {type.there.object_type for type in links.link_types("store")}
    assert panels == {"contact", "deal"}
    assert AssociationType.objects.filter(to_type__name="store", from_type__is_activity=True).count() == 4
    ada, annecy = contact(firstname="Ada"), store(store_name="Annecy")
    actions.associate("store_to_contact", [(annecy, ada)], actor=SYSTEM, origin=BY_HAND)
    assert "Annecy" in signed_in(stores.alice).get(f"/contacts/{ada}/").text


def test_the_same_file_again_adds_what_is_new_and_takes_nothing_away(stores: People) -> None:
    again = STORE.replace("Points de vente", "Magasins") + 'phone = { en = "Phone", fr = "Téléphone" }\n'
    done = define(again.replace('city = { en = "City", fr = "Ville" }\n', "").replace('first = ["city", "surface"]\n', ""))
    assert (done.is_new, done.properties) == (False, 1)
    catalog = queries.catalog("store")
    assert catalog.plural_fr == "Magasins"
    assert {"city", "phone"} <= set(catalog.properties)


def test_a_file_with_mistakes_is_told_all_of_them_at_once(people: People) -> None:
    wrong = """
name = "Store"
label_en = "Store"
primary = ["nam"]
colour = "red"
[properties]
store_name = { en = "Name", kind = "text" }
city = { type = "place", en = "City" }
"""
    with pytest.raises(Refused) as caught:
        files.read(wrong)
    told = " ".join(caught.value.sentences)
    assert all(
        word in told for word in ("“plural” is missing", "small letters", "“colour”", "nam", "“kind” means nothing", "its type is one of")
    )


@pytest.mark.parametrize("plural", ["contacts", "reports", "settings", "associations", "messages"])
def test_a_plural_that_is_a_page_or_a_table_already_is_refused(people: People, plural: str) -> None:
    with pytest.raises(Refused, match="is taken"):
        define(STORE.replace('plural = "stores"', f'plural = "{plural}"'))


def test_a_page_defines_an_object_and_leads_to_its_index(people: People, columns: None) -> None:
    client = signed_in(people.alice)
    sent = {
        "label_en": "Lease",
        "label_fr": "Bail",
        "plural_en": "Leases",
        "plural_fr": "Baux",
        "icon": "file-text",
        "name_en": "Reference",
        "name_fr": "Référence",
        "associated": ["contact"],
        "property-en": ["Monthly rent", ""],
        "property-fr": ["Loyer mensuel", ""],
        "property-kind": ["number", "text"],
    }
    answer = client.post("/settings/objects/new/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/leases/")
    assert 'href="/leases/"' in client.get("/leases/").text
    page = client.get("/leases/new/").text
    assert "Reference" in page
    assert "Monthly rent" in page
    twice = client.post("/settings/objects/new/", sent)
    assert twice.status_code == 422
    assert "Loyer mensuel" in twice.text


def test_the_objects_of_jalon_may_be_called_otherwise(people: People, columns: None) -> None:
    runner.shape()
    client = signed_in(people.alice)
    labels = {"label_en": "Client", "label_fr": "Client", "plural_en": "Clients", "plural_fr": "Clients", "icon": "user"}
    assert client.post("/settings/objects/contact/", {**labels, "primary": ["firstname", "lastname"]}).status_code == 302
    assert "Clients" in client.get("/contacts/").text


def test_an_archived_object_leaves_every_page_and_comes_back_whole(stores: People, sync: Callable[[], None]) -> None:
    client = signed_in(stores.alice)
    ada, annecy = contact(firstname="Ada"), store(store_name="Annecy")
    actions.associate("store_to_contact", [(annecy, ada)], actor=SYSTEM, origin=BY_HAND)
    assert "1 record leaves every page" in client.get("/settings/objects/store/archiving/").text
    client.post("/settings/objects/store/archive/")
    assert client.get("/stores/").status_code == 404
    assert "Annecy" not in client.get(f"/contacts/{ada}/").text
    sync()
    runner.rebuild()
    client.post("/settings/objects/store/restore/")
    sync()
    assert queries.count(EVERYTHING, "store") == 1
    assert "Annecy" in client.get("/stores/").text


def test_the_objects_of_jalon_cannot_be_archived(people: People) -> None:
    with pytest.raises(Refused, match="Jalon needs"):
        object_types.archive("deal", records=0, actor=SYSTEM)


def test_only_who_may_edit_property_settings_defines_objects(people: People) -> None:
    client = signed_in(people.bob)
    addresses = ("/settings/objects/", "/settings/objects/new/", "/settings/associations/", "/settings/associations/new/")
    assert {client.get(address).status_code for address in addresses} == {403}


def test_a_labelled_association_is_read_both_ways_and_has_a_limit(people: People, columns: None) -> None:
    client = signed_in(people.alice)
    sent = {
        "from_type": "contact",
        "to_type": "contact",
        "label_en": "Manager",
        "label_fr": "Responsable",
        "inverse_en": "Manages",
        "inverse_fr": "Encadre",
        "limit_from": "1",
    }
    assert client.post("/settings/associations/new/", sent).status_code == 302
    ada, grace = contact(firstname="Ada"), contact(firstname="Grace")
    actions.associate("contact_to_contact", [(ada, grace)], actor=SYSTEM, origin=BY_HAND)
    assert "Manager" in client.get(f"/contacts/{ada}/").text
    assert "Manages" in client.get(f"/contacts/{grace}/").text
    with pytest.raises(Refused, match="one record only"):
        actions.associate("contact_to_contact", [(ada, contact(firstname="Edith"))], actor=SYSTEM, origin=BY_HAND)
    assert client.post("/settings/associations/new/", sent).status_code == 422


def test_a_limit_below_what_there_is_says_how_many_keep_more(people: People, columns: None) -> None:
    ada = contact(firstname="Ada")
    firms = [actions.Row({"name": name}) for name in ("First", "Second")]
    outcome = actions.write("company", firms, actor=SYSTEM, origin=BY_HAND)
    actions.associate("contact_to_company", [(ada, firm) for firm in outcome.created], actor=SYSTEM, origin=BY_HAND)
    answer = signed_in(people.alice).post("/settings/associations/contact_to_company/", {"limit_from": "1"}, follow=True)
    assert "1 record has more links than the limit allows" in answer.text


def test_a_link_takes_another_label_and_keeps_the_same_two_records(people: People, columns: None) -> None:
    name = object_types.define_link_type(LinkTypeDefinition("contact", "company", "Former employer", "Ancien employeur"), actor=SYSTEM)
    ada = contact(firstname="Ada")
    (firm,) = actions.write("company", [actions.Row({"name": "Engines"})], actor=SYSTEM, origin=BY_HAND).created
    actions.associate("contact_to_company", [(ada, firm)], actor=SYSTEM, origin=BY_HAND)
    client = signed_in(people.alice)
    client.post(f"/contacts/{ada}/links/contact_to_company/to/label/", {"other": str(firm), "label": name})
    (panel,) = [one for one in links.associated(EVERYTHING, "contact", ada) if one.total]
    assert (panel.type.name, panel.type.label("fr")) == (name, "Ancien employeur")


def test_an_association_with_links_is_not_deleted_one_without_is(people: People, columns: None) -> None:
    name = object_types.define_link_type(LinkTypeDefinition("contact", "contact", "Friend", "Ami"), actor=SYSTEM)
    ada, grace = contact(firstname="Ada"), contact(firstname="Grace")
    actions.associate(name, [(ada, grace)], actor=SYSTEM, origin=BY_HAND)
    with pytest.raises(Refused, match="linked by this association"):
        object_types.delete_link_type(name, actor=SYSTEM)
    actions.dissociate(name, [(ada, grace)], actor=SYSTEM, origin=BY_HAND)
    object_types.delete_link_type(name, actor=SYSTEM)
    assert types.link_type_line(name) is None


def test_the_command_line_defines_from_a_file_and_lists(people: People, columns: None, tmp_path: Path) -> None:
    file = tmp_path / "store.toml"
    file.write_text(STORE, encoding="utf-8")
    paper = Paper()
    with writing_to(paper):
        commands.define_object(file)
        commands.list_objects()
    catalog = queries.catalog("store")
    assert paper.values[0] == {"name": "store", "is_new": True, "properties": len(catalog.properties), "associations": 6}
    assert "store" in [value["name"] for value in paper.values[1:]]
