from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class KeepingForm(forms.Form):
    """For how long the files of imports are kept."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Keep the files of imports"),
        coerce=int,
        choices=(
            (7, gettext_lazy("7 days")),
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (365, gettext_lazy("One year")),
            (0, gettext_lazy("For ever")),
        ),
        help_text=gettext_lazy("The uploaded files and the refused rows. What an import wrote, its counts and its undo stay."),
    )
