"""The audit log: who did what, when, in the reader's language, filtered and as a file."""

from __future__ import annotations

import ast
import csv
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

import jalon
from jalon.accounts import actions, audit
from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.audit import queries as log
from jalon.accounts.audit.queries import Wanted
from jalon.accounts.models import AuditLine
from jalon.accounts.rights import actions as rights
from tests.people import People, signed_in

ROOT = Path(jalon.__file__).parent


def sentences(wanted: Wanted = Wanted()) -> list[str]:  # noqa: B008  (a frozen value)
    return [line.sentence for line in log.page(wanted).lines]


def test_what_administrators_do_is_written_down_in_the_readers_language(people: People) -> None:
    alice = Actor(people.alice.pk, "Alice")
    team = rights.create_team("Export", actor=alice)
    rights.change_team(team.pk, name="Exports", user_ids=[people.rita.pk], actor=alice)
    assert sentences(Wanted(person=people.alice.pk))[:3] == [
        "Alice put Rita into the team “Exports”.",
        "Alice renamed the team “Export” to “Exports”.",
        "Alice created the team “Export”.",
    ]
    with override("fr"):
        assert sentences(Wanted(subject="team"))[0] == "Alice a ajouté Rita à l’équipe « Exports »."


def test_every_change_of_people_and_rights_has_its_line(people: People) -> None:
    alice = signed_in(people.alice)
    alice.post("/settings/permissions/new/", {"name": "Guests", "*.view": "own", "*.edit": "none", "*.delete": "none"})
    alice.post("/settings/users/invite/", {"emails": "eve@moreau.example", "rights": "everything", "main_team": ""})
    alice.post(f"/settings/users/{people.bob.pk}/", {"name": "Bob", "rights": "everything", "main_team": ""})
    alice.post(f"/settings/users/{people.bea.pk}/leaving/", {"heir": "keep"})
    kinds = set(AuditLine.objects.filter(actor_id=people.alice.pk).values_list("kind", flat=True))
    assert kinds >= {"permission_set.created", "user.invited", "user.rights", "team.left", "user.deactivated"}


def test_a_change_that_is_refused_leaves_no_line(people: People) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(actions.Refused):
        actions.set_active(people.alice.pk, False, actor=SYSTEM)
    assert AuditLine.objects.count() == before


def test_the_pages_follow_each_other_without_a_gap_while_lines_are_added(house: None) -> None:
    for number in range(7):
        actions.audit(SYSTEM, "user.created", "%(who)s did %(number)s.", number=number)
    first = log.page(Wanted(), limit=3)
    actions.audit(SYSTEM, "user.created", "%(who)s did %(number)s.", number=7)
    second = log.page(Wanted(), before=first.older, limit=3)
    back = log.page(Wanted(), after=second.newer, limit=3)
    assert [line.sentence[-2] for page in (first, second, back) for line in page.lines] == list("654321654")
    assert (first.newer, log.page(Wanted(), before=second.older, limit=3).older) == (None, None)


def test_filters_narrow_by_person_subject_and_the_accounts_days(people: People) -> None:
    actions.audit(Actor(people.bob.pk, "Bob"), "export.records", "%(who)s exported.")
    yesterday = timezone.localdate() - timedelta(days=1)
    AuditLine.objects.filter(kind="export.records").update(at=timezone.now() - timedelta(days=1))
    assert sentences(Wanted(person=people.bob.pk)) == sentences(Wanted(subject="export")) == ["Bob exported."]
    assert sentences(Wanted(first=yesterday, last=yesterday)) == ["Bob exported."]
    assert "Bob exported." not in sentences(Wanted(first=timezone.localdate()))


def test_a_line_without_a_value_is_shown_all_the_same(house: None) -> None:
    actions.audit(SYSTEM, "old.thing", "%(who)s did %(something)s.")
    assert sentences() == ["Jalon did –."]


def test_the_page_escapes_what_people_are_called(people: People) -> None:
    actions.audit(Actor(people.bob.pk, "<b>Bob</b>"), "user.changed", "%(who)s came.")
    page = signed_in(people.alice).get("/settings/audit/").content.decode()
    assert "<strong>&lt;b&gt;Bob&lt;/b&gt;</strong> came." in page


def test_the_file_holds_the_filtered_lines_and_is_a_line_itself(people: People) -> None:
    alice = signed_in(people.alice)
    answer: Any = alice.get("/settings/audit/export/", {"subject": "audit"})
    rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert rows[0] == ["When", "Who", "About", "What", "Address"]
    assert [row[1:] for row in rows[1:]] == [["Alice", "Audit log", "Alice exported the audit log.", "/settings/audit/"]]


def audit_calls() -> list[tuple[str, ast.Call]]:
    """Every call of the verb in the source, with its file."""
    trees = [(str(path.relative_to(ROOT)), ast.parse(path.read_text())) for path in ROOT.rglob("*.py")]
    calls = [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) >= 3]
    return [(path, call) for path, call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in {"audit", "write_down"}]


def test_every_kind_of_line_has_a_subject_that_the_filter_names() -> None:
    kinds = [(path, call.args[1].value) for path, call in audit_calls() if isinstance(call.args[1], ast.Constant)]
    known = {subject.name for subject in audit.subjects()}
    assert len(kinds) > 30
    assert [
        (path, kind) for path, kind in kinds if not re.fullmatch(r"[a-z_]+\.[a-z_]+", str(kind)) or str(kind).split(".")[0] not in known
    ] == []


def test_a_line_names_a_thing_in_the_readers_language(people: People) -> None:
    actions.audit(SYSTEM, "property.changed", "%(who)s changed “%(label)s”.", label="Deal stage", label_fr="Étape de la transaction")
    assert sentences()[0] == "Jalon changed “Deal stage”."
    with override("fr"):
        assert "Étape de la transaction" in sentences()[0]
