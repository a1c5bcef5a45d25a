"""One change to many records in sets, and taking back all that came from one place: where nobody changed it since."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.accounts.access import EVERYTHING, SYSTEM
from jalon.accounts.actions import Refused
from jalon.records import actions, queries
from jalon.records.actions import Row
from jalon.records.bulk import actions as bulk
from jalon.records.bulk import plan
from jalon.records.columns import Origin, Source
from jalon.records.models import Association, Change, Record
from tests.records.steps import BY_HAND, contact, values

pytestmark = pytest.mark.usefixtures("house")

BULK = Origin(Source.BULK_EDIT, "1")
IMPORT = Origin(Source.IMPORT, "7")


def set_all(ids: list[int], **given: str | None) -> bulk.BulkOutcome:
    return bulk.set_all("contact", ids, given, actor=SYSTEM, origin=BULK)


def test_the_same_values_go_to_many_records_and_those_that_have_them_get_no_line() -> None:
    ann, bob = contact(email="ann@a.fr", city="Lyon", jobtitle="x"), contact(email="bob@b.fr", city="Paris")
    before = Change.objects.count()
    outcome = set_all([ann, bob, 999_999], city="Paris", jobtitle=None)
    assert (outcome.changed, outcome.unchanged) == (1, 1)
    assert (values(ann)["city"], "jobtitle" in values(ann), Change.objects.count() - before) == ("Paris", False, 1)
    line = Change.objects.order_by("-id")[0]
    assert (line.delta, line.source, line.source_detail) == ({"city": ["Lyon", "Paris"], "jobtitle": ["x", None]}, "bulk_edit", "1")


def test_each_record_can_have_values_of_its_own() -> None:
    ann, bob = contact(email="ann@a.fr"), contact(email="bob@b.fr", city="Paris")
    outcome = bulk.set_each("contact", [(ann, {"city": "Nice"}), (bob, {"city": None})], actor=SYSTEM, origin=BULK)
    assert (outcome.changed, values(ann)["city"], "city" in values(bob)) == (2, "Nice", False)


def test_what_differs_for_every_record_or_is_kept_by_jalon_is_refused() -> None:
    ann = contact(email="ann@a.fr")
    with pytest.raises(Refused) as refused:
        set_all([ann], email="x@y.fr", createdate="2024-01-01T00:00:00.000Z", shoe="42")
    assert len(refused.value.sentences) == 3


def test_the_columns_follow(sync: Callable[[], None]) -> None:
    ids = [contact(email=f"p{n}@a.fr") for n in range(20)]
    outcome = set_all(ids, city="Brest")
    sync()
    assert outcome.position is not None and queries.wait(outcome.position)
    rows = queries.page(EVERYTHING, "contact", columns=["city"]).rows
    assert [row["city"] for row in rows] == ["Brest"] * 20


def test_an_undo_gives_values_back_except_where_somebody_changed_them_since() -> None:
    ann, bob = contact(email="ann@a.fr", city="Lyon"), contact(email="bob@b.fr", city="Nice")
    set_all([ann, bob], city="Paris", jobtitle="y")
    actions.write("contact", [Row({"city": "Lille"}, bob)], actor=SYSTEM, origin=BY_HAND)
    actions.write("contact", [Row({"city": "Paris"}, bob)], actor=SYSTEM, origin=BY_HAND)
    outcome = bulk.undo(BULK, actor=SYSTEM)
    assert (values(ann)["city"], values(bob)["city"]) == ("Lyon", "Paris")
    assert ("jobtitle" in values(ann), "jobtitle" in values(bob)) == (False, False)
    assert (outcome.undone, outcome.kept) == (2, [bulk.Kept("contact", bob, "city", plan.CHANGED_SINCE)])


def test_an_undo_twice_is_an_undo_once() -> None:
    ann = contact(email="ann@a.fr", city="Lyon")
    set_all([ann], city="Paris")
    bulk.undo(BULK, actor=SYSTEM)
    lines = Change.objects.count()
    again = bulk.undo(BULK, actor=SYSTEM)
    assert (again.undone, again.kept_count, Change.objects.count()) == (0, 0, lines)


def test_records_that_an_import_made_go_out_again_unless_somebody_worked_on_them() -> None:
    made = actions.write("contact", [Row({"email": "a@a.fr"}), Row({"email": "b@b.fr"})], actor=SYSTEM, origin=IMPORT).created
    actions.write("contact", [Row({"city": "Metz"}, made[1])], actor=SYSTEM, origin=BY_HAND)
    outcome = bulk.undo(IMPORT, actor=SYSTEM)
    archived = dict(Record.objects.filter(id__in=made).values_list("id", "archived_at"))
    assert (archived[made[0]] is None, archived[made[1]] is None, outcome.undone) == (False, True, 1)
    assert outcome.kept == [bulk.Kept("contact", made[1], "", plan.CHANGED_SINCE)]


def test_a_unique_value_comes_back_unless_somebody_has_it_now() -> None:
    ann, bob = contact(email="ann@a.fr"), contact(email="bob@b.fr")
    actions.write("contact", [Row({"email": "x@a.fr"}, ann), Row({"email": "y@b.fr"}, bob)], actor=SYSTEM, origin=IMPORT)
    contact(email="ann@a.fr")
    outcome = bulk.undo(IMPORT, actor=SYSTEM)
    assert (values(ann)["email"], values(bob)["email"]) == ("x@a.fr", "bob@b.fr")
    assert outcome.kept == [bulk.Kept("contact", ann, "", plan.TAKEN_SINCE)]


def test_links_and_archivings_are_taken_back() -> None:
    ann, bob = contact(email="ann@a.fr"), contact(email="bob@b.fr")
    (firm,) = actions.write("company", [Row({"name": "Moreau"})], actor=SYSTEM, origin=BY_HAND).created
    link = "contact_to_company"
    actions.associate(link, [(ann, firm)], actor=SYSTEM, origin=BULK)
    actions.archive("contact", [bob], actor=SYSTEM, origin=BULK)
    outcome = bulk.undo(BULK, actor=SYSTEM)
    assert (outcome.undone, Association.objects.count(), Record.objects.get(id=bob).archived_at) == (2, 0, None)


def test_the_link_that_was_the_primary_one_is_it_again() -> None:
    ann = contact(email="ann@a.fr")
    first, second = actions.write("company", [Row({"name": "A"}), Row({"name": "B"})], actor=SYSTEM, origin=BY_HAND).created
    actions.associate("contact_to_company", [(ann, first)], actor=SYSTEM, origin=BY_HAND, primary=True)
    actions.associate("contact_to_company", [(ann, second)], actor=SYSTEM, origin=IMPORT, primary=True)
    bulk.undo(IMPORT, actor=SYSTEM)
    assert list(Association.objects.values_list("to_record_id", "is_primary")) == [(first, True)]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bulk", "hand"]),
        st.integers(0, 3),
        st.sampled_from(["city", "jobtitle"]),
        st.sampled_from(["Paris", "Lyon", None]),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS)
def test_any_mixture_of_changes_is_taken_back_as_a_naive_reading_says(steps: list[tuple[str, int, str, str | None]]) -> None:
    Change.objects.all().delete()
    ids = [contact(firstname=f"n{n}") for n in range(4)]
    present: dict[tuple[int, str], str | None] = {}
    before: dict[tuple[int, str], str | None] = {}
    spoilt: set[tuple[int, str]] = set()
    for who, place, name, value in steps:
        key, old = (place, name), present.get((place, name))
        if who == "bulk":
            set_all([ids[place]], **{name: value})
        else:
            actions.write("contact", [Row({name: value}, ids[place])], actor=SYSTEM, origin=BY_HAND)
        if old != value:
            if who == "bulk":
                before.setdefault(key, old)
            elif key in before:
                spoilt.add(key)
            present[key] = value
    outcome = bulk.undo(BULK, actor=SYSTEM)
    wanted = present | {key: old for key, old in before.items() if key not in spoilt}
    assert {key: values(ids[key[0]]).get(key[1]) for key in wanted} == wanted
    assert {(ids.index(kept.record_id), kept.property) for kept in outcome.kept} == spoilt
