"""Settings, Teams: people who are given each other's records."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts import queries as accounts
from jalon.accounts.access import Refused, access_of_request, needs
from jalon.accounts.rights import actions, queries
from jalon.accounts.rights.forms import TeamForm
from jalon.accounts.rights.queries import TeamView
from jalon.web.numbers import whole
from jalon.web.pages import render


@needs("users")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/teams.html", {"teams": queries.teams()})


@needs("users")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """A team without people, on whose page they are put in."""
    try:
        team = actions.create_team(request.POST.get("name", "")[:120], actor=access_of_request(request).actor)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings:teams")
    return redirect("settings:team", team.pk)


@needs("users")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, team_id: int) -> HttpResponse:
    view, access = _found(team_id), access_of_request(request)
    present = {member.user_id for member in view.members}
    people = [(one.id, one.in_pickers) for one in accounts.users() if one.active or one.id in present]
    form = TeamForm(request.POST or None, people=people, initial={"name": view.name, "members": sorted(present)})
    if form.is_valid():
        try:
            wanted = form.cleaned_data["members"]
            actions.require_own_teams_kept(access, present ^ set(wanted))
            actions.change_team(team_id, name=form.cleaned_data["name"], user_ids=wanted, actor=access.actor)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("The team is saved. What it shares holds from now on."))
            return redirect("settings:teams")
    context = {"form": form, "team": view, "chosen": {whole(str(id)) for id in form["members"].value() or ()}}
    return render(request, "accounts/team.html", context, status=422 if request.method == "POST" else 200)


@needs("users")
@require_POST
def delete(request: HttpRequest, team_id: int) -> HttpResponse:
    view, access = _found(team_id), access_of_request(request)
    try:
        actions.require_own_teams_kept(access, {member.user_id for member in view.members})
        actions.delete_team(team_id, actor=access.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("The team “%(name)s” is deleted. Its people stay.") % {"name": view.name})
    return redirect("settings:teams")


def _found(team_id: int) -> TeamView:
    view = queries.team(team_id)
    if view is None:
        raise Http404
    return view
