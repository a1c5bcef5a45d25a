"""The criteria editor: what it shows, what it sends, how many match now, and what is wrong beside each filter."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import SYSTEM, Scope
from jalon.accounts.actions import create_user
from jalon.criteria import tree
from jalon.criteria.forms import drafts
from jalon.criteria.queries import Verdict
from jalon.criteria.tree import Associated, Branch, Count, Criteria, Fact, Filter, Group, How, all_of
from jalon.imports.models import File, Import, State
from jalon.records import actions, queries, runner
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from tests.criteria.fields import of_html, sent
from tests.people import PASSWORD, People, granted, signed_in

STAGE = Filter("lifecyclestage", "any_of", ("customer",))
SCORE = Filter("hubspotscore", "between", ("10", "20"))


@pytest.fixture
def rita(people: People) -> Client:
    """A reader in a house with four contacts, the columns following."""
    rows = [
        Row({"email": f"{n}@example.com", "hubspotscore": n * 10, "lifecyclestage": "customer" if n < 3 else None}) for n in range(1, 5)
    ]
    actions.write("contact", rows, actor=SYSTEM, origin=Origin(Source.IMPORT), match="email")
    while runner.sync(timezone.now()):
        pass
    return signed_in(people.rita)


def post(client: Client, address: str, posted: QueryDict | dict[str, Any], query: str = "") -> Any:
    data = dict(posted.lists()) if isinstance(posted, QueryDict) else posted
    return client.post(f"/criteria/contacts/{address}/{query}", data, headers={"HX-Request": "true"})


def check(client: Client, criteria: Criteria | dict[str, Any]) -> Any:
    return post(client, "check", sent(criteria) if isinstance(criteria, Criteria) else criteria)


def apply(client: Client, criteria: Criteria, query: str = "") -> Any:
    return post(client, "apply", sent(criteria), query)


def one(about: str, operator: str = "", **more: Any) -> dict[str, Any]:
    """What is sent for a single filter."""
    return {"filter": "0.0", "about:0.0": about, "operator:0.0": operator, **{f"{name}:0.0": value for name, value in more.items()}}


def test_the_editor_opens_with_the_criteria_of_the_address(rita: Client) -> None:
    criteria = Criteria((Group((STAGE, SCORE)), Group((Filter("email", "is_unknown"),))))
    page = rita.get("/criteria/contacts/", {"criteria": tree.to_text(criteria)})
    shown = [[box.about for box in group.filters] for group in page.context["editor"].groups]
    assert shown == [["property:lifecyclestage", "property:hubspotscore"], ["property:email"]]
    assert "Lifecycle stage" in page.text


def test_what_the_editor_sends_is_what_it_was_opened_with(rita: Client) -> None:
    deals = Associated("deal", (Filter("amount", "greater", ("100",)),), count=Count(2))
    nested = Branch(How.NOT_ANY, (Filter("city", "not_equal", ("Paris",), include_blank=True), Branch(How.ALL, (deals, STAGE))))
    criteria = Criteria((Group((STAGE, SCORE)), Group((nested,))))
    page = rita.get("/criteria/contacts/", {"criteria": tree.to_text(criteria)})
    answer = post(rita, "apply", of_html(page.text), "?sort=email&q=exa")
    query = parse_qs(urlsplit(answer.headers["HX-Redirect"]).query)
    assert tree.from_text(query["criteria"][0]) == criteria
    assert (query["sort"], query["q"]) == (["email"], ["exa"])


def test_the_count_is_the_total_of_the_index_page(rita: Client) -> None:
    criteria = all_of(STAGE, SCORE)
    counted = check(rita, criteria).context["count"]
    assert counted == rita.get("/contacts/", {"criteria": tree.to_text(criteria)}).context["total"] == 2


def test_without_a_filter_everything_is_counted(rita: Client) -> None:
    assert check(rita, {}).context["count"] == 4
    assert apply(rita, Criteria()).headers["HX-Redirect"] == "/contacts/"


def test_somebody_with_only_their_own_records_counts_only_these(people: People, rita: Client) -> None:
    assert check(signed_in(people.charlie), {}).context["count"] == 0


def test_every_wrong_filter_has_its_sentence_beside_it_however_deep_it_stands(rita: Client) -> None:
    inside = Associated("deal", (Filter("amount", "is_known"), Filter("amount", "greater", ("lots",))))
    wrong = Criteria((Group((STAGE, Filter("hubspotscore", "greater", ("much",)))), Group((Branch(How.NOT_ANY, (STAGE, inside)),))))
    answer = apply(rita, wrong)
    assert answer.status_code == 422
    assert set(answer.context["beside"]) == {"0.1", "1.0.1.1"}
    assert "2 filters need a look" in answer.text


def test_a_filter_that_is_still_being_filled_in_is_not_scolded_until_it_is_applied(rita: Client) -> None:
    half = Criteria((Group((Filter("hubspotscore", "between", ("10",)), Branch(How.ANY, ()))),))
    assert "Fill in the filter" in check(rita, half).text
    assert "field-error" not in check(rita, half).text
    assert "field-error" in apply(rita, half).text
    assert set(apply(rita, half).context["beside"]) == {"0.0", "0.1"}


def test_how_many_linked_records_must_be_a_number(rita: Client) -> None:
    half = one("associated:deal", refine="count:at_least")
    assert "field-error" not in check(rita, half).text
    answer = post(rita, "apply", {**half, "times:0.0": "two"})
    assert answer.status_code == 422
    assert answer.context["beside"] == {"0.0": ["Say how many: whole numbers from 0."]}


def test_picking_a_property_starts_with_an_operator_that_compares(rita: Client) -> None:
    box = post(rita, "filter", {"key": "0.3", "of": "contact", "about:0.3": "property:lifecyclestage"}).context["box"]
    (asks,) = box.asks
    assert (box.key, asks.chosen, asks.control.shape) == ("0.3", "any_of", "picker")


def test_another_operator_brings_its_inputs_and_keeps_what_was_typed(rita: Client) -> None:
    typed = one("property:hubspotscore", "between", value="12") | {"key": "0.0", "of": "contact", "part": "operator"}
    assert of_html(post(rita, "asked", typed).text).getlist("value:0.0") == ["12", ""]


def test_everything_that_can_be_picked_is_listed(rita: Client) -> None:
    subjects = rita.get("/criteria/contacts/picked/", {"of": "contact"}).text
    listed = ("property:lifecyclestage", "associated:deal", "branch:not_any", "fact:import")
    assert [about for about in listed if f'data-value="{about}"' not in subjects] == []
    assert 'data-value="property:amount"' in rita.get("/criteria/contacts/picked/", {"of": "deal"}).text
    options = rita.get("/criteria/contacts/picked/", {"of": "contact", "about": "property:lifecyclestage"})
    assert 'data-value="customer"' in options.text
    assert "Rita" in rita.get("/criteria/contacts/picked/", {"of": "deal", "about": "property:hubspot_owner_id"}).text
    assert rita.get("/criteria/contacts/picked/", {"of": "contact", "about": "property:gone"}).status_code == 404


def test_linked_records_that_one_may_not_see_are_not_offered(rita: Client) -> None:
    grant = granted("No deals", (), {"*.view": Scope.ALL, "deal.view": Scope.NONE})
    dora = create_user("dora@moreau.example", name="Dora", password=PASSWORD, grant=grant, actor=SYSTEM)
    listed = signed_in(dora).get("/criteria/contacts/picked/").text
    assert ("associated:company" in listed, "associated:deal" in listed) == (True, False)


def test_only_imports_whose_files_one_may_see_are_offered(people: People, rita: Client) -> None:
    bringing = Import.objects.create(state=State.DONE, started_at=timezone.now(), user_id=people.bob.pk)
    file = {"object_type": "contact", "encoding": "utf-8", "delimiter": ",", "match": "email", "order": "dmy", "zone": "UTC"}
    File.objects.create(of=bringing, file_name="salaries.csv", **file)
    everybody = (people.alice, people.bob, people.bea, people.rita)
    offered = {user: signed_in(user).get("/criteria/contacts/picked/", {"about": "fact:import"}).text for user in everybody}
    assert {user for user, text in offered.items() if "salaries.csv" in text} == {people.alice, people.bob}


def test_somebody_who_was_deactivated_stands_last_and_is_marked(people: People, rita: Client) -> None:
    people.bea.is_active = False
    people.bea.save()
    owners = rita.get("/criteria/contacts/picked/", {"about": "property:hubspot_owner_id"}).context["options"]
    assert (owners[-1], [label for _, label in owners[:2]]) == ((str(people.bea.pk), "Bea (deactivated)"), ["Alice", "Bob"])


def test_days_from_today_are_typed_as_numbers_with_the_way_beside_them(rita: Client) -> None:
    typed = {"value": ["30", "ago", "", "ahead"]}
    assert set(post(rita, "apply", one("property:createdate", "between_days", **typed)).context["beside"]) == {"0.0"}
    answer = post(rita, "apply", one("property:createdate", "between_days", value=["30", "ago", "0", "ago"]))
    (asked,) = parse_qs(urlsplit(answer.headers["HX-Redirect"]).query)["criteria"]
    assert tree.from_text(asked) == all_of(Filter("createdate", "between_days", ("-30", "0")))


def test_a_filter_that_denies_takes_no_moment(rita: Client) -> None:
    shown = post(rita, "filter", one("fact:list", "not_in") | {"key": "0.0", "of": "contact"}).text
    assert '<option value="not_in" selected data-alone>' in shown and '<option value="in">' in shown
    sent_with_it = {"filter": "0.0", "about:0.0": "fact:list", "operator:0.0": "not_in", "value:0.0": "1", "refine:0.0": "when:on"}
    (filter,) = drafts.read(QueryDict(urlencode(sent_with_it)), queries.catalog("contact")).criteria.groups[0].filters
    assert filter == Fact("list", "not_in", ("1",))


def test_values_one_on_each_line_are_several_values(rita: Client) -> None:
    posted = one("property:email", "equal_any", value="1@example.com\r\n\r\n 2@example.com ")
    assert check(rita, posted).context["count"] == 2


def test_a_decimal_comma_is_understood_in_french(people: People, rita: Client) -> None:
    people.rita.language = "fr"
    people.rita.save()
    assert check(rita, one("property:hubspotscore", "greater", value="19,5")).context["count"] == 3


def test_for_a_field_of_a_form_the_criteria_come_back_with_their_words(rita: Client) -> None:
    told = json.loads(apply(rita, all_of(STAGE), "?field=id_criteria").headers["HX-Trigger"])["criteria-chosen"]
    assert told["field"] == "id_criteria"
    assert told["chips"] == [["Lifecycle stage is any of Customer", False]]
    assert tree.from_text(told["criteria"]) == all_of(STAGE)


def test_a_field_of_any_name_opens_with_its_criteria(rita: Client) -> None:
    page = rita.get("/criteria/contacts/", {"field": "id_who", "name": "who", "who": tree.to_text(all_of(STAGE))})
    assert [box.about for box in page.context["editor"].groups[0].filters] == ["property:lifecyclestage"]
    assert "who=" not in page.context["apply_url"]


def test_a_filter_on_what_is_gone_says_so_and_loses_nothing(rita: Client) -> None:
    gone = all_of(Filter("shoe_size", "equal", ("42", "43"), include_blank=True), tree.Fact("dance", "done", ("tango",)))
    answer = apply(rita, gone)
    assert list(answer.context["beside"]) == ["0.0", "0.1"]
    assert drafts.read(sent(gone), queries.catalog("contact")).criteria == gone


def test_what_a_tested_record_says_to_a_filter_is_marked_beside_it(rita: Client) -> None:
    draft = drafts.read(sent(all_of(STAGE, Branch(How.ANY, (SCORE,)))), queries.catalog("contact"))
    assert draft.marks({(1, 1): Verdict(True), (1, 2, 1): Verdict(False)}) == [("0-0", True), ("0-1", None), ("0-1-0", False)]


def test_keys_that_are_no_places_are_passed_over(rita: Client) -> None:
    posted = one("property:email", "is_known") | {"filter": ["x", "0.", "../..", "5.5.5", "0.0.0", "0.0", "0.0.1", "0.0.0.0.0.0.0.0"]}
    assert check(rita, posted).context["count"] == 4
    assert post(rita, "filter", {"key": "../..", "of": "contact"}).status_code == 404


def test_two_hundred_and_fifty_filters_are_edited_like_one(rita: Client) -> None:
    most = Criteria(tuple(Group((STAGE,) * 10) for _ in range(25)))
    assert apply(rita, most).headers["HX-Redirect"].count("lifecyclestage") == 250
    assert "at most 250" in apply(rita, Criteria((*most.groups, Group((STAGE,))))).text
