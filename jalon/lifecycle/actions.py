"""Everything that changes stages. The options of the contact's property follow, and each change is kept with its moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM, Actor
from jalon.accounts.actions import Refused, audit
from jalon.charts import palette
from jalon.jobs import actions as jobs
from jalon.jobs.models import Job
from jalon.lifecycle import queries
from jalon.lifecycle.columns import CONTACT, PROPERTY, StageKind
from jalon.lifecycle.models import Lifecycle, Stage, StageChange
from jalon.records import actions as records_actions
from jalon.records import queries as records
from jalon.records.actions import Row
from jalon.records.columns import Option, Origin
from jalon.records.definitions import actions as definitions
from jalon.records.definitions import files
from jalon.records.definitions.names import free_name
from jalon.records.models import Property
from jalon.warehouse.words import N_

DELETE: Final = "lifecycle_delete"  # the kind of the background job
LINK: Final = "/settings/lifecycle/"
MOST: Final = 60
What = StageChange.What
ADDED: Final = N_("%(who)s added the lifecycle stage “%(label)s”.")
CHANGED: Final = N_("%(who)s changed the lifecycle stage “%(label)s”.")
MOVED: Final = N_("%(who)s put the lifecycle stages into another order.")
DELETED: Final = N_("%(who)s deleted the lifecycle stage “%(label)s”.")
LAID_OUT: Final = N_("%(who)s laid out another set of lifecycle stages.")
SHOWN: Final = N_("%(who)s turned lifecycle stages on.")
HIDDEN: Final = N_("%(who)s turned lifecycle stages off.")


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as somebody wants it."""

    label_en: str
    label_fr: str
    kind: StageKind = StageKind.PRIMARY
    description: str = ""
    emoji: str = ""
    color: str = ""
    name: str = ""  # made of the label where it is not given

    def parts(self) -> dict[str, str]:
        """What may be changed later."""
        english, french = self.label_en.strip(), self.label_fr.strip()
        return {
            "label_en": english or french,
            "label_fr": french or english,
            "description": self.description.strip(),
            "emoji": self.emoji.strip(),
            "color": self.color,
        }


def add(draft: StageDraft, *, actor: Actor) -> str:
    """A new stage: on the path it comes right before Won. Returns its name."""
    _check(draft)
    with transaction.atomic():
        rows = Stage.objects.select_for_update().filter(deleted_at=None)
        if len(rows) >= MOST:
            raise Refused(gettext("There are %(count)s stages already; more would help nobody.") % {"count": MOST})
        row = _create(draft, max((one.order for one in rows), default=0) + 1)
        _note(What.ADDED, ADDED, actor, row, after={"kind": row.kind})
        _options_follow(actor)
    return row.name


def change(name: str, draft: StageDraft, *, actor: Actor) -> None:
    """Another label, description, emoji or color. What a stage is on the path never changes."""
    with transaction.atomic():
        row = _live(name)
        _check(replace(draft, kind=StageKind(row.kind)), name)
        before = {key: getattr(row, key) for key in draft.parts()}
        differing = {key: value for key, value in draft.parts().items() if before[key] != value}
        if not differing:
            return
        for key, value in differing.items():
            setattr(row, key, value)
        row.save(update_fields=list(differing))
        _note(What.CHANGED, CHANGED, actor, row, before={key: before[key] for key in differing}, after=differing)
        _options_follow(actor)


def put_in_order(names: Sequence[str], *, actor: Actor) -> None:
    """The stages of the path before Won in this order; those that are not named come after."""
    with transaction.atomic():
        rows = list(Stage.objects.select_for_update().filter(deleted_at=None, kind=StageKind.PRIMARY))
        places = {name: place for place, name in enumerate(names)}
        wanted = sorted(rows, key=lambda row: places.get(row.name, len(places)))
        if wanted == rows:
            return
        for place, row in zip(sorted(row.order for row in rows), wanted, strict=True):
            Stage.objects.filter(pk=row.pk).update(order=place)
        told = {"before": {"order": [row.name for row in rows]}, "after": {"order": [row.name for row in wanted]}}
        _note(What.MOVED, MOVED, actor, None, **told)
        _options_follow(actor)


def set_default(name: str, *, actor: Actor) -> None:
    """The stage of a new contact that writes in; "" for none."""
    with transaction.atomic():
        row = _live(name) if name else None
        was = Stage.objects.filter(deleted_at=None, is_default=True).first()
        if (was.pk if was else None) == (row.pk if row else None):
            return
        Stage.objects.filter(is_default=True).update(is_default=False)
        if row is not None:
            Stage.objects.filter(pk=row.pk).update(is_default=True)
        told = row or was
        _note(What.CHANGED, CHANGED, actor, told, before={"default": was.name if was else ""}, after={"default": name})


