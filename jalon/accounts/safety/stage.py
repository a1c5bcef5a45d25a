"""The step between password and door, in allauth's words: a second factor, where somebody has one."""

from __future__ import annotations

import allauth.account.internal  # noqa: F401  # before its stages, which it imports itself
from allauth.account.stages import LoginStage
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from jalon.accounts.safety import queries

PASSKEY = "jalon_passkey"  # in the state of a sign-in that began with a passkey, which is two factors in one


class SecondFactorStage(LoginStage):  # type: ignore[misc]
    key = "second_factor"
    urlname = "second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or self.login.state.get(PASSKEY) or not queries.has_second_factor(user.pk):
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
