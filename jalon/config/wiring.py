"""What a lower folder must know of a higher one: tables of rows, each handed to the folder that reads it, once at start.

The rows' types are frozen dataclasses of the reading folder. Commands are a function, since they are only wanted by
the command line and would otherwise be imported by every process.
"""

from __future__ import annotations

from jalon.accounts import actions, audit, notices, pages, permissions, presets, tidying
from jalon.accounts import runner as accounts_runner
from jalon.accounts.money import actions as money
from jalon.accounts.pages import HandOver
from jalon.config import health as house_health
from jalon.config import holdings as house_holdings
from jalon.config import menus
from jalon.config.backups import runner as backups_runner
from jalon.criteria import kinds as criteria_kinds
from jalon.criteria import narrowing
from jalon.criteria.following import queries as following
from jalon.criteria.kinds import FilterKind
from jalon.dashboards import pins as dashboards_pins
from jalon.demo import parts as demo
from jalon.demo import queries as demo_queries
from jalon.demo.chapters import companies, contacts, properties, tidied
from jalon.demo.chapters import house as demo_house
from jalon.demo.chapters import kits as demo_kits
from jalon.demo.chapters import lists as demo_lists
from jalon.demo.chapters import reports as demo_reports
from jalon.demo.chapters import scores as demo_scores
from jalon.demo.chapters import stages as demo_stages
from jalon.demo.chapters import views as demo_views
from jalon.demo.parts import DemoPart
from jalon.imports import filters as imports_filters
from jalon.imports import runner as imports_runner
from jalon.imports.keeping import runner as imports_keeping
from jalon.imports.saved import queries as imports_saved
from jalon.imports.undoing import runner as imports_undoing
from jalon.jobs import beat, runner
from jalon.jobs.console import ASKING, CARE, PEOPLE, RUNNING, Command, Needs
from jalon.lifecycle import actions as lifecycle
from jalon.lifecycle import columns as lifecycle_columns
from jalon.lifecycle import filters as lifecycle_filters
from jalon.lifecycle import runner as lifecycle_runner
from jalon.lifecycle import timeline as lifecycle_timeline
from jalon.lifecycle.dates import runner as lifecycle_dates
from jalon.lifecycle.deleting import runner as lifecycle_deleting
from jalon.lists import filters as lists_filters
from jalon.lists import pages as lists_pages
from jalon.lists import queries as lists_queries
from jalon.lists import timeline as lists_timeline
from jalon.lists.hands import actions as lists_hands
from jalon.lists.hands import runner as lists_hands_runner
from jalon.lists.membership import queries as lists_membership
from jalon.lists.membership import runner as lists_runner
from jalon.lists.pages import ListUse
from jalon.mail import runner as mail
from jalon.records import circles, holdings
from jalon.records import pages as records_pages
from jalon.records import runner as records_runner
from jalon.records.activities import runner as activities_runner
from jalon.records.bulk_edits import actions as bulk_edits
from jalon.records.bulk_edits import runner as bulk_edits_runner
from jalon.records.calculated import queries as calculated_queries
from jalon.records.calculated import runner as calculated_runner
from jalon.records.calculated import uses as calculated_uses
from jalon.records.columns import FieldType
from jalon.records.definitions import actions as definitions
from jalon.records.duplicates import runner as duplicates_runner
from jalon.records.erasing import runner as erasing_runner
from jalon.records.owners import actions as owners
from jalon.records.owners import queries as owners_queries
from jalon.records.saved_views import actions as saved_views
from jalon.records.saved_views import queries as saved_views_queries
from jalon.records.timeline import kinds as timeline_kinds
from jalon.reports import actions as reports_actions
from jalon.reports import filters as reports_filters
from jalon.reports import pages as reports_pages
from jalon.reports import queries as reports_queries
from jalon.reports import runner as reports_runner
from jalon.reports.exporting import actions as exports
from jalon.reports.exporting import runner as exports_runner
from jalon.reports.lifecycle import filters as reports_lifecycle
from jalon.reports.schedules import actions as schedules
from jalon.reports.schedules import queries as schedules_queries
from jalon.reports.schedules import runner as schedules_runner
from jalon.scores import actions as scores
from jalon.scores import queries as scores_queries
from jalon.scores import runner as scores_runner
from jalon.scores import uses as scores_uses
from jalon.warehouse.words import N_
from jalon.web import menu


