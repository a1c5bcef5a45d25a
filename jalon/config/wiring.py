"""What a lower folder must know of a higher one: tables of rows, each handed to the folder that reads it, once at start.

The rows' types are frozen dataclasses of the reading folder. Commands are a function, since they are only wanted by
the command line and would otherwise be imported by every process.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language

from jalon.accounts import actions, audit, notices, pages, permissions, presets, tidying
from jalon.accounts import runner as accounts_runner
from jalon.accounts.access import Access
from jalon.accounts.money import actions as money
from jalon.accounts.notices import NoticeKind, Way
from jalon.accounts.pages import HandOver, SettingsPage
from jalon.config import health as house_health
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
from jalon.imports.keeping import actions as imports_keys
from jalon.imports.keeping import persons as imports_persons
from jalon.imports.keeping import runner as imports_keeping
from jalon.imports.saved import queries as imports_saved
from jalon.imports.undoing import runner as imports_undoing
from jalon.jobs import beat, runner
from jalon.jobs import health as jobs_health
from jalon.jobs.console import ASKING, CARE, PEOPLE, RUNNING, Command, Needs
from jalon.jobs.health import HealthCheck
from jalon.lifecycle import actions as lifecycle
from jalon.lifecycle import columns as lifecycle_columns
from jalon.lifecycle import filters as lifecycle_filters
from jalon.lifecycle import persons as lifecycle_persons
from jalon.lifecycle import queries as lifecycle_queries
from jalon.lifecycle import runner as lifecycle_runner
from jalon.lifecycle import timeline as lifecycle_timeline
from jalon.lifecycle.dates import runner as lifecycle_dates
from jalon.lifecycle.deleting import runner as lifecycle_deleting
from jalon.lists import filters as lists_filters
from jalon.lists import health as lists_health
from jalon.lists import pages as lists_pages
from jalon.lists import persons as lists_persons
from jalon.lists import queries as lists_queries
from jalon.lists import search as lists_search
from jalon.lists import timeline as lists_timeline
from jalon.lists.hands import actions as lists_hands
from jalon.lists.hands import runner as lists_hands_runner
from jalon.lists.membership import queries as lists_membership
from jalon.lists.membership import runner as lists_runner
from jalon.lists.pages import ListUse
from jalon.mail import actions as mail_actions
from jalon.mail import runner as mail
from jalon.records import circles, holdings
from jalon.records import health as records_health
from jalon.records import pages as records_pages
from jalon.records import queries as records_queries
from jalon.records import runner as records_runner
from jalon.records import search as records_search
from jalon.records.activities import queries as activities
from jalon.records.activities import runner as activities_runner
from jalon.records.bulk_edits import actions as bulk_edits
from jalon.records.bulk_edits import runner as bulk_edits_runner
from jalon.records.calculated import queries as calculated_queries
from jalon.records.calculated import runner as calculated_runner
from jalon.records.calculated import uses as calculated_uses
from jalon.records.columns import FieldType
from jalon.records.definitions import actions as definitions
from jalon.records.duplicates import runner as duplicates_runner
from jalon.records.erasing import actions as erasing
from jalon.records.erasing import kept
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
from jalon.reports import search as reports_search
from jalon.reports.columns import SNAPSHOTS
from jalon.reports.exporting import actions as exports
from jalon.reports.exporting import persons as exports_persons
from jalon.reports.exporting import runner as exports_runner
from jalon.reports.lifecycle import filters as reports_lifecycle
from jalon.reports.schedules import actions as schedules
from jalon.reports.schedules import queries as schedules_queries
from jalon.reports.schedules import runner as schedules_runner
from jalon.reports.snapshots import actions as snapshots
from jalon.scores import actions as scores
from jalon.scores import queries as scores_queries
from jalon.scores import runner as scores_runner
from jalon.scores import uses as scores_uses
from jalon.warehouse.words import N_
from jalon.web import menu
from jalon.web.menu import CreateEntry, CreateSource, MenuEntry, MenuSource


def install() -> None:
    """Hands each table to its folder. Called by Django once every model is loaded."""
    beat.install(_beat_parts())
    runner.install(_runners())
    menu.install(_menu(), _creates())
    pages.install(_settings_pages(), _search_kinds(), demo_queries.guests)
    pages.install_hand_overs(_hand_overs())
    audit.install(_audit_subjects())
    presets.install((lifecycle.choose_preset,))
    money.install((definitions.follow_currencies,))
    demo.install(_demo_parts())
    criteria_kinds.install(_filter_kinds())
    following.install((lists_membership.FACTS,))
    records_runner.install((lists_runner.FEED, lifecycle_runner.FEED))
    permissions.install(_object_types)
    notices.install(_notice_kinds())
    holdings.install(_holdings(), _without_persons())
    house_health.install(_health_checks())
    records_pages.install(
        records_pages.Narrower(narrowing.read, narrowing.names, "criteria:editor"),
        _index_actions(),
        _record_panels(),
        _bulk_actions(),
        timeline=(*timeline_kinds.kinds(lifecycle_timeline.TOLD), lifecycle_timeline.kind(), lists_timeline.kind()),
    )
    records_pages.install_keepers(_keepers())
    records_pages.install_option_keepers(_option_keepers())
    circles.install(_makers())
    records_pages.install_uses(_property_uses())
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


def _menu() -> tuple[MenuEntry | MenuSource, ...]:
    """The rail, by order; an entry may be a function where it depends on data."""
    return (
        MenuEntry(N_("Home"), "home", "home"),
        MenuEntry(N_("My tasks"), "checkbox", "records:my_tasks", "records.view", order=50, count=_overdue_tasks),
        _record_entries,
        MenuEntry(N_("Lists"), "list-details", "lists:index", "lists.view", order=300),
        MenuEntry(N_("Reports home"), "chart-bar", "reports:home", "reports.view", section=N_("Reports"), order=600),
        _lifecycle_entry,
        MenuEntry(N_("Import"), "file-import", "imports:start", "import", order=800, at_foot=True),
        MenuEntry(N_("Settings"), "settings", "settings:home", order=900, at_foot=True),
    )


def _lifecycle_entry() -> Iterator[MenuEntry]:
    """Its report, where the account works with lifecycle stages."""
    if lifecycle_queries.is_shown():
        yield MenuEntry(N_("Lifecycle"), "route", "reports:lifecycle", "reports.view", section=N_("Reports"), order=610)


def _overdue_tasks(access: Access) -> int:
    return activities.overdue(access, timezone.now())


def _record_entries() -> Iterator[MenuEntry]:
    """An index page for every object type, custom objects among them."""
    language = get_language() or "en"
    for place, catalog in enumerate(records_queries.objects()):
        yield MenuEntry(
            catalog.plural_label(language), catalog.icon, "records:index", "records.view", order=100 + place, arguments=(catalog.plural,)
        )


def _creates() -> tuple[CreateEntry | CreateSource, ...]:
    """What the create button offers."""
    return (
        _record_creates,
        CreateEntry(N_("List"), "list-details", "lists:new", "lists.edit", order=500),
        CreateEntry(N_("Report"), "chart-bar", "reports:start", "reports.create", order=600),
    )


def _record_creates() -> Iterator[CreateEntry]:
    language = get_language() or "en"
    for place, catalog in enumerate(records_queries.objects()):
        yield CreateEntry(
            catalog.label(language), catalog.icon, "records:create", "records.edit", order=100 + place, arguments=(catalog.plural,)
        )


def _audit_subjects() -> tuple[audit.Subject, ...]:
    """What lines of the audit log are about, in the order of its filter; a kind is "<name>.<what happened>"."""
    return (
        audit.Subject("sign_in", N_("Sign-in"), "login-2"),
        audit.Subject("second_factor", N_("Second factors"), "shield-lock"),
        audit.Subject("user", N_("Users"), "users"),
        audit.Subject("team", N_("Teams"), "users-group"),
        audit.Subject("permission_set", N_("Permission sets"), "shield-half"),
        audit.Subject("token", N_("API tokens"), "key"),
        audit.Subject("account", N_("Account settings"), "building"),
        audit.Subject("property", N_("Properties"), "forms"),
        audit.Subject("object", N_("Object types"), "cube"),
        audit.Subject("pipeline", N_("Pipelines"), "git-branch"),
        audit.Subject("lifecycle", N_("Lifecycle stages"), "route"),
        audit.Subject("record", N_("Records"), "user"),
        audit.Subject("import", N_("Imports"), "file-import"),
        audit.Subject("export", N_("Exports"), "file-export"),
        audit.Subject("list", N_("Lists"), "list-check"),
        audit.Subject("report", N_("Reports"), "chart-bar"),
        audit.Subject("audit", N_("Audit log"), "history"),
    )


def _hand_overs() -> tuple[HandOver, ...]:
    """What goes to a colleague when somebody leaves."""
    return (
        HandOver("records", owners_queries.owned, owners.hand_over),
        HandOver("saved views", saved_views_queries.owned, saved_views.hand_over),
        HandOver("reports", reports_queries.owned, reports_actions.hand_over),
        HandOver("reports by e-mail", schedules_queries.owned, schedules.hand_over),
    )


def _object_types() -> list[tuple[str, str]]:
    """The object types that may have scopes of their own, in the reader's language."""
    language = get_language() or "en"
    return [(catalog.object_type, catalog.plural_label(language)) for catalog in records_queries.catalogs().values()]


