"""Settings, Users: who there is, what they may do, invitations by link, and what happens when somebody leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import actions, letters, queries
from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.forms import InviteForm, LeavingForm, UserForm
from jalon.accounts.invitations import actions as invitations
from jalon.accounts.models import Invitation, User
from jalon.accounts.pages import owned
from jalon.accounts.safety.queries import with_second_factor
from jalon.mail import transport
from jalon.web.numbers import whole
from jalon.web.pages import render


@needs("users")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    context = {
        "users": queries.user_lines(wanted),
        "invitations": queries.open_invitations(timezone.now()),
        "q": wanted,
        "with_second_factor": with_second_factor(),
    }
    return render(request, "accounts/users.html", context, part="users_rows")


@needs("users")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Makes the links and shows them once, to be copied."""
    access = access_of_request(request)
    form = InviteForm(request.POST or None, initial={"rights": request.GET.get("set", "")})
    if form.is_valid():
        try:
            grant = form.grant()
            actions.require_grant(access, grant)
            emails = invitations.addresses(form.cleaned_data["emails"])
            told = invitations.invite_all(emails, grant=grant, actor=access.actor)
        except actions.Refused as refused:
            form.add_error("emails", str(refused))
        else:
            links = [(one.email, _url(request, one.token)) for one in told if one.token]
            for one in told:
                if one.problem:
                    form.add_error("emails", one.problem)
            if links:
                return _links(request, links, problems=[one.problem for one in told if one.problem])
    return render(request, "accounts/invite.html", {"form": form}, status=_status(request))


@needs("users")
@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    form = UserForm(request.POST or None, initial=UserForm.of(person, queries.memberships(user_id)))
    if form.is_valid():
        try:
            actions.require_grant(access, form.grant(), over=person)
            actions.change_user(user_id, name=form.cleaned_data["name"], grant=form.grant(), actor=access.actor)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            sentence = gettext("The rights of %(name)s are saved. They hold from now on.")
            messages.success(request, sentence % {"name": form.cleaned_data["name"]})
            return redirect("settings:users")
    further = {whole(str(team)) for team in form["teams"].value() or ()}
    return render(request, "accounts/user.html", {"form": form, "person": person, "further": further}, status=_status(request))


@needs("users")
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, user_id: int) -> HttpResponse:
    """Closes the door for a user, after saying what belongs to them and asking who gets it."""
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id, is_active=True)
    colleagues = [(str(one.id), one.name) for one in queries.users() if one.active and one.id != user_id]
    form = LeavingForm(request.POST or None, colleagues=colleagues)
    if form.is_valid():
        try:
            _let_go(access, person, form.cleaned_data["heir"])
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("%(name)s is deactivated and signed out everywhere.") % {"name": person})
            return redirect("settings:users")
    context = {"form": form, "person": person, "owned": owned(user_id)}
    return render(request, "accounts/leaving.html", context, status=_status(request))


def _let_go(access: Access, person: User, heir: str) -> None:
    actions.require_power(access, person)
    actions.set_active(person.pk, False, actor=access.actor)
    if heir != LeavingForm.KEEP:
        actions.hand_over(person.pk, None if heir == LeavingForm.NOBODY else int(heir), actor=access.actor)


@needs("users")
@require_POST
def activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Opens the door again, with the rights they had."""
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    try:
        actions.require_power(access, person)
        actions.set_active(user_id, True, actor=access.actor)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("%(name)s can sign in again.") % {"name": person})
    return redirect("settings:users")


@needs("users")
@require_POST
def renew_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A link with which a user sets a new password."""
    access = access_of_request(request)
    person = get_object_or_404(User, pk=user_id)
    try:
        actions.require_power(access, person)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings:users")
    token = invitations.renew_password_link(user_id, actor=access.actor)
    return _links(request, [(person.email, _url(request, token))], renews=True)


@needs("users")
@require_POST
def invite_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new link in place of the one that was lost or has ended."""
    access = access_of_request(request)
    invitation = Invitation.objects.filter(pk=invitation_id, accepted_at=None, user=None).first()
    if invitation is None:
        raise Http404
    try:
        actions.require_power(access, invitation)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings:users")
    email, token = invitations.renew(invitation_id, actor=access.actor)
    return _links(request, [(email, _url(request, token))])


@needs("users")
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitations.withdraw(invitation_id, actor=access_of_request(request).actor)
    messages.success(request, gettext("The invitation is withdrawn. Its link opens nothing any more."))
    return redirect("settings:users")


def _url(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("invitation", args=(token,)))


def _links(request: HttpRequest, links: list[tuple[str, str]], *, renews: bool = False, problems: list[str] | None = None) -> HttpResponse:
    """Sends the links by mail, and shows them for those whom no mail reaches."""
    days = invitations.LINK_LIVES.days
    for email, url in links:
        if renews:
            letters.password_link(User.objects.get(email=email), url, days)
        else:
            letters.invitation(email, url, days, invited_by=access_of_request(request).actor.name)
    heading = ngettext("Send this link to %(email)s", "Send each of these people their link", len(links)) % {"email": links[0][0]}
    context = {"links": links, "heading": heading, "renews": renews, "days": days, "problems": problems or []}
    return render(request, "accounts/link.html", {**context, "mailed": not transport.in_files()})


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
