"""What somebody types about a stage."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy

from jalon.lifecycle.actions import StageDraft
from jalon.lifecycle.columns import StageKind
from jalon.lifecycle.queries import StageView

COLORS: Final = (
    ("", gettext_lazy("By what the stage is")),
    ("blue", gettext_lazy("Blue")),
    ("orange", gettext_lazy("Orange")),
    ("green", gettext_lazy("Green")),
    ("pink", gettext_lazy("Pink")),
    ("sky", gettext_lazy("Sky blue")),
    ("red", gettext_lazy("Red")),
    ("purple", gettext_lazy("Purple")),
    ("grey", gettext_lazy("Grey")),
)


class StageForm(forms.Form):
    """Names, description and looks of a stage."""

    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    label_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200, required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("When a contact belongs here, in words for your colleagues."),
    )
    emoji = forms.CharField(
        label=gettext_lazy("Emoji"), max_length=16, required=False, help_text=gettext_lazy("Stands before the name, on every page.")
    )
    color = forms.ChoiceField(label=gettext_lazy("Color"), choices=COLORS, required=False)

    @property
    def names(self) -> list[forms.BoundField]:
        """The reader's language first; one name stands in for the other where that is empty."""
        return sorted((self["label_en"], self["label_fr"]), key=lambda field: not field.name.endswith(get_language() or "en"))

    def draft(self, kind: StageKind = StageKind.PRIMARY) -> StageDraft:
        typed: dict[str, Any] = self.cleaned_data
        return StageDraft(typed["label_en"], typed["label_fr"], kind, typed["description"], typed["emoji"], typed["color"])

    @staticmethod
    def of(stage: StageView) -> dict[str, str]:
        """What the form shows at first."""
        return {key: getattr(stage, key) for key in ("label_en", "label_fr", "description", "emoji", "color")}