def _index_actions() -> tuple[records_pages.IndexAction, ...]:
    """Lines in the menu of every index page."""
    return (
        records_pages.IndexAction(N_("Import a file"), "file-import", "imports:start", "import"),
        records_pages.IndexAction(N_("Duplicates"), "copy", "records:duplicates_first", "merge", order=10),
        records_pages.IndexAction(N_("Archived records"), "archive", "records:archived_first", "records.delete", order=20),
    )


def _record_panels() -> tuple[records_pages.RecordPanel, ...]:
    """Panels of a record page that higher capabilities and rare things load by themselves."""
    return (
        records_pages.RecordPanel("lists:panel", "lists.view", order=100),
        records_pages.RecordPanel("records:merges", "records.view", order=900),
    )


def _bulk_actions() -> tuple[records_pages.BulkAction, ...]:
    """Buttons under a selection of an index page, besides the index page's own."""
    return (
        records_pages.BulkAction(N_("Put into a list"), "playlist-add", "lists:bulk", "lists.edit", order=40, for_all=N_("Save as a list")),
        records_pages.BulkAction(N_("Merge"), "arrow-merge", "records:merge", "merge", order=50, exactly=2, in_drawer=False),
    )


def _holdings() -> tuple[holdings.Holding, ...]:
    """What each capability keeps of a person, erases and portrays; the records themselves go last."""
    return (
        holdings.Holding(
            "reports",
            N_("Mentions in reports"),
            ("reports_report",),
            erase=erasing.forget_mentions({"reports_report": ("title", "definition")}),
        ),
        holdings.Holding(
            "exports",
            N_("Files of exports"),
            ("reports_export",),
            folders=("files/exports",),
            erase=erasing.forget_mentions({"reports_export": ("file_name",)}),
            clean=exports_persons.clean,
            portray=exports_persons.portray,
        ),
        holdings.Holding(
            "report_mails",
            N_("Reports that are sent to them"),
            ("reports_schedule", "reports_sending"),
            erase=_forget_report_mails,
        ),
        holdings.Holding(
            "lists",
            N_("Lists that they were in"),
            ("lists_list", "lists_edit", "lists_movement", "lists_request"),
            ("list_members", "list_movements"),
            erase=erasing.forget_mentions({"lists_list": ("name", "description", "criteria"), "lists_edit": ("before", "after")}),
            portray=lists_persons.portray,
        ),
        holdings.Holding(
            "folders", N_("Mentions in names of folders"), ("folders_folder",), erase=erasing.forget_mentions({"folders_folder": ("name",)})
        ),
        holdings.Holding(
            "scores", N_("Mentions in the rules of scores"), ("scores_score",), erase=erasing.forget_mentions({"scores_score": ("rules",)})
        ),
        holdings.Holding(
            "report_snapshots",
            N_("Rows of compiled reports"),
            ("reports_snapshot", "reports_snapshotpart"),
            column_tables=(SNAPSHOTS.name,),
            erase=erasing.forget_mentions({"reports_snapshot": ("definition",)}),
            clean=lambda person: snapshots.forget(person.ids),
        ),
        holdings.Holding(
            "journeys",
            N_("Movements through the lifecycle"),
            column_tables=tuple(table.name for table in lifecycle_columns.TABLES),
            portray=lifecycle_persons.portray,
        ),
        holdings.Holding("import_keys", N_("Keys of rows while an import runs"), ("imports_rowkey",), erase=imports_keys.forget_keys),
        holdings.Holding(
            "imports",
            N_("Files of imports and what they said of their rows"),
            ("imports_import", "imports_file", "imports_note", "imports_waiting", "imports_template"),
            folders=("files/imports",),
            erase=erasing.forget_mentions(
                {
                    "imports_import": ("tried", "undone"),
                    "imports_file": ("file_name",),
                    "imports_note": ("sentences",),
                    "imports_waiting": ("key",),
                    "imports_template": ("name",),
                }
            ),
            clean=imports_persons.clean,
            portray=imports_persons.portray,
        ),
        holdings.Holding(
            "notices",
            N_("Notifications and mails to users"),
            ("accounts_notice", "mail_mail"),
            folders=("outbox",),
            erase=erasing.forget_mentions(
                {"accounts_notice": ("params",), "mail_mail": ("recipient", "subject", "text", "html", "answer")}
            ),
            clean=lambda person: mail_actions.forget_files(person.is_mentioned),
        ),
        holdings.Holding(
            "mail_files",
            N_("Files that wait with their mail"),
            ("mail_mailpart",),
            clean=lambda person: mail_actions.forget_parts(person.is_mentioned),
        ),
        *kept.OWN,
    )


