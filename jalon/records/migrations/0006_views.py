import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Saved views, pipelines with their stages, and the history of bulk edits."""

    dependencies = [("records", "0005_merging")]

    operations = [
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("label_en", models.CharField(max_length=200)),
                ("label_fr", models.CharField(max_length=200)),
                ("order", models.IntegerField(default=100)),
                ("archived_at", models.DateTimeField(null=True)),
                ("object_type", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype")),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="PipelineStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("label_en", models.CharField(max_length=200)),
                ("label_fr", models.CharField(max_length=200)),
                ("order", models.IntegerField(default=100)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost"), ("closed", "Closed")], default="open", max_length=10
                    ),
                ),
                ("probability", models.DecimalField(decimal_places=2, default=0, max_digits=3)),
                ("archived_at", models.DateTimeField(null=True)),
                ("pipeline", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="records.pipeline")),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("owner_id", models.BigIntegerField()),
                (
                    "sharing",
                    models.CharField(
                        choices=[("private", "Private"), ("team", "Team"), ("everybody", "Everybody")], default="private", max_length=10
                    ),
                ),
                ("criteria", models.TextField(blank=True, default="")),
                ("search", models.CharField(blank=True, default="", max_length=200)),
                ("sort", models.CharField(blank=True, default="", max_length=110)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None),
                ),
                ("widths", models.JSONField(default=dict)),
                ("layout", models.CharField(default="table", max_length=10)),
                ("pipeline", models.CharField(blank=True, default="", max_length=100)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("archived_at", models.DateTimeField(null=True)),
                ("object_type", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="BulkEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("arguments", models.JSONField(default=dict)),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("total", models.IntegerField()),
                ("done", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("user_id", models.BigIntegerField(null=True)),
                ("job_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("undo_job_id", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone", models.IntegerField(default=0)),
                ("kept", models.IntegerField(default=0)),
                ("kept_lines", models.JSONField(default=list)),
                ("object_type", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype")),
            ],
            options={
                "indexes": [models.Index(fields=["object_type", "-id"], name="records_bulk_edit_lately")],
            },
        ),
        migrations.AddConstraint(
            model_name="pipeline",
            constraint=models.UniqueConstraint(fields=("object_type", "name"), name="records_pipeline_name"),
        ),
        migrations.AddConstraint(
            model_name="pipelinestage",
            constraint=models.UniqueConstraint(fields=("pipeline", "name"), name="records_stage_name"),
        ),
    ]
