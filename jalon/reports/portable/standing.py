"""Where a report lies and who sees it, as its file says it: folders, users and teams by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jalon.accounts.models import Team, User
from jalon.criteria.problems import Problem
from jalon.folders import queries as folders
from jalon.reports.models import Report, Share
from jalon.reports.sharing.queries import ShareView
from jalon.warehouse.words import N_

SHELF: Final = "reports"
SEE, EDIT = "see", "edit"
PARTS: Final = ("with", "everybody_edits", "users", "teams")


@dataclass(frozen=True, slots=True)
class Seen:
    """Who sees a report, and who of them may edit it."""

    sharing: Report.Sharing
    everybody_edits: bool
    shares: frozenset[ShareView]


def folder_of(row: Report) -> tuple[str, ...]:
    """The names of the folders that it lies in, the outermost first."""
    return tuple(step.name for step in folders.trail(row.folder_id, folders.folders(SHELF)))


def seen_of(row: Report) -> Seen:
    shares = Share.objects.filter(report_id=row.pk).values_list("user_id", "team_id", "edits")
    return Seen(Report.Sharing(row.sharing), row.everybody_edits, frozenset(ShareView(*share) for share in shares))


def outward(row: Report) -> dict[str, Any]:
    """Who sees it, by addresses and the names of teams."""
    shares = Share.objects.filter(report_id=row.pk).select_related("user", "team")
    users = {share.user.email: EDIT if share.edits else SEE for share in shares if share.user}
    teams = {share.team.name: EDIT if share.edits else SEE for share in shares if share.team}
    told = {"with": row.sharing, "everybody_edits": row.everybody_edits, "users": _sorted(users), "teams": _sorted(teams)}
    return {name: told[name] for name in PARTS if told[name]}


def _sorted(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items()))


def read(raw: Mapping[str, Any], problems: list[Problem]) -> Seen | None:
    """Who is to see it, with everything that is wrong among the `problems`."""
    known = len(problems)
    problems += _shape(raw)
    if len(problems) > known:
        return None
    users = _found(raw.get("users", {}), _users, N_("There is no user “%(name)s”."), problems)
    teams = _found(raw.get("teams", {}), _teams, N_("There is no team “%(name)s”."), problems)
    shares = [ShareView(id, None, edits) for id, edits in users] + [ShareView(None, id, edits) for id, edits in teams]
    return Seen(Report.Sharing(raw["with"]), raw.get("everybody_edits", False), frozenset(shares))


def _shape(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if unknown := [str(name) for name in raw if name not in PARTS]:
        yield Problem(N_("“%(names)s” means nothing here."), {"names": ", ".join(unknown)})
    if raw.get("with") not in Report.Sharing.values:
        message = N_("“%(value)s” is not a possible value of “%(option)s”. Choose one of: %(known)s.")
        yield Problem(message, {"value": str(raw.get("with")), "option": "with", "known": ", ".join(Report.Sharing.values)})
    wrong = [] if isinstance(raw.get("everybody_edits", False), bool) else ["everybody_edits"]
    wrong += [part for part in ("users", "teams") if not _are_levels(raw.get(part, {}))]
    if wrong:
        yield Problem(N_("“%(names)s” is not written as in the file of a report."), {"names": ", ".join(wrong)})


def _are_levels(told: Any) -> bool:
    return isinstance(told, Mapping) and all(level in (SEE, EDIT) for level in told.values())


def _found(told: Mapping[str, str], known: Any, missing: str, problems: list[Problem]) -> Iterable[tuple[int, bool]]:
    by_name = {name.casefold(): id for name, id in known(told)}
    problems += [Problem(missing, {"name": name}) for name in told if name.casefold() not in by_name]
    return [(by_name[name.casefold()], level == EDIT) for name, level in told.items() if name.casefold() in by_name]


def _users(told: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    return User.objects.filter(email__in=[address.lower() for address in told]).values_list("email", "pk")


def _teams(told: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    return Team.objects.values_list("name", "pk")
