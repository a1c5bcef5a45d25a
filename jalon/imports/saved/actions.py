"""Mappings saved by name: kept from the columns page, used again for a file with the same headings."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from jalon.accounts.access import Access
from jalon.imports.models import File, Import, State, Template
from jalon.imports.settings import SETTINGS, Settings


def keep(name: str, file: File, *, access: Access) -> None:
    """Keep how this file is brought in under a name; the same name again replaces what it stood for."""
    settings = asdict(Settings(**{one: getattr(file, one) for one in SETTINGS}))
    kept = {"object_type": file.object_type, "headings": file.headings, "chosen": settings, "saved_at": timezone.now()}
    Template.objects.update_or_create(name=name[:100], defaults={**kept, "user_id": access.actor.user_id})


def use(import_id: int, place: int, name: str) -> bool:
    """Bring a file in as the template says, as far as it has its columns. False where there is no such template."""
    with transaction.atomic():
        Import.objects.select_for_update().get(pk=import_id)
        file = File.objects.get(of_id=import_id, place=place)
        template = Template.objects.filter(name=name).first()
        if template is None or file.is_history:
            return False
        file.object_type = template.object_type
        for one in SETTINGS:
            setattr(file, one, template.chosen[one])
        file.mapping = {heading: target for heading, target in file.mapping.items() if heading in file.headings}
        file.save()
        Import.objects.filter(pk=import_id).update(state=State.DRAFT, tried={})
    return True


def forget(template_id: int) -> None:
    Template.objects.filter(pk=template_id).delete()
