"""What the pages of this folder ask, with the defaults that fit most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.accounts.models import User
from jalon.accounts.presets import PRESETS
from jalon.accounts.queries import AccountView
from jalon.accounts.rights.queries import sets, team_names
from jalon.accounts.rights.wording import first_sentence
from jalon.accounts.safety import passwords
from jalon.accounts.safety.passwords import Rule
from jalon.web.choices import currencies, months, weekdays, zones

EVERYTHING = "everything"
THEMES = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))


def _choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **more)


class PasswordMixin(forms.Form):
    """A password typed once and visible on demand: typing it twice only doubles the typos."""

    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    @property
    def rules(self) -> list[Rule]:
        """Told while one types, each for itself."""
        return passwords.rules("", User())


class AccountForm(forms.Form):
    """The account's settings."""

    name = forms.CharField(label=_("Account name"), max_length=120, help_text=_("Your company, as it stands at the top of the menu."))
    language = _choice(_("Language"), settings.LANGUAGES, help_text=_("Everybody may choose another one for themselves."))
    zone = _choice(_("Time zone"), zones, help_text=_("Days and weeks begin and end in this zone, in every report."))
    currency = _choice(_("Currency"), currencies)
    first_weekday = forms.TypedChoiceField(label=_("The week begins on"), choices=weekdays, coerce=int)
    fiscal_month: forms.TypedChoiceField | None = forms.TypedChoiceField(
        label=_("The fiscal year begins in"), choices=months, coerce=int, help_text=_("Filters may ask for a fiscal quarter or year.")
    )
    report_mail_zone: forms.ChoiceField | None = _choice(
        _("Zone of scheduled reports"),
        zones,
        help_text=_("Reports by e-mail leave at six in the morning in this zone, in summer and in winter."),
    )

    @classmethod
    def of(cls, account: AccountView) -> dict[str, Any]:
        """The values to start with."""
        return {name: getattr(account, name) for name in cls.base_fields}

    def settings(self) -> AccountSettings:
        return AccountSettings(**{name: self.cleaned_data[name] for name in AccountForm.base_fields if name in self.cleaned_data})

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("Choose a time zone of the list."))
        return zone


class SetUpForm(AccountForm, PasswordMixin):
    """The first-run page: the account, its stages, its first user."""

    fiscal_month = report_mail_zone = None  # can wait
    stage_preset = forms.ChoiceField(
        label=_("Lifecycle stages to start with"),
        choices=[(preset.name, _(preset.label)) for preset in PRESETS],
        widget=forms.RadioSelect,
        help_text=_("You can rename, add and remove stages in the settings."),
    )
    owner_name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    def owner(self) -> Owner:
        values = self.cleaned_data
        return Owner(values["owner_name"], values["email"], values["password"])


class AcceptForm(PasswordMixin):
    """The page behind an invitation's link."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password")


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = _choice(_("Language"), [("", _("As the account")), *settings.LANGUAGES], required=False)
    theme = _choice(_("Theme"), THEMES)


class PasswordForm(PasswordMixin):
    """A new password, after the present one was shown to be known."""

    current = forms.CharField(label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    field_order = ("current", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("New password")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the rights that somebody can be given: super admin, or a permission set with what it allows."""

    value: str
    label: str
    help: str
    chosen: bool


class RightsForm(forms.Form):
    """The permission set of a user or an invitation, and the main team."""

    rights = forms.ChoiceField(label=_("What they may do"), widget=forms.RadioSelect)
    main_team = forms.TypedChoiceField(
        label=_("Main team"), required=False, coerce=int, empty_value=None, help_text=_("Reports by team count them here.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = sets()
        self.all_teams = team_names()
        self._choose("rights", [(EVERYTHING, _("Super admin")), *((str(row.id), row.label) for row in self.sets)])
        self._choose("main_team", [("", _("No team")), *self.all_teams])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def choices(self) -> list[Choice]:
        """The rights as cards, each in a sentence."""
        chosen = str(self["rights"].value() or "")
        everything = Choice(
            EVERYTHING, gettext("Super admin"), gettext("May do everything, and gives others their rights."), chosen == EVERYTHING
        )
        told = [(row, row.description or first_sentence(row.permissions, row.scopes)) for row in self.sets]
        return [everything, *(Choice(str(row.id), row.label, text, chosen == str(row.id)) for row, text in told)]

    def grant(self) -> Grant:
        values = self.cleaned_data
        main, all_teams = values["main_team"], values.get("teams", [])
        teams = tuple(dict.fromkeys([*([main] if main else []), *all_teams]))
        everything = values["rights"] == EVERYTHING
        return Grant(None if everything else int(values["rights"]), everything, teams, main)


class UserForm(RightsForm):
    name = forms.CharField(label=_("Name"), max_length=150)
    teams = forms.TypedMultipleChoiceField(label=_("Further teams"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("teams", list(self.all_teams))

    @staticmethod
    def of(user: User, memberships: Sequence[tuple[int, bool]]) -> dict[str, Any]:
        return {
            "name": user.name,
            "rights": EVERYTHING if user.super_admin else str(user.permission_set_id or ""),
            "main_team": next((team for team, is_main in memberships if is_main), None),
            "teams": [team for team, is_main in memberships if not is_main],
        }


class InviteForm(RightsForm):
    emails = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One per line, or apart by commas. You get a link for each of them."),
    )


class LeavingForm(forms.Form):
    """Who gets what belongs to somebody who leaves."""

    KEEP, NOBODY = "keep", "nobody"

    heir = forms.ChoiceField(label=_("What becomes of all this?"))

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heir = self.fields["heir"]
        assert isinstance(heir, forms.ChoiceField)
        heir.choices = [
            (self.KEEP, _("It stays with this person")),
            (self.NOBODY, _("It belongs to nobody")),
            (_("It goes to a colleague"), colleagues),
        ]


DECIMAL = forms.TextInput(attrs={"inputmode": "decimal"})


class RateForm(forms.Form):
    """What a currency is worth from a day on."""

    code = _choice(_("Currency"), currencies)
    day = forms.DateField(label=_("From this day on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    rate = forms.DecimalField(label=_("One unit is worth"), max_digits=20, decimal_places=10, localize=True, widget=DECIMAL)

    def __init__(self, *args: Any, home: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [pair for pair in currencies() if pair[0] != home]


def start_of_set_up() -> dict[str, Any]:
    """Defaults that fit most: a French browser is probably in France."""
    account = AccountView()
    return {**AccountForm.of(account), "name": "", "language": get_language() or "en", "stage_preset": "sales"}
