"""What the page asks of somebody who has a report sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, gettext_lazy, ngettext

from jalon.figures.measures import Measure
from jalon.reports.by_kind.row import MailChoice
from jalon.reports.kinds.definition import STYLE_LABELS, Style
from jalon.reports.schedules.actions import ScheduleValues
from jalon.reports.schedules.calendar import ONCE, WEEKLY, Rhythm
from jalon.reports.schedules.queries import ScheduleView
from jalon.reports.schedules.wording import FREQUENCIES
from jalon.reports.wording import MEASURES
from jalon.web.choices import weekdays

MOST_RECIPIENTS = 50


class ScheduleForm(forms.Form):
    recipients = forms.CharField(
        label=gettext_lazy("Recipients"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Addresses inside or outside the account, apart by commas or lines. Nobody sees who else gets it."),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
    )
    frequency = forms.ChoiceField(label=gettext_lazy("Frequency"), widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), choices=weekdays, coerce=int, required=False)
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=gettext_lazy("Where a month is shorter, on its last day."),
    )
    metrics = forms.MultipleChoiceField(label=gettext_lazy("Figures"), widget=forms.CheckboxSelectMultiple)
    style = forms.ChoiceField(label=gettext_lazy("Chart"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, data: Any, choice: MailChoice | None, *, initial: Mapping[str, Any], is_new: bool) -> None:
        super().__init__(data, initial=dict(initial), auto_id="mail_%s")
        if choice is None:
            del self.fields["metrics"], self.fields["style"]
        else:
            self.choose("metrics", [(each.value, gettext(MEASURES[each])) for each in choice.offered])
            self.choose("style", [(style.value, gettext(label)) for style, label in STYLE_LABELS.items()])
        self.choose("frequency", [(each, gettext(label)) for each, label in FREQUENCIES.items() if is_new or each != ONCE])

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_recipients(self) -> tuple[str, ...]:
        """Every address once, as it was typed first; all that are none are told together."""
        typed = [part for part in re.split(r"[\s,;]+", self.cleaned_data["recipients"]) if part]
        addresses = _each_once(typed)
        wrong = [address for address in addresses if not _is_address(address)]
        if wrong:
            text = ngettext("This is not an e-mail address: %(addresses)s.", "These are not e-mail addresses: %(addresses)s.", len(wrong))
            raise ValidationError(text % {"addresses": ", ".join(wrong)})
        if len(addresses) > MOST_RECIPIENTS:
            raise ValidationError(gettext("Choose at most %(most)d addresses.") % {"most": MOST_RECIPIENTS})
        return addresses

    def values(self) -> ScheduleValues:
        sent = self.cleaned_data
        return ScheduleValues(
            rhythm=Rhythm(sent["frequency"], sent["weekday"] or 0, sent["day"] or 1),
            recipients=sent["recipients"],
            message=sent["message"].strip(),
            metrics=tuple(each for each in Measure if each.value in sent.get("metrics", ())),
            style=Style(sent.get("style", Style.STANDARD)),
            language=sent["language"],
        )


def _each_once(typed: list[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for address in typed:
        kept.setdefault(address.casefold(), address)
    return tuple(kept.values())


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def fresh(choice: MailChoice | None, language: str) -> dict[str, Any]:
    """What a new one begins with: as the report is shown, every Monday."""
    shown = {"metrics": [each.value for each in choice.usual], "style": choice.style.value} if choice else {}
    return {"frequency": WEEKLY, "weekday": 0, "day": 1, "language": language, **shown}


def of(view: ScheduleView) -> dict[str, Any]:
    return {
        "recipients": ", ".join(view.recipients),
        "message": view.message,
        "frequency": view.rhythm.frequency,
        "weekday": view.rhythm.weekday,
        "day": view.rhythm.day,
        "metrics": [metric.value for metric in view.metrics],
        "style": view.style.value,
        "language": view.language,
    }