def _forget_report_mails(person: holdings.Person) -> int:
    mentions = erasing.forget_mentions({"reports_schedule": ("message",), "reports_sending": ("trouble",)})
    return schedules.forget(person.addresses) + mentions(person)


def _without_persons() -> tuple[holdings.Empty, ...]:
    """Tables and folders that hold nothing of the person behind a record, each with its reason."""
    return (
        *kept.EMPTY,
        holdings.Empty(
            "Users, who are people of the house: they leave with their account. The audit log names records by number only.",
            (
                "accounts_account",
                "accounts_apitoken",
                "accounts_attempts",
                "accounts_authenticator",
                "accounts_outsideidentity",
                "accounts_passkey",
                "accounts_exchangerate",
                "accounts_recoverycode",
                "accounts_signon",
                "accounts_usersession",
                "accounts_team",
                "accounts_membership",
                "accounts_permissionset",
                "accounts_user",
                "accounts_invitation",
                "accounts_auditline",
                "account_*",
                "auth_*",
                "django_session",
            ),
        ),
        holdings.Empty(
            "The stages of the lifecycle and how they were changed.",
            ("lifecycle_lifecycle", "lifecycle_stage", "lifecycle_stagechange"),
        ),
        holdings.Empty(
            "What people of the house have at hand and show each other: users, teams and reports by number.",
            ("reports_share", "reports_favorite", "dashboards_pin"),
        ),
        holdings.Empty(
            "Machinery: numbers of jobs and positions in the log.",
            ("jobs_position", "imports_keeping", "procrastinate_*", "django_content_type", "django_migrations", "demo_*"),
            folders=("lock", "secret", "restoring", "jalon.sock", "pg.door", "pg.users"),
        ),
        holdings.Empty(
            "PostgreSQL's own files hold what its tables hold; dead rows are vacuumed after an erasure, its log is written over.",
            folders=("pg",),
        ),
        holdings.Empty("Parts of the pages, the same for everybody.", folders=("static",)),
        holdings.Empty(
            "Backups are never changed: the answer to an erasure names each that still holds the person.",
            folders=("backups", "files.new", "files.old"),
        ),
    )


