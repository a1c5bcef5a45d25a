"""Settings, Users: who there is, what they may do, invitations by link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import actions, permissions, queries
from jalon.accounts.access import access_of_request, needs
from jalon.accounts.forms import InviteForm, RightsForm, UserForm
from jalon.accounts.models import User
from jalon.web.pages import render


@needs("users")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    labels = {role.name: gettext(role.label) for role in permissions.ROLES}
    context = {"users": queries.user_lines(), "invitations": queries.open_invitations(timezone.now()), "roles": labels}
    return render(request, "accounts/users.html", context)


@needs("users")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Makes the link and shows it once, to be copied."""
    access = access_of_request(request)
    form = InviteForm(request.POST or None, initial=RightsForm.of_role(request.GET.get("role", "marketing")))
    if form.is_valid():
        try:
            grant = form.grant()
            actions.require_grant(access, roles=[grant.role], given=grant.permissions)
            token = actions.invite(form.cleaned_data["email"], grant=grant, actor=access.actor)
        except actions.Refused as refused:
            form.add_error("email", str(refused))
        else:
            return _link(request, token, form.cleaned_data["email"], renews=False)
    return render(request, "accounts/invite.html", {"form": form, **_rights()}, status=_status(request))


@needs("users")
@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    access = access_of_request(request)
    person = get_object_or_404(User.objects.select_related("team"), pk=user_id)
    form = UserForm(request.POST or None, initial={"name": person.name, **RightsForm.of(person)})
    if form.is_valid():
        try:
            grant = form.grant()
            actions.require_grant(access, roles=[person.role, grant.role], given=set(grant.permissions) - set(person.permissions))
            actions.change_user(user_id, name=form.cleaned_data["name"], grant=grant, actor=access.actor)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            sentence = gettext("The rights of %(name)s are saved. They hold from now on.")
            messages.success(request, sentence % {"name": form.cleaned_data["name"]})
            return redirect("settings:users")
    return render(request, "accounts/user.html", {"form": form, "person": person, **_rights()}, status=_status(request))


@needs("users")
@require_POST
def activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Opens or closes the door for a user."""
    active = request.POST.get("active") == "yes"
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    try:
        actions.require_grant(access, roles=[person.role], given=person.permissions)
        actions.set_active(user_id, active, actor=access.actor)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        closed = gettext("%(name)s is deactivated. Their records and their name stay.")
        sentence = gettext("%(name)s can sign in again.") if active else closed
        messages.success(request, sentence % {"name": person})
    return redirect("settings:users")


@needs("users")
@require_POST
def renew_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A link with which a user sets a new password."""
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    try:
        actions.require_grant(access, roles=[person.role], given=person.permissions)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings:users")
    token = actions.renew_password_link(user_id, actor=access.actor)
    return _link(request, token, person.email, renews=True)


@needs("users")
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    actions.withdraw_invitation(invitation_id, actor=access_of_request(request).actor)
    messages.success(request, gettext("The invitation is withdrawn. Its link opens nothing any more."))
    return redirect("settings:users")


def _link(request: HttpRequest, token: str, email: str, *, renews: bool) -> HttpResponse:
    url = request.build_absolute_uri(reverse("invitation", args=(token,)))
    return render(request, "accounts/link.html", {"url": url, "email": email, "renews": renews, "days": actions.LINK_LIVES.days})


def _rights() -> dict[str, Any]:
    return {"roles": permissions.ROLES, "all_permissions": permissions.PERMISSIONS}


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
