# Saved reports, their folders, what their compiles found, the files made of them, and whom they are sent to

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_first"),
        ("folders", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("title", models.CharField(blank=True, max_length=250)),
                ("definition", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("display", models.JSONField(default=dict)),
                (
                    "sharing",
                    models.CharField(
                        choices=[("private", "Private"), ("chosen", "Chosen"), ("everybody", "Everybody")],
                        default="everybody",
                        max_length=10,
                    ),
                ),
                ("everybody_edits", models.BooleanField(default=False)),
                ("compiling_id", models.BigIntegerField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "folder",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="folders.folder"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choice", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=10)),
                ("file_name", models.CharField(default="", max_length=200)),
                ("rows", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("began_at", models.DateTimeField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="reports.report"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "frequency",
                    models.CharField(
                        choices=[("once", "Once"), ("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")], max_length=10
                    ),
                ),
                ("weekday", models.SmallIntegerField(default=0)),
                ("day", models.SmallIntegerField(default=1)),
                ("recipients", django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), size=None)),
                ("message", models.TextField(blank=True, default="")),
                ("metrics", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None)),
                ("style", models.CharField(max_length=12)),
                ("language", models.CharField(max_length=8)),
                ("active", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("zone", models.CharField(default="", max_length=64)),
                ("edited_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="schedules", to="reports.report")),
            ],
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("compiling", "Compiling"), ("writing", "Writing"), ("sent", "Sent"), ("failed", "Failed")],
                        default="compiling",
                        max_length=10,
                    ),
                ),
                ("job_id", models.BigIntegerField(null=True)),
                ("recipients", django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), size=None)),
                ("mails", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("trouble", models.TextField(default="")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "schedule",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sendings", to="reports.schedule"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edits", models.BooleanField(default=False)),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="reports.report"
                    ),
                ),
                ("team", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team")),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("definition", models.JSONField()),
                ("compiled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("as_of", models.DateField()),
                ("rows", models.BigIntegerField(default=0)),
                ("known", models.JSONField(default=dict)),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report")),
            ],
        ),
        migrations.AddField(
            model_name="report",
            name="snapshot",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="reports.snapshot"),
        ),
        migrations.CreateModel(
            name="SnapshotPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=40)),
                ("place", models.IntegerField()),
                ("rows", models.BinaryField()),
                ("snapshot", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="reports.snapshot")),
            ],
        ),
        migrations.CreateModel(
            name="Favorite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "report"), name="reports_favorite_once")],
            },
        ),
        migrations.AddIndex(
            model_name="schedule",
            index=models.Index(condition=models.Q(("active", True)), fields=["next_at"], name="reports_due"),
        ),
        migrations.AddIndex(
            model_name="sending",
            index=models.Index(condition=models.Q(("state__in", ["compiling", "writing"])), fields=["id"], name="reports_under_way"),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.UniqueConstraint(fields=("schedule", "due_at"), name="reports_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("report", "user", "team"), name="reports_share_once", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user__isnull", True)),
                    models.Q(("team__isnull", True), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="reports_share_with_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshotpart",
            constraint=models.UniqueConstraint(fields=("snapshot", "table", "place"), name="reports_part_place"),
        ),
    ]
