"""What the pages of this folder ask, with the defaults that fit most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jalon.accounts.access import Scope
from jalon.accounts.actions import AccountSettings, Grant, Owner
from jalon.accounts.models import Rights
from jalon.accounts.permissions import PERMISSIONS, ROLES, SCOPES, VERBS, object_types
from jalon.accounts.presets import PRESETS
from jalon.accounts.queries import AccountView, teams
from jalon.web.choices import currencies, weekdays, zones

VERB_LABELS = {"view": _("See"), "edit": _("Edit"), "delete": _("Delete")}
THEMES = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))


def _choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **more)


class PasswordMixin(forms.Form):
    """A password typed once and visible on demand: typing it twice only doubles the typos."""

    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[:2])


class AccountForm(forms.Form):
    """The account's settings."""

    name = forms.CharField(label=_("Account name"), max_length=120, help_text=_("Your company, as it stands at the top of the menu."))
    language = _choice(_("Language"), settings.LANGUAGES, help_text=_("Everybody may choose another one for themselves."))
    zone = _choice(_("Time zone"), zones, help_text=_("Days and weeks begin and end in this zone, in every report."))
    currency = _choice(_("Currency"), currencies)
    first_weekday = forms.TypedChoiceField(label=_("The week begins on"), choices=weekdays, coerce=int)

    @classmethod
    def of(cls, account: AccountView) -> dict[str, Any]:
        """The values to start with."""
        return {name: getattr(account, name) for name in cls.base_fields}

    def settings(self) -> AccountSettings:
        return AccountSettings(**{name: self.cleaned_data[name] for name in AccountForm.base_fields})

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("Choose a time zone of the list."))
        return zone


class SetUpForm(AccountForm, PasswordMixin):
    """The first-run page: the account, its stages, its first user."""

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
class ScopeLine:
    """A line of the scopes: an object type, then one field per verb."""

    label: str
    cells: list[forms.BoundField]


class RightsForm(forms.Form):
    """Role, permissions and scopes of a user or an invitation. The role fills in the rest; each line can be changed."""

    role = forms.ChoiceField(label=_("Role"), choices=[(row.name, _(row.label)) for row in ROLES], widget=forms.RadioSelect)
    team = forms.CharField(
        label=_("Team"), max_length=120, required=False, help_text=_("People of one team can be given each other’s records.")
    )
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=[(row.name, _(row.label)) for row in PERMISSIONS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sees_unassigned = forms.BooleanField(label=_("Sees records without an owner too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].widget.attrs["list"] = "teams"
        for name, _label in scope_rows():
            for verb in VERBS:
                self.fields[f"{name}.{verb}"] = forms.ChoiceField(
                    label=VERB_LABELS[verb], choices=_scopes(own_line=name == "*"), required=name == "*"
                )

    @property
    def team_names(self) -> list[str]:
        return teams()

    def grid(self) -> list[ScopeLine]:
        """The scopes as lines of the page's table."""
        return [ScopeLine(label, [self[f"{name}.{verb}"] for verb in VERBS]) for name, label in scope_rows()]

    def grant(self) -> Grant:
        values = self.cleaned_data
        keys = [f"{name}.{verb}" for name, _label in scope_rows() for verb in VERBS]
        scopes = {key: Scope(values[key]) for key in keys if values[key]}
        return Grant(values["role"], tuple(values["permissions"]), scopes, values["sees_unassigned"], values["team"])

    @staticmethod
    def of(rights: Rights) -> dict[str, Any]:
        return {
            "role": rights.role,
            "team": rights.team.name if rights.team else "",
            "permissions": rights.permissions,
            "sees_unassigned": rights.sees_unassigned,
            **rights.scopes,
        }

    @staticmethod
    def of_role(name: str) -> dict[str, Any]:
        grant = Grant.of(name)
        return {"role": name, "permissions": grant.permissions, "sees_unassigned": True, **grant.scopes}


class UserForm(RightsForm):
    name = forms.CharField(label=_("Name"), max_length=150)


class InviteForm(RightsForm):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("They sign in with it. You will get a link to send them."))


def scope_rows() -> list[tuple[str, str]]:
    """The lines of the scopes: every record, then each object type that may differ."""
    return [("*", str(_("All records"))), *object_types()]


def _scopes(*, own_line: bool) -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = [(scope.value, _(label)) for scope, label in SCOPES]
    return choices if own_line else [("", _("As all records")), *choices]


def start_of_set_up() -> dict[str, Any]:
    """Defaults that fit most: a French browser is probably in France."""
    account = AccountView()
    return {**AccountForm.of(account), "name": "", "language": get_language() or "en", "stage_preset": "sales"}