def _settings_pages() -> tuple[SettingsPage, ...]:
    """The settings' own menu."""
    return (
        SettingsPage(N_("Account"), "building", "settings:account", "account_settings", order=10),
        SettingsPage(N_("Currencies"), "coins", "settings:currencies", "account_settings", order=15),
        SettingsPage(N_("Users"), "users", "settings:users", "users", order=20),
        SettingsPage(N_("Teams"), "users-group", "settings:teams", "users", order=21),
        SettingsPage(N_("Permissions"), "shield-half", "settings:sets", "users", order=22),
        SettingsPage(N_("Objects"), "cube", "records:objects", "property_settings", order=28),
        SettingsPage(N_("Properties"), "forms", "records:properties_first", "property_settings", order=30),
        SettingsPage(N_("Associations"), "link", "records:link_types", "property_settings", order=31),
        SettingsPage(N_("Lifecycle"), "route", "lifecycle:stages", "property_settings", order=32),
        SettingsPage(N_("Pipelines"), "layout-kanban", "records:pipelines_first", "property_settings", order=32),
        SettingsPage(N_("Signing in"), "shield-lock", "settings:sign_in", "account_settings", order=15),
        SettingsPage(N_("API tokens"), "key", "settings:tokens", "api_tokens", order=50),
        SettingsPage(N_("Outbox"), "mail", "settings:outbox", "account_settings", order=60),
        SettingsPage(N_("Health"), "heartbeat", "health_page", "account_settings", order=80),
        SettingsPage(N_("Audit log"), "history", "settings:audit", "audit", order=80),
        SettingsPage(N_("Imports"), "file-import", "imports:keeping", "account_settings", order=60),
        SettingsPage(N_("Your profile"), "user-circle", "settings:profile", order=90),
    )


