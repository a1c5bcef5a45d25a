"""What a new token may do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.accounts.access import Access, Scope
from jalon.accounts.permissions import PERMISSIONS, SCOPES

LIVES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("Until it is revoked")))
WHOSE = [(scope.value, _(label)) for scope, label in SCOPES]
# What an administrator does by hand is not for programs.
NOT_FOR_PROGRAMS = {"users", "api_tokens"}
RECORDS = {"records.view", "records.edit", "records.delete"}
VERBS = ("view", "edit", "delete")  # of records: what a token may do with them follows from whose it reaches


class TokenForm(forms.Form):
    """Name, rights and end of a token; only what its owner may do is offered."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What uses it: “Website”, “Nightly export”."))
    lives = forms.ChoiceField(label=_("Expires after"), choices=LIVES, required=False, initial="90")
    permissions = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple, required=False)
    view = forms.ChoiceField(label=_("Sees the records of"), choices=[(scope.value, _(label)) for scope, label in SCOPES], initial="all")
    edit = forms.ChoiceField(label=_("Edits the records of"), choices=[(scope.value, _(label)) for scope, label in SCOPES], initial="none")
    delete = forms.ChoiceField(
        label=_("Deletes the records of"), choices=[(scope.value, _(label)) for scope, label in SCOPES], initial="none"
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [row for row in PERMISSIONS if access.may(row.name) and row.name not in NOT_FOR_PROGRAMS | RECORDS]
        self.fields["permissions"].choices = [(row.name, _(row.label)) for row in offered]  # type: ignore[attr-defined]

    def rights(self) -> list[str]:
        """The permissions chosen, and those that follow from the scopes."""
        reached = [f"records.{verb}" for verb, scope in self.scopes().items() if scope is not Scope.NONE]
        return [*self.cleaned_data["permissions"], *reached]

    def scopes(self) -> dict[str, Scope]:
        return {verb: Scope(self.cleaned_data[verb]) for verb in VERBS}

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["lives"]
        return now + timedelta(days=int(days)) if days else None
