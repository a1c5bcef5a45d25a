"""Saved reports as files for git and for another account: stable, by names, twice changes nothing, all or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jalon.accounts.access import EVERYTHING, SYSTEM, Access, Actor
from jalon.accounts.models import Team, User
from jalon.criteria.tree import Fact, Filter, all_of
from jalon.folders import actions as folders
from jalon.folders.models import Folder
from jalon.jobs.console import CommandFailed, writing_to
from jalon.lists import actions as lists
from jalon.lists.models import List
from jalon.reports import actions as reports
from jalon.reports import commands
from jalon.reports.kinds import display
from jalon.reports.kinds.definition import Definition
from jalon.reports.models import Report
from jalon.reports.portable import actions, form, queries
from jalon.reports.portable.actions import NotBrought
from jalon.reports.sharing import actions as sharing
from jalon.reports.sharing.queries import ShareView
from tests.accounts.test_user_command import Paper
from tests.people import signed_in
from tests.world import World


@pytest.fixture
def report(cabrelle: World) -> Report:
    """About a list and an owner, with a goal and a color."""
    bruno = str(cabrelle.users["bruno"])
    made = lists.create("Salon", "contact", List.Kind.MANUAL, all_of(), actor=SYSTEM)
    criteria = all_of(Fact("list", "in", (str(made.id),)), Filter("hubspot_owner_id", "any_of", (bruno,)))
    number = reports.create(Definition(criteria=criteria, breakdown="hubspot_owner_id"), actor=SYSTEM, title="À l’été")
    reports.set_goal(number, display.goal("1200", "year"), actor=SYSTEM)
    reports.set_color(number, f"={bruno}", "#123456", actor=SYSTEM)
    place = folders.within("reports", ("Salons", "Été 24/25"), actor=SYSTEM)
    sharing.move(number, place)
    team = Team.objects.get(name="Service client").pk
    chosen = (ShareView(cabrelle.users["emilie"], None, edits=False), ShareView(None, team, edits=True))
    sharing.share(number, Report.Sharing.CHOSEN, edits=False, chosen=chosen, actor=SYSTEM)
    return Report.objects.get(pk=number)


def text(report: Report) -> str:
    file = queries.file_of(report.pk)
    assert file is not None
    return queries.content(file)


def brought(content: str, name: str = "report.json") -> str:
    [one] = actions.bring({name: content}, access=EVERYTHING)
    return one.verdict.value


def changed(content: str, **parts: Any) -> str:
    return json.dumps({**json.loads(content), **parts})


def refused(files: Mapping[str, str]) -> str:
    with pytest.raises(NotBrought) as error:
        actions.bring(files, access=EVERYTHING)
    return "\n".join(error.value.sentences)


def test_a_file_names_lists_and_users_and_keeps_its_order(report: Report) -> None:
    content = text(report)
    raw = json.loads(content)
    assert list(raw) == ["jalon", "version", "key", "title", "folder", "sharing", "definition", "goal", "colors"]
    assert raw["folder"] == ["Salons", "Été 24/25"]
    assert raw["sharing"] == {"with": "chosen", "users": {"emilie@cabrelle.example": "see"}, "teams": {"Service client": "edit"}}
    assert list(raw["definition"])[:4] == ["kind", "version", "criteria", "date_property"]
    inside, owner = raw["definition"]["criteria"]["groups"][0]["filters"]
    assert inside["values"] == ["Salon"] and owner["values"] == ["bruno@cabrelle.example"]
    assert raw["colors"] == {"=bruno@cabrelle.example": "#123456"} and "À l’été" in content
    assert queries.file_name(form.read(content, "x"), "À l’été").startswith("a-l-ete-")


def test_brought_in_twice_it_changes_nothing_and_elsewhere_it_is_the_same_report(report: Report) -> None:
    content, edited = text(report), report.edited_at
    assert brought(content) == "unchanged"
    before = (report.definition, report.display, report.title)
    Report.objects.all().delete()
    assert [brought(content), brought(content)] == ["created", "unchanged"]
    again = Report.objects.get(key=report.key)
    assert (again.definition, again.display, again.title) == before and text(again) == content
    assert again.edited_at > edited and again.compiling_id
    assert (again.folder_id, again.sharing) == (report.folder_id, "chosen")


def test_folder_and_sharing_are_changed_by_a_file_that_names_them_and_left_by_one_that_does_not(report: Report) -> None:
    compiling, plain = report.compiling_id, json.loads(text(report))
    silent = json.dumps({name: value for name, value in plain.items() if name not in ("folder", "sharing")})
    assert brought(silent) == "unchanged"
    assert brought(changed(silent, folder=["Salons", "Lyon"], sharing={"with": "everybody", "everybody_edits": True})) == "changed"
    report.refresh_from_db()
    assert report.folder is not None and (report.folder.name, report.folder.parent_id) == ("Lyon", Folder.objects.get(name="Salons").pk)
    assert (report.sharing, report.everybody_edits, report.shares.count(), report.compiling_id) == ("everybody", True, 0, compiling)
    assert brought(changed(silent, folder=[])) == "changed"
    report.refresh_from_db()
    assert (report.folder_id, report.sharing) == (None, "everybody")


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"folder": "Salons"}, "“folder” is not written as in the file of a report."),
        ({"folder": ["Salons", 5]}, "“folder” is not written as in the file of a report."),
        ({"sharing": {"with": "friends"}}, "“friends” is not a possible value of “with”."),
        ({"sharing": {"with": "chosen", "users": {"bob@cabrelle.example": "see"}}}, "There is no user “bob@cabrelle.example”."),
        ({"sharing": {"with": "chosen", "teams": {"Presse": "see"}}}, "There is no team “Presse”."),
        ({"sharing": {"with": "chosen", "teams": {"Commerce": "own"}}}, "“teams” is not written as in the file of a report."),
        ({"sharing": {"with": "private", "for": "me"}}, "“for” means nothing here."),
    ],
)
def test_a_folder_or_a_sharing_that_cannot_be_is_told(report: Report, parts: dict[str, Any], sentence: str) -> None:
    assert sentence in refused({"report.json": changed(text(report), **parts)})


def test_who_sees_a_report_is_neither_told_nor_changed_by_whom_it_was_given_to(cabrelle: World, report: Report) -> None:
    User.objects.update(language="en")
    Report.objects.update(owner=cabrelle.users["bruno"])
    emilie = signed_in(cabrelle.user("emilie"))
    given = json.loads(emilie.get(f"/reports/{report.pk}/definition.json").content)
    assert given["folder"] == ["Salons", "Été 24/25"] and "sharing" not in given
    editor = replace(cabrelle.access("emilie"), permissions=frozenset({"reports.view", "reports.create"}))
    assert actions.bring({"report.json": json.dumps(given | {"title": "Printemps"})}, access=editor)[0].verdict == "changed"
    with pytest.raises(NotBrought, match="Who sees this report is for its owner to say"):
        actions.bring({"report.json": json.dumps(given | {"sharing": {"with": "everybody"}})}, access=editor)


def test_what_is_another_in_the_file_is_changed_and_only_options_compile_anew(report: Report) -> None:
    content, compiling = text(report), report.compiling_id
    assert brought(changed(content, title="Été", goal={"number": "10", "every": "week"})) == "changed"
    report.refresh_from_db()
    assert (report.title, report.display["goal"]["number"], report.compiling_id) == ("Été", "10", compiling)
    assert brought(changed(content, definition={"kind": "contacts", "grouping": "week"}, colors={})) == "changed"
    report.refresh_from_db()
    assert report.definition["grouping"] == "week" and report.definition["breakdown"] == ""


def test_a_plain_definition_is_known_by_the_name_of_its_file(cabrelle: World) -> None:
    content = json.dumps({"kind": "contacts", "grouping": "quarter"})
    assert [brought(content, "quarters.json"), brought(content, "folder/quarters.json")] == ["created", "unchanged"]
    assert brought(content, "others.json") == "created"


def test_with_any_problem_nothing_is_brought_in_and_each_is_told(report: Report) -> None:
    content, before = text(report), Report.objects.count()
    List.objects.all().delete()
    User.objects.filter(email="bruno@cabrelle.example").update(email="b@cabrelle.example")
    told = refused(
        {
            "gone.json": changed(content, title="Another"),
            "good.json": json.dumps({"kind": "contacts"}),
            "wrong.json": json.dumps({"kind": "contacts", "grouping": "decade"}),
            "broken.json": "{",
            "other.json": '{"name": "left-pad"}',
            "nul.json": '{"jalon": "report", "version": 1, "key": "x", "title": "\\u0000"}',
            "half.json": '{"kind": "contacts", "breakdown": "\\ud800"}',
            "keyless.json": '{"jalon": "report", "version": 1, "key": "x"}',
        }
    )
    for sentence in (
        "gone.json: There is no list “Salon”.",
        "gone.json: There is no user “bruno@cabrelle.example”.",
        "wrong.json: “decade” is not a possible value of “grouping”.",
        "broken.json: “broken.json” is not JSON",
        "other.json: This is not the file of a report",
        "nul.json: The definition holds characters that cannot be stored",
        "half.json: The definition holds characters that cannot be stored",
        "keyless.json: “x” is not the key of a report.",
    ):
        assert sentence in told
    assert "good.json" not in told and Report.objects.count() == before
    assert "are the same report" in refused({name: json.dumps({"kind": "contacts"}) for name in ("a/x.json", "b/x.json")})


def test_the_command_line_keeps_the_names_of_its_files(report: Report, tmp_path: Path) -> None:
    with writing_to(paper := Paper()):
        commands.export([str(tmp_path)], every=True)
        commands.export([str(tmp_path)], every=True)
    files = sorted(tmp_path.iterdir())
    assert len(files) == Report.objects.count() and len(paper.rows) == 2 * len(files)
    own = next(file for file in files if str(report.key) in file.read_text())
    own.rename(tmp_path / "summer.json")
    reports.rename(report.pk, "Winter", actor=SYSTEM)
    with writing_to(Paper()):
        commands.export([str(report.pk), str(tmp_path)])
    assert len(list(tmp_path.iterdir())) == len(files) and "Winter" in (tmp_path / "summer.json").read_text()
    with writing_to(paper := Paper()):
        commands.bring_in([tmp_path])
    assert {row["result"] for row in paper.rows} == {"unchanged"}
    with writing_to(Paper()), pytest.raises(CommandFailed, match="no report “Spring”"):
        commands.export(["Spring", str(tmp_path)])


def test_a_file_of_a_report_is_run_like_a_definition(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(text(report), encoding="utf-8")
    with writing_to(paper := Paper()):
        commands.run(file)
    assert paper.values[0]["all"]["contacts"] == 0  # nobody is in the list yet


def test_somebody_elses_report_is_not_changed_and_who_may_not_create_brings_nothing_in(cabrelle: World, report: Report) -> None:
    author = Access(Actor(cabrelle.users["chloe"], "Chloé"), permissions=frozenset({"reports.view", "reports.create"}))
    Report.objects.filter(pk=report.pk).update(owner=cabrelle.users["bruno"])
    with pytest.raises(NotBrought, match="somebody else owns it"):
        actions.bring({"report.json": changed(text(report), title="Mine")}, access=author)
    with pytest.raises(NotBrought, match="You may not create reports"):
        actions.bring({"report.json": json.dumps({"kind": "contacts"})}, access=replace(author, permissions=frozenset({"reports.view"})))


def upload(client: Client, content: bytes) -> str:
    files = {"files": SimpleUploadedFile("report.json", content)}
    return unescape(client.post("/reports/new/files/", files, follow=True).content.decode())


def test_the_pages_give_a_report_out_and_take_it_in(cabrelle: World, report: Report) -> None:
    User.objects.update(language="en")
    alice = signed_in(cabrelle.user("alice"))
    content = alice.get(f"/reports/{report.pk}/definition.json").content
    assert content.decode() == text(report)
    Report.objects.all().delete()
    answer = alice.post("/reports/new/files/", {"files": SimpleUploadedFile("report.json", content)})
    made = Report.objects.get()
    assert answer.headers["Location"] == f"/reports/{made.pk}/" and made.owner_id == cabrelle.users["alice"]
    assert "1 report was as in the file." in upload(alice, content)
    assert "Choose a file." in alice.post("/reports/new/files/", {}, follow=True).content.decode()
