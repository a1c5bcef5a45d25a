"""An import has files: what was a file's moves to a row of its own, and the uploads into a folder for each import."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STATES = ("draft", "trying", "tried", "running", "done", "undoing", "undone")
MOVED = [
    "object_type",
    "is_history",
    "file_name",
    "file_bytes",
    "encoding",
    "delimiter",
    "headings",
    "mapping",
    "match",
    "mode",
    "order",
    "zone",
    "decimal",
    "clear_blanks",
    "rows_total",
    "rows_done",
    "created",
    "updated",
    "unchanged",
    "refused",
    "told",
]
COLUMNS = ", ".join(f'"{name}"' for name in MOVED)


def move_uploads(apps, schema_editor):
    folder = settings.ENVIRONMENT.home / "files" / "imports"
    for path in folder.glob("*.csv"):
        own = folder / path.stem
        own.mkdir(mode=0o700, exist_ok=True)
        path.replace(own / "0")


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_first"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.SmallIntegerField(default=0)),
                ("object_type", models.CharField(max_length=60)),
                ("is_history", models.BooleanField(default=False)),
                ("file_name", models.CharField(max_length=250)),
                ("file_bytes", models.BigIntegerField(default=0)),
                ("sheet", models.CharField(blank=True, default="", max_length=100)),
                ("sheets", models.JSONField(default=list)),
                ("encoding", models.CharField(max_length=40)),
                ("delimiter", models.CharField(max_length=1)),
                ("headings", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("companions", models.JSONField(default=dict)),
                ("match", models.CharField(max_length=100)),
                ("mode", models.CharField(default="both", max_length=10)),
                ("order", models.CharField(max_length=3)),
                ("zone", models.CharField(max_length=60)),
                ("decimal", models.CharField(default=".", max_length=1)),
                ("clear_blanks", models.BooleanField(default=False)),
                ("rows_total", models.BigIntegerField(null=True)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("created", models.BigIntegerField(default=0)),
                ("updated", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("told", models.BigIntegerField(default=0)),
                ("linked", models.BigIntegerField(default=0)),
                ("beside", models.JSONField(default=dict)),
                ("of", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="files", to="imports.import")),
            ],
            options={"ordering": ["place", "id"]},
        ),
        migrations.RunSQL(
            f"INSERT INTO imports_file (id, of_id, place, sheet, sheets, companions, linked, beside, {COLUMNS})"
            f" SELECT id, id, 0, '', '[]', '{{}}', 0, '{{}}', {COLUMNS} FROM imports_import;"
            " SELECT setval(pg_get_serial_sequence('imports_file', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM imports_file; SET CONSTRAINTS ALL IMMEDIATE",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(move_uploads, migrations.RunPython.noop),
        migrations.RemoveIndex("note", "imports_note_line"),
        migrations.AlterField(
            "note", "of", models.ForeignKey("imports.file", django.db.models.deletion.CASCADE, related_name="notes", db_index=False)
        ),
        migrations.RenameField("note", "of", "file"),
        migrations.AddIndex("note", models.Index(fields=["file", "line"], name="imports_note_line")),
        *(migrations.RemoveField("import", name) for name in MOVED),
        migrations.AddField("import", "undone", models.JSONField(default=dict)),
        migrations.AddField("import", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField("import", "files_gone_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "import",
            "state",
            models.CharField(choices=[(state, state.capitalize()) for state in STATES], default="draft", max_length=10),
        ),
        migrations.CreateModel(
            name="RowKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("space", models.CharField(max_length=200)),
                ("key", models.TextField()),
                ("record_id", models.BigIntegerField()),
                (
                    "of",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="imports.import"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["of", "space", "key"], name="imports_row_key")]},
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
                ("target", models.CharField(max_length=300)),
                ("key", models.TextField()),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="imports.file")),
            ],
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                ("object_type", models.CharField(max_length=60)),
                ("headings", models.JSONField(default=list)),
                ("chosen", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Keeping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.IntegerField(default=90)),
            ],
        ),
    ]
