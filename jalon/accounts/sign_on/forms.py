"""Where people may sign in instead of here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jalon.accounts.rights.queries import sets
from jalon.accounts.sign_on.actions import Wish


class SignOnForm(forms.Form):
    issuer = forms.URLField(
        label=_("Issuer"), max_length=300, assume_scheme="https", help_text=_("The address of your identity provider, as it calls itself.")
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=300)
    client_secret = forms.CharField(
        label=_("Client secret"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, shown nowhere. Leave it empty to keep the present one."),
    )
    label = forms.CharField(label=_("Name on the button"), max_length=60, help_text=_("“Sign in with …”: the name that your people know."))
    new_user_set = forms.ChoiceField(
        label=_("Somebody who is not a user yet"),
        required=False,
        choices=lambda: [("", gettext("is sent away")), *((str(row.id), row.label) for row in sets())],
        help_text=_("Or becomes a user with these rights, when the issuer vouches for the e-mail address."),
    )
    only = forms.BooleanField(label=_("This is the only way in; super admins keep their passwords"), required=False)

    def __init__(self, *args: Any, keeps_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].required = not keeps_secret

    def wish(self) -> Wish:
        values = self.cleaned_data
        return Wish(
            issuer=values["issuer"].rstrip("/"),
            client_id=values["client_id"],
            client_secret=values["client_secret"],
            label=values["label"],
            new_user_set=int(values["new_user_set"]) if values["new_user_set"] else None,
            only=values["only"],
        )
