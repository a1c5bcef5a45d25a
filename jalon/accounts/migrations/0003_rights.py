# The audit log; permission sets that people share, several teams per person

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def set_key() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="%(class)ss",
        to="accounts.permissionset",
    )


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
        migrations.CreateModel(
            name="PermissionSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120)),
                ("preset", models.CharField(blank=True, max_length=32)),
                ("description", models.CharField(blank=True, max_length=400)),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                ("scopes", models.JSONField(blank=True, default=dict)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("name", ""), _negated=True),
                        name="accounts_set_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_main", models.BooleanField(default=False)),
                (
                    "team",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="accounts.team"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "team"), name="accounts_membership_once"),
                    models.UniqueConstraint(condition=models.Q(("is_main", True)), fields=("user",), name="accounts_one_main_team"),
                ],
            },
        ),
        *[
            migrations.RemoveField(model_name=model, name=name)
            for model in ("invitation", "user")
            for name in ("role", "permissions", "scopes", "sees_unassigned")
        ],
        migrations.RemoveField(model_name="user", name="team"),
        migrations.AddField(model_name="user", name="sessions_ended", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="user", name="permission_set", field=set_key()),
        migrations.AddField(model_name="invitation", name="permission_set", field=set_key()),
    ]
