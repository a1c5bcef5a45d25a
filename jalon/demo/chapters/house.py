"""What an administrator has set up: a program that calls, and somebody who is invited."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jalon.accounts import queries as accounts
from jalon.accounts.actions import Grant
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.tokens import actions as tokens
from jalon.demo.company import DOMAIN, SALES
from jalon.demo.parts import Scene

GUEST = f"margaux@{DOMAIN}"


def fill(scene: Scene) -> None:
    with transaction.atomic():
        access = accounts.access_of(scene.users["alice"])
        tokens.create(access, "Boutique en ligne", permissions=("records.view", "records.edit"), scopes={}, expires_at=None)
        invitations.invite(GUEST, grant=Grant.of("sales", SALES), actor=scene.actor("alice"), now=timezone.now())
        scene.note(1, 1)
