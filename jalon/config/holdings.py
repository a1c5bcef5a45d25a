"""What each capability keeps of a person, and what keeps nothing of one: rows for the erasing of records."""

from __future__ import annotations

from jalon.imports.keeping import actions as imports_keys
from jalon.imports.keeping import persons as imports_persons
from jalon.lifecycle import columns as lifecycle_columns
from jalon.lifecycle import persons as lifecycle_persons
from jalon.lists import persons as lists_persons
from jalon.mail import actions as mail_actions
from jalon.records import holdings
from jalon.records.erasing import actions as erasing
from jalon.records.erasing import kept
from jalon.reports.columns import TABLES as FROZEN
from jalon.reports.exporting import persons as exports_persons
from jalon.reports.schedules import actions as schedules
from jalon.reports.snapshots import actions as snapshots
from jalon.warehouse.words import N_


def of_persons() -> tuple[holdings.Holding, ...]:
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
            column_tables=tuple(table.name for table in FROZEN),
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


def of_nobody() -> tuple[holdings.Empty, ...]:
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
