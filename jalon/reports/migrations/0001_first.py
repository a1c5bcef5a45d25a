# Saved reports, what their compiles found, and the files made of them

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
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
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("definition", models.JSONField()),
                ("compiled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("as_of", models.DateField()),
                ("rows", models.BigIntegerField(default=0)),
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
                ("place", models.IntegerField()),
                ("rows", models.BinaryField()),
                ("snapshot", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="reports.snapshot")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("snapshot", "place"), name="reports_part_place")],
            },
        ),
    ]
