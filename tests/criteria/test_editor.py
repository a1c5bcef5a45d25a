"""The criteria editor: what it shows, what it sends, how many match now, and what is wrong beside each filter."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jalon.accounts.access import SYSTEM
from jalon.criteria import forms, tree
from jalon.criteria.operators import OPERATORS
from jalon.criteria.tree import Criteria, Filter, Group
from jalon.records import actions, queries, runner
from jalon.records.actions import Row
from jalon.records.columns import Origin, Source
from tests.people import People, signed_in

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


def sent(criteria: Criteria) -> dict[str, Any]:
    """What the browser sends for these criteria."""
    posted: dict[str, Any] = {"filter": []}
    for at, group in enumerate(criteria.groups):
        for place, one in enumerate(group.filters):
            key = f"{at}.{place}"
            posted["filter"].append(key)
            posted |= {f"property:{key}": one.property, f"operator:{key}": one.operator, f"value:{key}": list(one.values)}
            if one.include_blank:
                posted[f"blank:{key}"] = "yes"
    return posted


def check(client: Client, posted: dict[str, Any]) -> Any:
    return client.post("/criteria/contacts/check/", posted)


def apply(client: Client, posted: dict[str, Any], query: str = "") -> Any:
    return client.post(f"/criteria/contacts/apply/{query}", posted, headers={"HX-Request": "true"})


def test_the_editor_opens_with_the_criteria_of_the_address(rita: Client) -> None:
    criteria = Criteria((Group((STAGE, SCORE)), Group((Filter("email", "is_unknown"),))))
    page = rita.get("/criteria/contacts/", {"criteria": tree.to_text(criteria)})
    assert [[box.name for box in group.filters] for group in page.context["groups"]] == [["lifecyclestage", "hubspotscore"], ["email"]]
    assert "Lifecycle stage" in page.text


def test_what_the_editor_sends_is_what_it_was_opened_with(rita: Client) -> None:
    criteria = Criteria((Group((STAGE, SCORE)), Group((Filter("city", "not_equal", ("Paris",), include_blank=True),))))
    answer = apply(rita, sent(criteria), "?sort=email&q=exa")
    query = parse_qs(urlsplit(answer.headers["HX-Redirect"]).query)
    assert tree.from_text(query["criteria"][0]) == criteria
    assert (query["sort"], query["q"]) == (["email"], ["exa"])


def test_the_count_is_the_total_of_the_index_page(rita: Client) -> None:
    criteria = Criteria((Group((STAGE, SCORE)),))
    counted = check(rita, sent(criteria)).context["count"]
    assert counted == rita.get("/contacts/", {"criteria": tree.to_text(criteria)}).context["total"] == 2


def test_without_a_filter_everything_is_counted(rita: Client) -> None:
    assert check(rita, {}).context["count"] == 4
    assert apply(rita, {}).headers["HX-Redirect"] == "/contacts/"


def test_somebody_with_only_their_own_records_counts_only_these(people: People, rita: Client) -> None:
    assert check(signed_in(people.charlie), {}).context["count"] == 0


def test_every_wrong_filter_has_its_sentence_beside_it(rita: Client) -> None:
    wrong = Criteria((Group((STAGE, Filter("hubspotscore", "greater", ("much",)))), Group((Filter("createdate", "on", ("2026-02-31",)),))))
    answer = apply(rita, sent(wrong))
    assert answer.status_code == 422
    beside = {box.key: bool(box.problems) for box in answer.context["filters"]}
    assert beside == {"0.0": False, "0.1": True, "1.0": True}
    assert "2 filters need a look" in answer.text


def test_a_filter_that_is_still_being_filled_in_is_not_scolded_until_it_is_applied(rita: Client) -> None:
    half = Criteria((Group((Filter("hubspotscore", "between", ("10",)),)),))
    assert "Fill in the filter" in check(rita, sent(half)).text
    assert "field-error" not in check(rita, sent(half)).text
    assert "field-error" in apply(rita, sent(half)).text


def test_picking_a_property_starts_with_an_operator_that_compares(rita: Client) -> None:
    box = rita.post("/criteria/contacts/filter/", {"key": "0.3", "property:0.3": "lifecyclestage"}).context["filter"]
    assert (box.key, box.operator, box.control) == ("0.3", "any_of", "choices")
    assert ("customer", "Customer") in box.choices


@pytest.mark.parametrize(
    "spec", ["email", "hubspotscore", "hs_email_optout", "lifecyclestage", "interests", "birthday", "createdate", "hubspot_owner_id"]
)
def test_every_operator_of_every_kind_has_inputs_that_send_its_values_back(rita: Client, spec: str) -> None:
    catalog = queries.catalog("contact")
    samples = {
        "lines": ("a", "b"),
        "one": ("2026-01-02",) if catalog.properties[spec].type.value.startswith("date") else ("12",),
        "two": ("2026-01-02", "2026-02-03") if catalog.properties[spec].type.value.startswith("date") else ("1", "2"),
        "days": ("14",),
    }
    for operator in OPERATORS[catalog.properties[spec].kind]:
        box = forms.box(Filter(spec, operator.name), "0.0", catalog)
        values = samples.get(box.control) or tuple(value for value, _label in box.choices[:1])
        one = Filter(spec, operator.name, values)
        data = QueryDict(mutable=True)
        for name, value in sent(tree.all_of(one)).items():
            data.setlist(name, value if isinstance(value, list) else [value])
        assert forms.parse(data, catalog) == tree.all_of(one), operator.name


def test_values_one_on_each_line_are_several_values(rita: Client) -> None:
    posted = {"filter": "0.0", "property:0.0": "email", "operator:0.0": "equal_any", "value:0.0": "1@example.com\r\n\r\n 2@example.com "}
    assert check(rita, posted).context["count"] == 2


def test_a_decimal_comma_is_understood_in_french(people: People, rita: Client) -> None:
    people.rita.language = "fr"
    people.rita.save()
    posted = {"filter": "0.0", "property:0.0": "hubspotscore", "operator:0.0": "greater", "value:0.0": "19,5"}
    assert check(rita, posted).context["count"] == 3


def test_for_a_field_of_a_form_the_criteria_come_back_with_their_words(rita: Client) -> None:
    told = json.loads(apply(rita, sent(Criteria((Group((STAGE,)),))), "?field=id_criteria").headers["HX-Trigger"])["criteria-chosen"]
    assert told["field"] == "id_criteria"
    assert told["groups"] == [["Lifecycle stage is any of Customer"]]
    assert tree.from_text(told["criteria"]) == Criteria((Group((STAGE,)),))


def test_keys_that_are_no_places_are_passed_over(rita: Client) -> None:
    assert check(rita, {"filter": ["x", "0.", "../..", "0.0"], "property:0.0": "email", "operator:0.0": "is_known"}).context["count"] == 4
    assert rita.post("/criteria/contacts/filter/", {"key": "../.."}).status_code == 404
