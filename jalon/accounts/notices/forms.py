"""How somebody wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.accounts import notices
from jalon.accounts.notices import WAYS, Way


class NoticesForm(forms.Form):
    """For each kind of notice, how somebody wants to hear of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(way.value, _(label)) for way, label in WAYS]
        for kind in notices.kinds():
            self.fields[kind.name] = forms.ChoiceField(label=_(kind.label), choices=ways)

    def ways(self) -> dict[str, Way]:
        return {name: Way(value) for name, value in self.cleaned_data.items()}