def _notice_kinds() -> tuple[NoticeKind, ...]:
    """What people can be told of, in the order of the page where they choose how."""
    return (
        NoticeKind("import", N_("An import has ended")),
        NoticeKind("bulk", N_("A change of many records has ended")),
        NoticeKind("task", N_("A task is due or was given to you"), Way.BOTH),
        NoticeKind(schedules.SEND, N_("A report could not be sent by e-mail"), Way.BOTH),
        NoticeKind("hand_over", N_("What belonged to a colleague is yours now")),
        NoticeKind("safety", N_("Your sign-in: a new device, a changed password or second factor"), Way.BOTH),
    )


def _health_checks() -> tuple[HealthCheck, ...]:
    """What the health page, `/health` and `jalon health` tell, in this order."""
    return (
        HealthCheck(N_("Database"), house_health.database),
        HealthCheck(N_("Transactions"), jobs_health.transactions),
        HealthCheck(N_("Columns"), records_health.columns, quick=False),
        HealthCheck(N_("Beat"), jobs_health.beat),
        HealthCheck(N_("Lists"), lists_health.lists),
        HealthCheck(N_("Background jobs"), jobs_health.jobs),
        HealthCheck(N_("Mail"), house_health.mail, quick=False),
        HealthCheck(N_("Disk"), house_health.disk),
        HealthCheck(N_("Backups"), house_health.last_backup, quick=False),
    )


def _search_kinds() -> tuple[pages.SearchKind, ...]:
    """What the palette looks through, in this order."""
    return (
        pages.SearchKind(records_search.find, records_search.similar, records_search.recall),
        pages.SearchKind(lists_search.find, recall=lists_search.recall),
        pages.SearchKind(reports_search.find, recall=reports_search.recall),
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
    from jalon.lists import commands as lists_commands
    from jalon.records import commands as warehouse
    from jalon.reports import commands as reports_commands

    return (
        Command("demo", demo_commands.demo, panel=RUNNING),
        Command("import", imports_commands.import_files),
        Command("import history", imports_commands.history),
        Command("import undo", imports_commands.undo),
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
