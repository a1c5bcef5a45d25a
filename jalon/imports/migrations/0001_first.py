# Imports, their files, and what is kept of each row

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lists", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Keeping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.IntegerField(default=90)),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("trying", "Trying"),
                            ("tried", "Tried"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("job_id", models.BigIntegerField(null=True)),
                ("tried", models.JSONField(default=dict)),
                ("undone", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("files_gone_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
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
                (
                    "list",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="lists.list"),
                ),
                ("new_list", models.CharField(blank=True, default="", max_length=200)),
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
            options={
                "ordering": ["place", "id"],
            },
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
            options={
                "ordering": ["name"],
            },
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
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.BigIntegerField()),
                ("is_refusal", models.BooleanField()),
                ("sentences", models.JSONField()),
                (
                    "file",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="imports.file"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["file", "line"], name="imports_note_line")],
            },
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
            options={
                "constraints": [models.UniqueConstraint(fields=("of", "space", "key"), name="imports_row_key")],
            },
        ),
    ]
