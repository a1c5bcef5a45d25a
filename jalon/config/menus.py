"""What the pages show of each capability: rail, create button, settings, index pages, search, notices, health."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language

from jalon.accounts import audit, pages
from jalon.accounts.access import Access
from jalon.accounts.notices import NoticeKind, Way
from jalon.accounts.pages import SettingsPage
from jalon.config import health as house_health
from jalon.jobs import health as jobs_health
from jalon.jobs.health import HealthCheck
from jalon.lifecycle import health as lifecycle_health
from jalon.lifecycle import queries as lifecycle_queries
from jalon.lists import health as lists_health
from jalon.lists import search as lists_search
from jalon.records import health as records_health
from jalon.records import pages as records_pages
from jalon.records import queries as records_queries
from jalon.records import search as records_search
from jalon.records.activities import queries as activities
from jalon.reports import search as reports_search
from jalon.reports.schedules import actions as schedules
from jalon.warehouse.words import N_
from jalon.web.menu import CreateEntry, CreateSource, MenuEntry, MenuSource


def rail() -> tuple[MenuEntry | MenuSource, ...]:
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


def creates() -> tuple[CreateEntry | CreateSource, ...]:
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


def settings_pages() -> tuple[SettingsPage, ...]:
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


def index_actions() -> tuple[records_pages.IndexAction, ...]:
    """Lines in the menu of every index page."""
    return (
        records_pages.IndexAction(N_("Import a file"), "file-import", "imports:start", "import"),
        records_pages.IndexAction(N_("Duplicates"), "copy", "records:duplicates_first", "merge", order=10),
        records_pages.IndexAction(N_("Archived records"), "archive", "records:archived_first", "records.delete", order=20),
    )


def record_panels() -> tuple[records_pages.RecordPanel, ...]:
    """Panels of a record page that higher capabilities and rare things load by themselves."""
    return (
        records_pages.RecordPanel("lists:panel", "lists.view", order=100),
        records_pages.RecordPanel("records:merges", "records.view", order=900),
    )


def bulk_actions() -> tuple[records_pages.BulkAction, ...]:
    """Buttons under a selection of an index page, besides the index page's own."""
    return (
        records_pages.BulkAction(N_("Put into a list"), "playlist-add", "lists:bulk", "lists.edit", order=40, for_all=N_("Save as a list")),
        records_pages.BulkAction(N_("Merge"), "arrow-merge", "records:merge", "merge", order=50, exactly=2, in_drawer=False),
    )


def search_kinds() -> tuple[pages.SearchKind, ...]:
    """What the palette looks through, in this order."""
    return (
        pages.SearchKind(records_search.find, records_search.similar, records_search.recall),
        pages.SearchKind(lists_search.find, recall=lists_search.recall),
        pages.SearchKind(reports_search.find, recall=reports_search.recall),
    )


def audit_subjects() -> tuple[audit.Subject, ...]:
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


def notice_kinds() -> tuple[NoticeKind, ...]:
    """What people can be told of, in the order of the page where they choose how."""
    return (
        NoticeKind("import", N_("An import has ended")),
        NoticeKind("bulk", N_("A change of many records has ended")),
        NoticeKind("task", N_("A task is due or was given to you"), Way.BOTH),
        NoticeKind(schedules.SEND, N_("A report could not be sent by e-mail"), Way.BOTH),
        NoticeKind("hand_over", N_("What belonged to a colleague is yours now")),
        NoticeKind("safety", N_("Your sign-in: a new device, a changed password or second factor"), Way.BOTH),
    )


def health_checks() -> tuple[HealthCheck, ...]:
    """What the health page, `/health` and `jalon health` tell, in this order."""
    return (
        HealthCheck(N_("Database"), house_health.database),
        HealthCheck(N_("Transactions"), jobs_health.transactions),
        HealthCheck(N_("Columns"), records_health.columns, quick=False),
        HealthCheck(N_("Beat"), jobs_health.beat),
        HealthCheck(N_("Lists"), lists_health.lists),
        HealthCheck(N_("Lifecycle"), lifecycle_health.lifecycle, quick=False),
        HealthCheck(N_("Background jobs"), jobs_health.jobs),
        HealthCheck(N_("Mail"), house_health.mail, quick=False),
        HealthCheck(N_("Disk"), house_health.disk),
        HealthCheck(N_("Backups"), house_health.last_backup, quick=False),
    )


def object_types() -> list[tuple[str, str]]:
    """The object types that may have scopes of their own, in the reader's language."""
    language = get_language() or "en"
    return [(catalog.object_type, catalog.plural_label(language)) for catalog in records_queries.catalogs().values()]
