"""Object types, properties, records, associations and the change log, as PostgreSQL keeps them.

Users are known by their id only, without a foreign key: the log must outlive every account.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jalon.records.columns import FieldType, Option, PropertySpec, Type


class Definitions(models.Model):
    """One row. `version` is another one after every change of a definition, so that each process knows when its catalogs are old."""

    version = models.BigIntegerField(default=1)


class Epoch(models.Model):
    """One row. Raised when the log moves to another cluster, where stored transaction ids mean nothing (design, section 1)."""

    value = models.IntegerField(default=1)


class ObjectType(models.Model):
    """What a record can be: a contact, a company, a custom object. `plural` also names the column table."""

    name = models.CharField(max_length=60, unique=True)
    plural = models.CharField(max_length=60, unique=True)
    label_en = models.CharField(max_length=100)
    label_fr = models.CharField(max_length=100)
    plural_en = models.CharField(max_length=100)
    plural_fr = models.CharField(max_length=100)
    primary = models.JSONField(default=list)  # names of the properties that name a record
    first = models.JSONField(default=list)  # names of those that tables and forms show first; none: chosen by their order
    icon = models.CharField(max_length=40, default="cube")
    order = models.IntegerField(default=100)
    is_system = models.BooleanField(default=False)
    is_activity = models.BooleanField(default=False)  # hangs on other records and is shown in their timeline
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]


class SavedView(models.Model):
    """How somebody wants to see the records of a type, under a name: filters, search, order, columns, table or board."""

    class Sharing(models.TextChoices):
        PRIVATE = "private"
        TEAM = "team"  # with those who share a team with its owner
        EVERYBODY = "everybody"

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    owner_id = models.BigIntegerField()
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    criteria = models.TextField(blank=True, default="")
    search = models.CharField(max_length=200, blank=True, default="")
    sort = models.CharField(max_length=110, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=100), default=list)
    widths = models.JSONField(default=dict)  # pixels by column
    layout = models.CharField(max_length=10, default="table")
    pipeline = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)  # deleted, and still there for whoever regrets it

    class Meta:
        ordering: ClassVar = ["name", "id"]


class Pipeline(models.Model):
    """A way that the records of a type go, stage by stage. `name` is the value of its property and never changes."""

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200)
    order = models.IntegerField(default=100)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["object_type", "name"], name="records_pipeline_name")]


class PipelineStage(models.Model):
    """One stage of a pipeline. Its name is a value of the type's stage property, so no two pipelines share one."""

    class State(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"
        CLOSED = "closed"  # of a ticket, which is neither won nor lost

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=100)
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200)
    order = models.IntegerField(default=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    probability = models.DecimalField(max_digits=3, decimal_places=2, default=0)  # of being won, from 0 to 1
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["pipeline", "name"], name="records_stage_name")]


class PropertyGroup(models.Model):
    """Properties that are shown together."""

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="groups")
    name = models.CharField(max_length=100)
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200)
    order = models.IntegerField(default=100)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["object_type", "name"], name="records_group_name")]