def writes_in(ids: Sequence[int], origin: Origin, *, actor: Actor) -> list[int]:
    """Contacts wrote in, by a form or in a conversation: those that never were in a stage get the default one. Returns these.

    Who was taken out of the stages by somebody stays out: a message does not undo that.
    """
    stage = queries.default_stage()
    new = queries.never_staged(ids) if stage and queries.is_shown() else []
    if stage and new:
        records_actions.write(CONTACT, (Row({PROPERTY: stage.name}, id) for id in new), actor=actor, origin=origin)
    return new


def show(is_shown: bool, *, actor: Actor) -> None:
    """Turns lifecycle stages on or off. Movements are read meanwhile, so nothing is missing afterwards."""
    with transaction.atomic():
        row, _ = Lifecycle.objects.get_or_create(pk=1)
        if row.is_shown is not is_shown:
            row.is_shown = is_shown
            row.save(update_fields=["is_shown"])
            _note(What.SHOWN if is_shown else What.HIDDEN, SHOWN if is_shown else HIDDEN, actor, None)


# Deletion


def delete(name: str, to: str, *, actor: Actor) -> Job:
    """Moves the contacts of a stage to another one ("" for none) in the background; then its movements are read no more.

    The move is a bulk edit, so it writes no movement.
    """
    with transaction.atomic():
        row = _live(name)
        if row.kind == StageKind.WON:
            raise Refused(gettext("The stage that counts as won cannot be deleted; give it another name instead."))
        leaving = {one.name for one in queries.stages() if one.is_leaving}
        if name in leaving:
            raise Refused(gettext("This stage is being deleted already."))
        if to and (to == name or _live(to).name in leaving):
            raise Refused(gettext("Choose another stage for its contacts."))
        label = gettext("Deletion of the stage “%(label)s”") % {"label": row.label_fr if _speaks_french() else row.label_en}
        job = jobs.start(DELETE, label, arguments={"stage": name, "to": to}, user_id=actor.user_id)
        Stage.objects.filter(pk=row.pk).update(leaving_job_id=job.pk, is_default=False)
    return job


def keep(name: str) -> None:
    """The deletion was given up."""
    Stage.objects.filter(name=name, deleted_at=None).update(leaving_job_id=None)


def finish_deletion(name: str, *, actor: Actor) -> None:
    """Nobody stands in the stage any more: it goes, and its movements with it."""
    with transaction.atomic():
        row = Stage.objects.select_for_update().filter(name=name, deleted_at=None).first()
        if row is None:
            return
        _delete(row, actor)
        _note(What.DELETED, DELETED, actor, row, before={"kind": row.kind})
        _options_follow(actor)


def _delete(row: Stage, actor: Actor) -> None:
    row.deleted_at, row.deleted_by_id, row.leaving_job_id, row.is_default = timezone.now(), actor.user_id, None, False
    row.save()


# Whole sets


def choose_preset(preset: str, actor: Actor) -> None:
    """Lays out a preset's stages. One that it lacks goes, unless contacts stand in it."""
    kinds = files.stage_kinds(preset)
    drafts = [
        StageDraft(option.label_en, option.label_fr, StageKind(kinds.get(option.value, "primary")), name=option.value)
        for option in files.preset_stages(preset)
    ]
    lay_out(drafts, actor=actor)


def lay_out(drafts: Sequence[StageDraft], *, actor: Actor) -> None:
    """These stages in this order, and behind them those that contacts stand in."""
    with transaction.atomic():
        present = {row.name: row for row in Stage.objects.select_for_update()}
        names = _named(drafts, present)
        _refuse_two_won(present, names)
        for row in present.values():
            if row.name not in names and row.deleted_at is None and not queries.holders(row.name, 1):
                _delete(row, actor)
        for place, (name, draft) in enumerate(names.items()):
            known = present.get(name)
            row = known or Stage(name=name)
            row.kind, row.order, row.deleted_at = draft.kind, place, None
            for key, value in draft.parts().items():
                setattr(row, key, value)
            row.save()
        left = Stage.objects.filter(deleted_at=None).exclude(name__in=names)
        for place, row in enumerate(left, len(names)):
            Stage.objects.filter(pk=row.pk).update(order=place)
        if queries.has_contacts():  # else nothing was there that it could change
            _note(What.PRESET, LAID_OUT, actor, None, after={"order": list(names)})
        _options_follow(actor)


def _named(drafts: Sequence[StageDraft], present: Mapping[str, Stage]) -> dict[str, StageDraft]:
    """The drafts by name. That of a deleted stage is another one from now on, or its movements would come back with it."""
    deleted = {name for name, row in present.items() if row.deleted_at is not None and queries.has_contacts()}
    names: dict[str, StageDraft] = {}
    for draft in drafts:
        wanted = draft.name or _free(draft.label_en or draft.label_fr, {*present, *names})
        names[_free(wanted, {*present, *names}) if wanted in deleted else wanted] = draft
    return names