def install() -> None:
    """Hands each table to its folder. Called by Django once every model is loaded."""
    beat.install(_beat_parts())
    runner.install(_runners())
    menu.install(menus.rail(), menus.creates())
    pages.install(menus.settings_pages(), menus.search_kinds(), demo_queries.guests)
    pages.install_hand_overs(_hand_overs())
    audit.install(menus.audit_subjects())
    presets.install((lifecycle.choose_preset,))
    money.install((definitions.follow_currencies,))
    demo.install(_demo_parts())
    criteria_kinds.install(_filter_kinds())
    following.install((lists_membership.FACTS,))
    records_runner.install((lists_runner.FEED, lifecycle_runner.FEED))
    permissions.install(menus.object_types)
    notices.install(menus.notice_kinds())
    holdings.install(house_holdings.of_persons(), house_holdings.of_nobody())
    house_health.install(menus.health_checks())
    records_pages.install(
        records_pages.Narrower(narrowing.read, narrowing.names, narrowing.options, "criteria:editor"),
        menus.index_actions(),
        menus.record_panels(),
        menus.bulk_actions(),
        timeline=(*timeline_kinds.kinds(lifecycle_timeline.TOLD), lifecycle_timeline.kind(), lists_timeline.kind()),
    )
    records_pages.install_keepers(_keepers())
    records_pages.install_option_keepers(_option_keepers())
    circles.install(_makers())
    records_pages.install_uses(_property_uses())
    records_pages.install_option_uses(_option_uses())
    lists_pages.install(_list_uses())
    reports_pages.install((dashboards_pins.places,), (dashboards_pins.PIN,))


def _property_uses() -> tuple[records_pages.Use, ...]:
    """Who knows where a property is used; asked before it is archived."""
    return (
        records_pages.Use(calculated_uses.find),
        records_pages.Use(scores_uses.of_property),
        records_pages.Use(saved_views_queries.uses),
        records_pages.Use(lists_queries.uses_of_property),
        records_pages.Use(reports_queries.uses),
        records_pages.Use(imports_saved.uses),
    )


def _option_uses() -> tuple[records_pages.OptionUse, ...]:
    """Who knows where an option is named; asked before a stage of the lifecycle is deleted."""
    return (
        records_pages.OptionUse(lists_queries.uses_of_option),
        records_pages.OptionUse(reports_queries.uses_of_option),
        records_pages.OptionUse(scores_uses.of_option),
        records_pages.OptionUse(calculated_uses.of_option),
        records_pages.OptionUse(saved_views_queries.uses_of_option),
    )


def _list_uses() -> tuple[ListUse, ...]:
    """Who knows where a list is used; asked before it is deleted."""
    return (
        ListUse(lists_queries.uses_in_lists),
        ListUse(lists_queries.uses_in_views),
        ListUse(reports_queries.uses_of_list),
        ListUse(scores_uses.of_list),
    )


def _keepers() -> tuple[records_pages.PropertyKeeper, ...]:
    """Who computes properties of a field type of its own."""
    return (
        records_pages.PropertyKeeper(
            FieldType.SCORE,
            label=N_("Score"),
            icon="gauge",
            create_label=N_("Create score"),
            take_label=N_("Make it a score"),
            page_label=N_("Rules of the score"),
            explain_label=N_("Where the points come from"),
            create="scores:create",
            page="scores:score",
            explain="scores:explain",
            takes=scores.takes,
        ),
    )


def _option_keepers() -> tuple[records_pages.OptionKeeper, ...]:
    """Who keeps the options of a property on a page of its own."""
    return (records_pages.OptionKeeper(lifecycle_columns.CONTACT, lifecycle_columns.PROPERTY, N_("Lifecycle"), "lifecycle:stages"),)


def _makers() -> tuple[circles.Maker, ...]:
    """What Jalon makes of what, so that nothing goes round in a circle."""
    return (
        circles.Maker(calculated_queries.made, calculated_queries.label),
        circles.Maker(scores_queries.made, calculated_queries.label),
        circles.Maker(lists_queries.made, lists_queries.label),
    )


def _beat_parts() -> tuple[beat.BeatPart, ...]:
    """What the beat turns, in this order: what a later part reads, an earlier one has written."""
    return (
        records_runner.COLUMNS,
        calculated_runner.CALCULATED,
        lists_runner.LISTS,
        lifecycle_dates.DATES,
        lifecycle_runner.LIFECYCLE,
        scores_runner.SCORES,
        records_runner.MONTHS,
        duplicates_runner.NIGHT,
        erasing_runner.WAITING,
        activities_runner.REMINDERS,
        beat.BeatPart("jobs", runner.take_up_interrupted),
        schedules_runner.MAILS,
        beat.BeatPart("mail", mail.turn),
        beat.BeatPart("sessions", tidying.tidy),
        backups_runner.NIGHTS,
        beat.BeatPart("files of imports", imports_keeping.turn),
        beat.BeatPart("files of exports", exports_runner.turn),
    )


def _runners() -> dict[str, runner.Runner]:
    """Who does a background job of a kind."""
    return {
        "import": imports_runner.run,
        reports_actions.COMPILE: reports_runner.run,
        schedules.SEND: schedules_runner.run,
        exports.KIND: exports_runner.run,
        "erase": erasing_runner.run,
        actions.HAND_OVER: accounts_runner.hand_over,
        bulk_edits.KIND: bulk_edits_runner.run,
        bulk_edits.UNDO_KIND: bulk_edits_runner.undo,
        "duplicates": duplicates_runner.run,
        backups_runner.KIND: backups_runner.run,
        "import_undo": imports_undoing.run,
        lists_hands.KIND: lists_hands_runner.run,
        lifecycle.DELETE: lifecycle_deleting.run,
    }