class Property(models.Model):
    """The definition of one property. `name` never changes: the API and stored criteria speak it."""

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="properties")
    group = models.ForeignKey(PropertyGroup, models.PROTECT, related_name="properties")
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20, choices=[(t.value, t.value) for t in Type])
    field_type = models.CharField(max_length=30, choices=[(t.value, t.value) for t in FieldType])
    label_en = models.CharField(max_length=250)
    label_fr = models.CharField(max_length=250)
    description = models.TextField(blank=True, default="")
    options = models.JSONField(default=list)
    hint = models.CharField(max_length=40, blank=True, default="")
    order = models.IntegerField(default=1000)
    hidden = models.BooleanField(default=False)
    form_usable = models.BooleanField(default=True)
    unique = models.BooleanField(default=False)
    formula = models.TextField(blank=True, default="")
    is_system = models.BooleanField(default=False)
    read_only_definition = models.BooleanField(default=False)
    read_only_options = models.BooleanField(default=False)
    read_only_value = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by_id = models.BigIntegerField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["object_type", "name"], name="records_property_name")]

    def spec(self) -> PropertySpec:
        """As everything above the tables reads it. Options come in their display order, those without one (-1) last."""
        options = [
            Option(
                o["value"],
                o["en"],
                o["fr"],
                o.get("description", ""),
                o.get("order", -1),
                o.get("hidden", False),
                o.get("color", ""),
                o.get("emoji", ""),
                o.get("state", ""),
            )
            for o in self.options
            if not o.get("removed")
        ]
        return PropertySpec(
            name=self.name,
            type=Type(self.type),
            field_type=FieldType(self.field_type),
            label_en=self.label_en,
            label_fr=self.label_fr,
            group=self.group.name,
            description=self.description,
            options=tuple(sorted(options, key=lambda option: (option.order < 0, option.order))),
            hint=self.hint,
            unique=self.unique,
            hidden=self.hidden,
            read_only_value=self.read_only_value,
            order=self.order,
            removed=frozenset(o["value"] for o in self.options if o.get("removed")),
            formula=self.formula,
        )


class DefinitionChange(models.Model):
    """Who changed a property's definition, when, from what to what; only the parts that changed.

    Created: `before` is empty. Archived and restored: {"archived": false} to {"archived": true} and back.
    """

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+", db_index=False)
    property = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_type", "property", "-id"], name="records_definition_change")]


class Calculation(models.Model):
    """How far a calculated property is with what its formula says now.

    `fingerprint` is that of the formula which `after_id` belongs to: another one starts from the first record again.
    """

    property = models.OneToOneField(Property, models.CASCADE, primary_key=True, related_name="+")
    fingerprint = models.CharField(max_length=64)
    after_id = models.BigIntegerField(default=0)
    is_done = models.BooleanField(default=False)


class Record(models.Model):
    """One record. `properties` holds canonical text by property name; a missing value is an absent key.

    `createdate`, `lastmodifieddate` and `hs_object_id` are this row's own columns, and ordinary properties to readers.
    """

    id = models.BigAutoField(primary_key=True)
    object_type = models.ForeignKey(ObjectType, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    properties = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)
    merged_into_id = models.BigIntegerField(
        null=True
    )  # the survivor; this record is archived then, and its past is told with the survivor's

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_type", "id"], name="records_record_type"),
            models.Index(fields=["merged_into_id"], name="records_record_merged", condition=models.Q(merged_into_id__isnull=False)),
            models.Index(
                fields=["object_type", "-archived_at"], name="records_record_archived", condition=models.Q(archived_at__isnull=False)
            ),
        ]


class Merge(models.Model):
    """One record that was merged into another, with all that undoing it needs.

    `choices` says which side's value was chosen by property; `before` and `after` hold what the merge changed of the
    survivor's values, `links` what it changed of the links; `kept` is what an undo did not take back, and why.
    """

    id = models.BigAutoField(primary_key=True)
    object_type = models.ForeignKey(ObjectType, models.PROTECT, related_name="+", db_index=False)
    survivor_id = models.BigIntegerField(db_index=True)
    loser_id = models.BigIntegerField(db_index=True)
    choices = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    links = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)
    kept = models.JSONField(default=list)


class DuplicatePair(models.Model):
    """Two records that may be one: why it seems so, and how sure that is (0 to 100). `first_id` is the older of the two."""

    id = models.BigAutoField(primary_key=True)
    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+", db_index=False)
    first = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    second = models.ForeignKey(Record, models.CASCADE, related_name="+", db_constraint=False)
    reasons = models.JSONField(default=dict)  # how sure each makes us, by its name
    score = models.SmallIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    run_id = models.BigIntegerField()  # the job that found it last: what a later run does not find again goes

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_type", "-score", "id"], name="records_pair_score")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["first", "second"], name="records_pair_once")]


class NotDuplicate(models.Model):
    """Two records of which somebody said that they are not one: the finder keeps silent about them."""

    id = models.BigAutoField(primary_key=True)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField(db_index=True)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["first_id", "second_id"], name="records_not_duplicate_once")]


