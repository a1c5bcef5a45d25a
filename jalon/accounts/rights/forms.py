"""What the pages of permission sets and teams ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.accounts.access import Scope
from jalon.accounts.permissions import SCOPES, VERBS, Permission, object_types
from jalon.accounts.rights.actions import SetValues
from jalon.accounts.rights.queries import SetView
from jalon.accounts.rights.wording import SWITCHES, Words, words

VERB_LABELS = {"view": _("See"), "edit": _("Edit"), "delete": _("Delete")}


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A line of the scopes: an object type, then one field per verb."""

    label: str
    cells: list[forms.BoundField]
    is_own: bool  # some cell says something of its own


class SetForm(forms.Form):
    """A permission set: whose records, and what else. The lines of single object types follow "all records" where they say nothing."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("What it is for"), max_length=400, required=False)
    permissions = forms.MultipleChoiceField(choices=[(row.name, _(row.label)) for row in SWITCHES], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, _label in scope_rows():
            for verb in VERBS:
                self.fields[f"{name}.{verb}"] = forms.ChoiceField(
                    label=VERB_LABELS[verb], choices=_scopes(is_general=name == "*"), required=name == "*"
                )

    def grid(self) -> list[ScopeLine]:
        """The scopes as lines of the page's table."""
        lines = [(label, [self[f"{name}.{verb}"] for verb in VERBS]) for name, label in scope_rows()]
        return [ScopeLine(label, cells, any(cell.value() for cell in cells)) for label, cells in lines]

    def said(self) -> list[ScopeLine]:
        """The general line, and those that say something of their own."""
        return [line for line in self.grid() if line.is_own]

    def unsaid(self) -> list[ScopeLine]:
        """The kinds of records that follow the general line."""
        return [line for line in self.grid() if not line.is_own]

    def groups(self) -> Iterator[tuple[str, list[tuple[Permission, bool]]]]:
        """The switches as the page shows them, with whether each is on."""
        on = set(self["permissions"].value() or ())
        for group, rows in groupby(SWITCHES, key=lambda row: row.group):
            yield group.value, [(row, row.name in on) for row in rows]

    def values(self) -> SetValues:
        found = self.cleaned_data
        return SetValues(found["name"], found["description"], tuple(found["permissions"]), self._chosen(found))

    def words(self) -> Words:
        """The set as it stands in the form, in sentences; what is not filled in yet reaches nothing."""
        raw = {name: self[name].value() or "" for name in self.fields if name.endswith(VERBS)}
        values = SetValues("", "", tuple(self["permissions"].value() or ()), self._chosen(raw))
        return words(values.all_permissions(), values.scopes)

    @staticmethod
    def _chosen(raw: Mapping[str, Any]) -> dict[str, Scope]:
        known = {scope.value for scope in Scope}
        return {key: Scope(raw[key]) for key in scope_keys() if raw.get(key) in known}

    @staticmethod
    def of(view: SetView) -> dict[str, Any]:
        return {"name": view.label, "description": view.description, "permissions": sorted(view.permissions), **view.scopes}


class TeamForm(forms.Form):
    """A team's name and its people."""

    name = forms.CharField(label=_("Name"), max_length=120)
    members = forms.TypedMultipleChoiceField(label=_("People in this team"), coerce=int, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.TypedMultipleChoiceField)
        members.choices = people


def scope_rows() -> list[tuple[str, str]]:
    """The lines of the scopes: every record, then each object type that may differ."""
    return [("*", str(_("All records"))), *object_types()]


def scope_keys() -> list[str]:
    return [f"{name}.{verb}" for name, _label in scope_rows() for verb in VERBS]


def _scopes(*, is_general: bool) -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = [(scope.value, _(label)) for scope, label in SCOPES]
    return choices if is_general else [("", _("As all records")), *choices]
