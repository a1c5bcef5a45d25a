import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
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
                ("reasons", models.JSONField(default=dict)),
                ("score", models.SmallIntegerField()),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("run_id", models.BigIntegerField()),
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
            ],
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
        ),
        migrations.AddField(
            model_name="record",
            name="merged_into_id",
            field=models.BigIntegerField(null=True),
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
        migrations.AddField(
            model_name="duplicatepair",
            name="object_type",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype"),
        ),
        migrations.AddField(
            model_name="erasure",
            name="object_type",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.objecttype"),
        ),
        migrations.AddField(
            model_name="merge",
            name="object_type",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.objecttype"),
        ),
        migrations.AddConstraint(
            model_name="notduplicate",
            constraint=models.UniqueConstraint(fields=("first_id", "second_id"), name="records_not_duplicate_once"),
        ),
        migrations.AddIndex(
            model_name="duplicatepair",
            index=models.Index(fields=["object_type", "-score", "id"], name="records_pair_score"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="records_pair_once"),
        ),
    ]
