# The audit log

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_preference")]

    operations = [
        migrations.CreateModel(
            name="AuditLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=254)),
                ("kind", models.CharField(max_length=60)),
                ("sentence", models.TextField()),
                ("params", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["actor_id", "-id"], name="accounts_audit_actor"),
                    models.Index(fields=["kind", "-id"], name="accounts_audit_kind"),
                    models.Index(fields=["at"], name="accounts_audit_at"),
                ],
            },
        ),
    ]
