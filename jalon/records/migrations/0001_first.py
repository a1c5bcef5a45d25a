# Object types, properties, records, links, and what people do with many of them at once

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("epoch", models.IntegerField()),
                ("xid", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("record_id", models.BigIntegerField()),
                ("object_type_id", models.IntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("c", "Created"),
                            ("u", "Updated"),
                            ("a", "Archived"),
                            ("r", "Restored"),
                            ("l", "Linked"),
                            ("x", "Unlinked"),
                            ("m", "Merged"),
                            ("s", "Separated"),
                            ("e", "Erased"),
                            ("p", "Primary"),
                        ],
                        max_length=1,
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("source_detail", models.CharField(max_length=200)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("backdated", models.BooleanField(default=False)),
                ("delta", models.JSONField()),
            ],
            options={
                "db_table": "records_change",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Property",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("string", "string"),
                            ("number", "number"),
                            ("bool", "bool"),
                            ("enumeration", "enumeration"),
                            ("date", "date"),
                            ("datetime", "datetime"),
                            ("user", "user"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "field_type",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("textarea", "textarea"),
                            ("phonenumber", "phonenumber"),
                            ("html", "html"),
                            ("file", "file"),
                            ("number", "number"),
                            ("booleancheckbox", "booleancheckbox"),
                            ("select", "select"),
                            ("radio", "radio"),
                            ("checkbox", "checkbox"),
                            ("date", "date"),
                            ("calculation_equation", "calculation_equation"),
                            ("calculation_score", "calculation_score"),
                        ],
                        max_length=30,
                    ),
                ),
                ("label_en", models.CharField(max_length=250)),
                ("label_fr", models.CharField(max_length=250)),
                ("description", models.TextField(blank=True, default="")),
                ("options", models.JSONField(default=list)),
                ("hint", models.CharField(blank=True, default="", max_length=40)),
                ("order", models.IntegerField(default=1000)),
                ("hidden", models.BooleanField(default=False)),
                ("form_usable", models.BooleanField(default=True)),
                ("unique", models.BooleanField(default=False)),
                ("formula", models.TextField(blank=True, default="")),
                ("is_system", models.BooleanField(default=False)),
                ("read_only_definition", models.BooleanField(default=False)),
                ("read_only_options", models.BooleanField(default=False)),
                ("read_only_value", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_by_id", models.BigIntegerField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Definitions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="ObjectType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
                ("plural", models.CharField(max_length=60, unique=True)),
                ("label_en", models.CharField(max_length=100)),
                ("label_fr", models.CharField(max_length=100)),
                ("plural_en", models.CharField(max_length=100)),
                ("plural_fr", models.CharField(max_length=100)),
                ("primary", models.JSONField(default=list)),
                ("first", models.JSONField(default=list)),
                ("icon", models.CharField(default="cube", max_length=40)),
                ("order", models.IntegerField(default=100)),
                ("is_system", models.BooleanField(default=False)),
                ("is_activity", models.BooleanField(default=False)),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Calculation",
            fields=[
                (
                    "property",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.property",
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("after_id", models.BigIntegerField(default=0)),
                ("is_done", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="NotDuplicate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("first_id", models.BigIntegerField()),
                ("second_id", models.BigIntegerField(db_index=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("first_id", "second_id"), name="records_not_duplicate_once")],
            },
        ),
        migrations.AddField(
            model_name="property",
            name="object_type",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="properties", to="records.objecttype"),
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("survivor_id", models.BigIntegerField(db_index=True)),
                ("loser_id", models.BigIntegerField(db_index=True)),
                ("choices", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("links", models.JSONField(default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_id", models.BigIntegerField(null=True)),
                ("kept", models.JSONField(default=list)),
                (
                    "object_type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.objecttype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_ids", models.JSONField(default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("remaining", models.JSONField(default=dict)),
                ("waiting", models.JSONField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "object_type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssociationType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                ("label_en", models.CharField(blank=True, default="", max_length=100)),
                ("label_fr", models.CharField(blank=True, default="", max_length=100)),
                ("inverse_en", models.CharField(blank=True, default="", max_length=100)),
                ("inverse_fr", models.CharField(blank=True, default="", max_length=100)),
                ("category", models.CharField(default="USER_DEFINED", max_length=30)),
                ("is_system", models.BooleanField(default=False)),
                ("limit_from", models.IntegerField(null=True)),
                ("limit_to", models.IntegerField(null=True)),
                ("from_type", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype")),
                ("to_type", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
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
            name="PropertyGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("label_en", models.CharField(max_length=200)),
                ("label_fr", models.CharField(max_length=200)),
                ("order", models.IntegerField(default=100)),
                (
                    "object_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="records.objecttype"),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddField(
            model_name="property",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="properties", to="records.propertygroup"),
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("properties", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("archived_at", models.DateTimeField(null=True)),
                ("merged_into_id", models.BigIntegerField(null=True)),
                (
                    "object_type",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.objecttype",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reasons", models.JSONField(default=dict)),
                ("score", models.SmallIntegerField()),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("run_id", models.BigIntegerField()),
                (
                    "object_type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.record",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Association",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_primary", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.associationtype"
                    ),
                ),
                (
                    "from_record",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"),
                ),
                ("to_record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record")),
            ],
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
            name="UniqueValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.TextField()),
                (
                    "property",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.property",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DefinitionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("property", models.CharField(max_length=100)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                (
                    "object_type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["object_type", "property", "-id"], name="records_definition_change")],
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
        migrations.AddConstraint(
            model_name="propertygroup",
            constraint=models.UniqueConstraint(fields=("object_type", "name"), name="records_group_name"),
        ),
        migrations.AddConstraint(
            model_name="property",
            constraint=models.UniqueConstraint(fields=("object_type", "name"), name="records_property_name"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["object_type", "id"], name="records_record_type"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("merged_into_id__isnull", False)), fields=["merged_into_id"], name="records_record_merged"
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)), fields=["object_type", "-archived_at"], name="records_record_archived"
            ),
        ),
        migrations.AddIndex(
            model_name="duplicatepair",
            index=models.Index(fields=["object_type", "-score", "id"], name="records_pair_score"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="records_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.UniqueConstraint(fields=("from_record", "to_record", "type"), name="records_association_once"),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)), fields=("from_record", "type"), name="records_association_primary"
            ),
        ),
        migrations.AddConstraint(
            model_name="uniquevalue",
            constraint=models.UniqueConstraint(fields=("property", "value"), name="records_unique_value"),
        ),
    ]