def _refuse_two_won(present: Mapping[str, Stage], names: Mapping[str, StageDraft]) -> None:
    won = [name for name, draft in names.items() if draft.kind is StageKind.WON]
    if len(won) != 1:
        raise Refused(gettext("Exactly one stage is the one that counts as won."))
    for row in present.values():
        wanted = names[row.name].kind if row.name in names else None
        held = row.deleted_at is None and (wanted is None or wanted != row.kind) and queries.holders(row.name, 1)
        if held and (wanted is not None or row.kind == StageKind.WON):
            told = {"label": row.label_fr if _speaks_french() else row.label_en}
            raise Refused(gettext("Contacts stand in “%(label)s”, which would become something else. Move them first.") % told)


def seed() -> None:
    """Stages of a deployment that is older than they are: the options that its contacts have had so far."""
    with transaction.atomic():
        if queries.is_set_up():
            _options_follow(SYSTEM)  # an older version of Jalon may have been at work meanwhile
            return
        option_row = Property.objects.filter(object_type__name=CONTACT, name=PROPERTY).first()
        if option_row is None:
            return
        for place, draft in enumerate(_as_they_were(option_row.spec().options)):
            _create(draft, place)
        _options_follow(SYSTEM)


def _as_they_were(options: Sequence[Option]) -> list[StageDraft]:
    """Where none is known to be the one that counts as won, it is the last one of the path."""
    kinds = files.stage_kinds("sales") | files.stage_kinds("marketing")
    drafts = [
        StageDraft(one.label_en, one.label_fr, StageKind(kinds.get(one.value, "primary")), one.description, name=one.value)
        for one in options
    ]
    if not any(draft.kind is StageKind.WON for draft in drafts):
        last = max((place for place, draft in enumerate(drafts) if draft.kind is StageKind.PRIMARY), default=0)
        drafts[last] = replace(drafts[last], kind=StageKind.WON)
    return drafts


# Parts


def _check(draft: StageDraft, name: str = "") -> None:
    problems = list(_problems(draft, name))
    if problems:
        raise Refused(*problems)


def _problems(draft: StageDraft, name: str) -> Iterator[str]:
    parts = draft.parts()
    if not parts["label_en"]:
        yield gettext("Give the stage a name in at least one language.")
    others = [one for one in queries.stages() if one.name != name]
    for language in ("en", "fr"):
        label = parts[f"label_{language}"]
        if label and any(one.label(language).casefold() == label.casefold() for one in others):
            yield gettext("There is a stage called “%(label)s” already.") % {"label": label}
            break
    if draft.kind is StageKind.WON and not name:
        yield gettext("Exactly one stage is the one that counts as won.")
    if draft.color and draft.color not in palette.NAMES:
        yield gettext("There is no color “%(color)s”.") % {"color": draft.color}
    if len(parts["emoji"]) > 8:
        yield gettext("One emoji is enough.")


def _create(draft: StageDraft, order: int) -> Stage:
    taken = set(Stage.objects.values_list("name", flat=True))
    name = draft.name or _free(draft.label_en or draft.label_fr, taken)
    return Stage.objects.create(name=name, kind=draft.kind, order=order, **draft.parts())


def _free(label: str, taken: Collection[str]) -> str:
    """An internal name that no stage has or had."""
    return free_name(label, taken, otherwise="stage", most=60)


def _live(name: str) -> Stage:
    row = Stage.objects.select_for_update().filter(name=name, deleted_at=None).first()
    if row is None:
        raise Refused(gettext("This stage is not there any more."))
    return row


def _note(what: StageChange.What, sentence: str, actor: Actor, row: Stage | None, **parts: Mapping[str, Any]) -> None:
    labels = {"label_en": row.label_en, "label_fr": row.label_fr} if row else {}
    StageChange.objects.create(what=what, actor_id=actor.user_id, stage=row.name if row else "", **labels, **parts)
    told = {"label": row.label_en, "label_fr": row.label_fr} if row else {}
    audit(actor, "lifecycle.changed", sentence, link=LINK, **told)


def _options_follow(actor: Actor) -> None:
    options = [_option(one, place) for place, one in enumerate(queries.stages())]
    definitions.keep_stages(options, actor=actor)
    records.forget_catalogs()


def _option(one: queries.StageView, place: int) -> Option:
    state = one.kind.value if one.kind in (StageKind.WON, StageKind.LOST) else ""
    return Option(one.name, one.label_en, one.label_fr, one.description, place, color=one.color, emoji=one.emoji, state=state)


def _speaks_french() -> bool:
    return (get_language() or "en").startswith("fr")
