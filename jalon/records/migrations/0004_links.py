"""Custom objects, limits of associations, one primary per record, and finding the links of a record in the change log."""

from django.db import migrations, models

# A link is written down under its from-side; the timeline of the other side finds it by this index. Only links are in it.
LINKED = "CREATE INDEX records_change_linked ON records_change USING gin ((delta -> 'to') jsonb_path_ops) WHERE kind IN ('l', 'x', 'p')"


class Migration(migrations.Migration):
    dependencies = [("records", "0003_calculated")]

    operations = [
        migrations.AddField("objecttype", "first", models.JSONField(default=list)),
        migrations.AddField("objecttype", "icon", models.CharField(default="cube", max_length=40)),
        migrations.AddField("objecttype", "is_activity", models.BooleanField(default=False)),
        migrations.AddField("objecttype", "archived_at", models.DateTimeField(null=True)),
        migrations.AddField("associationtype", "limit_from", models.IntegerField(null=True)),
        migrations.AddField("associationtype", "limit_to", models.IntegerField(null=True)),
        migrations.AlterModelOptions("associationtype", {"ordering": ["id"]}),
        migrations.AddConstraint(
            "association",
            models.UniqueConstraint(
                condition=models.Q(("is_primary", True)), fields=("from_record", "type"), name="records_association_primary"
            ),
        ),
        migrations.RunSQL(LINKED, "DROP INDEX records_change_linked"),
    ]