class Erasure(models.Model):
    """The fact that a record was deleted for ever: which, when, by whom, and how many things each holding forgot.

    `waiting` holds what the background part still needs to know the person by; it is emptied when that part is done.
    """

    id = models.BigAutoField(primary_key=True)
    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+", db_index=False)
    record_ids = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)  # of each holding by its name
    remaining = models.JSONField(default=dict)  # what is known to speak of the person still: backups by name, shared notes
    waiting = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)


class UniqueValue(models.Model):
    """The value of a unique property, folded to lower case, and the one record that has it.

    Without database constraints on the keys: a check per row would be a third of the cost of an import.
    """

    property = models.ForeignKey(Property, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    value = models.TextField()
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["property", "value"], name="records_unique_value")]


class Change(models.Model):
    """One line of the change log, append-only, partitioned by month of recording.

    Readers take lines by (epoch, xid, id) below the oldest running transaction, so that no late commit is lost.
    `delta` is {property: [old, new]} for values, {"type": id, "to": [record ids]} for links, with "primary": [old, new] where
    that is what changed. `at` is when it happened;
    `backdated` marks a history import, whose `old` has to be derived from (at, id).
    """

    class Kind(models.TextChoices):
        CREATED = "c"
        UPDATED = "u"
        ARCHIVED = "a"
        RESTORED = "r"
        LINKED = "l"
        UNLINKED = "x"
        MERGED = "m"  # into the record that the delta names
        SEPARATED = "s"  # from it again
        ERASED = "e"  # for ever; the delta names who was linked to it
        PRIMARY = "p"  # another linked record became the primary one, or none is any more

    id = models.BigAutoField(primary_key=True)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()  # xid8 in the database, pg_current_xact_id() by default
    recorded_at = models.DateTimeField()
    at = models.DateTimeField()
    record_id = models.BigIntegerField()
    object_type_id = models.IntegerField()
    kind = models.CharField(max_length=1, choices=Kind.choices)
    source = models.CharField(max_length=20)
    source_detail = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    backdated = models.BooleanField(default=False)
    delta = models.JSONField()

    class Meta:
        managed = False
        db_table = "records_change"


class BulkEdit(models.Model):
    """One change of many records at once, and its own progress. `ids` are those that were chosen when it began.

    Its lines in the change log have its id as their detail: that is what takes it back.
    """

    object_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    arguments = models.JSONField(default=dict)
    ids = ArrayField(models.BigIntegerField())
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)  # gone, or out of this person's reach when their turn came
    user_id = models.BigIntegerField(null=True)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    undo_job_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    kept_lines = models.JSONField(default=list)  # the first of them, each with its reason

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_type", "-id"], name="records_bulk_edit_lately")]


class AssociationType(models.Model):
    """How two object types may be linked, read from `from_type` to `to_type`; the inverse labels read it back.

    `limit_from` is how many records one record of the from-side may be linked with, `limit_to` one of the to-side; None
    is any number.
    """

    name = models.CharField(max_length=100, unique=True)
    from_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+")
    to_type = models.ForeignKey(ObjectType, models.CASCADE, related_name="+")
    label_en = models.CharField(max_length=100, blank=True, default="")
    label_fr = models.CharField(max_length=100, blank=True, default="")
    inverse_en = models.CharField(max_length=100, blank=True, default="")
    inverse_fr = models.CharField(max_length=100, blank=True, default="")
    category = models.CharField(max_length=30, default="USER_DEFINED")
    is_system = models.BooleanField(default=False)
    limit_from = models.IntegerField(null=True)
    limit_to = models.IntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]


class Association(models.Model):
    """A link between two records. Of those that one record has by one type, read from its from-side, one may be primary."""

    id = models.BigAutoField(primary_key=True)
    type = models.ForeignKey(AssociationType, models.PROTECT, related_name="+", db_index=False)
    from_record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    to_record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_record", "to_record", "type"], name="records_association_once"),
            models.UniqueConstraint(
                fields=["from_record", "type"], condition=models.Q(is_primary=True), name="records_association_primary"
            ),
        ]
