"""Who sees a report, and who of them may edit it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jalon.accounts.access import Denied, access_of_request, needs
from jalon.accounts.queries import users
from jalon.accounts.rights.queries import teams
from jalon.reports.queries import ReportView, Sharing, title_of
from jalon.reports.sharing import actions, queries
from jalon.reports.sharing.queries import ShareView
from jalon.reports.views.opened import Context, to_see
from jalon.warehouse.words import N_
from jalon.web.pages import leave_for, render
from jalon.web.toasts import say

SHARINGS = (
    (Sharing.EVERYBODY, "world", N_("Everybody"), N_("Whoever may see reports. Each person counts the contacts they may see.")),
    (Sharing.CHOSEN, "users", N_("Chosen people"), N_("The people and teams below, and its owner.")),
    (Sharing.PRIVATE, "lock", N_("Only its owner"), N_("Nobody else, besides super admins.")),
)
VIEW, EDIT = "view", "edit"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, or a team, that a report can be given to; `level` is "", "view" or "edit"."""

    field: str
    name: str
    detail: str
    level: str


@needs("reports.view")
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, report_id: int) -> HttpResponse:
    """The drawer with the link, and for its owner who sees it."""
    found, access = to_see(request, report_id), access_of_request(request)
    if request.method == "GET":
        return render(request, "reports/_share.html", _drawer(request, found))
    if not found.may_be_shared(access):
        raise Denied(gettext("Who sees this report is for its owner to say."))
    wanted = request.POST.get("sharing", "")
    sharing = Sharing(wanted) if wanted in Sharing.values else found.sharing
    chosen = tuple(_chosen(request, found))
    if sharing == Sharing.CHOSEN and not chosen:
        problem = gettext("Choose at least one person or one team, or keep the report to its owner.")
        return render(request, "reports/_share.html", _drawer(request, found, problems=(problem,)), status=422)
    actions.share(report_id, sharing, edits=bool(request.POST.get("edits")), chosen=chosen, actor=access.actor)
    say(request, gettext("Saved."))
    return leave_for(request, reverse("reports:report", args=[report_id]))


def _chosen(request: HttpRequest, found: ReportView) -> Iterator[ShareView]:
    """Whom the form gives the report to; its owner has it anyway."""
    levels = (VIEW, EDIT)
    for user in users():
        if (level := request.POST.get(f"user-{user.id}", "")) in levels and user.id != found.owner_id:
            yield ShareView(user.id, None, level == EDIT)
    for team in teams():
        if (level := request.POST.get(f"team-{team.id}", "")) in levels:
            yield ShareView(None, team.id, level == EDIT)


def _drawer(request: HttpRequest, found: ReportView, problems: Sequence[str] = ()) -> Context:
    given = list(_chosen(request, found)) if problems else queries.shares(found.id)
    return {
        "report": found,
        "title": title_of(found),
        "link": request.build_absolute_uri(reverse("reports:report", args=[found.id])),
        "may_share": found.may_be_shared(access_of_request(request)),
        "sharings": SHARINGS,
        "sharing": Sharing.CHOSEN if problems else found.sharing,
        "candidates": list(_candidates(found, given)),
        "levels": (("", gettext("Does not see it")), (VIEW, gettext("May see it")), (EDIT, gettext("May edit it"))),
        "problems": problems,
    }


def _candidates(found: ReportView, given: Sequence[ShareView]) -> Iterator[Candidate]:
    """Teams and people by name; somebody who was deactivated only where they have it, so that it can be taken back."""
    people = {one.user_id: EDIT if one.edits else VIEW for one in given if one.user_id is not None}
    groups = {one.team_id: EDIT if one.edits else VIEW for one in given if one.team_id is not None}
    for team in teams():
        yield Candidate(f"team-{team.id}", team.name, gettext("Team"), groups.get(team.id, ""))
    for user in users():
        if user.id != found.owner_id and (user.active or user.id in people):
            detail = user.email if user.active else gettext("deactivated")
            yield Candidate(f"user-{user.id}", user.name, detail, people.get(user.id, ""))