def _filter_kinds() -> tuple[FilterKind, ...]:
    """What criteria may ask about besides properties and linked records, in the order of the editor."""
    return (
        lists_filters.MEMBERSHIP,
        lifecycle_filters.STAGE,
        imports_filters.filter_kind(),
        reports_filters.REPORT,
        reports_lifecycle.JOURNEYS,
    )


def _hand_overs() -> tuple[HandOver, ...]:
    """What goes to a colleague when somebody leaves."""
    return (
        HandOver("records", owners_queries.owned, owners.hand_over),
        HandOver("saved views", saved_views_queries.owned, saved_views.hand_over),
        HandOver("reports", reports_queries.owned, reports_actions.hand_over),
        HandOver("reports by e-mail", schedules_queries.owned, schedules.hand_over),
    )


def _demo_parts() -> tuple[DemoPart, ...]:
    """What the demo is made of, in the order in which it is filled; `weight` is the share of the time."""
    return (
        DemoPart("properties", N_("Properties"), properties.fill),
        DemoPart("stages", N_("Lifecycle stages"), demo_stages.fill),
        DemoPart("companies", N_("Companies"), companies.fill, weight=3),
        DemoPart("contacts", N_("Contacts, deals, tickets and answers"), contacts.fill, weight=95),
        DemoPart("scores", N_("Scores"), demo_scores.fill),
        DemoPart("kits", N_("Demonstration kits"), demo_kits.fill),
        DemoPart("views", N_("Views"), demo_views.fill),
        DemoPart("tidied", N_("Archived records"), tidied.fill),
        DemoPart("house", N_("Users"), demo_house.fill),
        DemoPart("lists", N_("Lists"), demo_lists.fill),
        DemoPart("reports", N_("Reports"), demo_reports.fill),
    )


def commands() -> tuple[Command, ...]:
    """Commands that run in the server where one runs; `serve` and `worker` are the command line's own."""
    from jalon.accounts import commands as accounts_commands
    from jalon.config import upkeep
    from jalon.criteria import commands as criteria_commands
    from jalon.demo import commands as demo_commands
    from jalon.imports import commands as imports_commands
    from jalon.lifecycle import commands as lifecycle_commands
    from jalon.lists import commands as lists_commands
    from jalon.records import commands as warehouse
    from jalon.reports import commands as reports_commands

    return (
        Command("demo", demo_commands.demo, panel=RUNNING),
        Command("import", imports_commands.import_files),
        Command("import history", imports_commands.history),
        Command("import undo", imports_commands.undo),
        Command("lifecycle show", lifecycle_commands.show, panel=ASKING),
        Command("lifecycle define", lifecycle_commands.define),
        Command("lifecycle journal", lifecycle_commands.show_journal, panel=ASKING),
        Command("lifecycle rebuild", lifecycle_commands.rebuild, panel=CARE),
        Command("list ls", lists_commands.ls),
        Command("list show", lists_commands.show),
        Command("list create", lists_commands.create),
        Command("list members", lists_commands.show_members, panel=ASKING),
        Command("list add", lists_commands.add),
        Command("list remove", lists_commands.remove),
        Command("list convert", lists_commands.convert),
        Command("list clone", lists_commands.clone),
        Command("list delete", lists_commands.delete),
        Command("list restore", lists_commands.restore),
        Command("list test", lists_commands.test, panel=ASKING),
        Command("list export", lists_commands.export),
        Command("object define", warehouse.define_object),
        Command("object list", warehouse.list_objects),
        Command("export", criteria_commands.export),
        Command("query", criteria_commands.query, panel=ASKING),
        Command("report run", reports_commands.run, panel=ASKING),
        Command("report export", reports_commands.export),
        Command("report import", reports_commands.bring_in),
        Command("user create", accounts_commands.create, panel=PEOPLE),
        Command("user list", accounts_commands.show, panel=PEOPLE),
        Command("user password", accounts_commands.password, panel=PEOPLE),
        Command("health", upkeep.health, panel=CARE),
        Command("backup", upkeep.backup, Needs.DATABASE, CARE),
        Command("backup list", upkeep.list_backups, Needs.NOTHING, CARE),
        Command("backup check", upkeep.check, Needs.NOTHING, CARE),
        Command("upgrade", upkeep.upgrade, Needs.UPGRADE, CARE),
        Command("warehouse status", warehouse.status, panel=CARE),
        Command("warehouse rebuild", warehouse.rebuild, Needs.REBUILD, CARE),
    )
