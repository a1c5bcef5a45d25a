"""The background job that puts very many records into a list, or takes them out."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from jalon.accounts.access import EVERYTHING
from jalon.accounts.queries import access_of
from jalon.jobs.actions import JobFailed, report
from jalon.jobs.queries import JobView
from jalon.lists import queries
from jalon.lists.actions import ListError
from jalon.lists.hands import actions
from jalon.records import queries as records
from jalon.records import selection


def run(job: JobView) -> dict[str, Any]:
    """Under the rights that the asking person has now."""
    access = access_of(job.user_id) if job.user_id else EVERYTHING
    view = queries.one(access, job.arguments["list_id"])
    if view is None or view.catalog is None:
        raise JobFailed(gettext("This list is not there any more."))
    parameters = QueryDict(mutable=True)
    parameters.update({name: str(job.arguments[name]) for name in ("all", "ids", "criteria", "q") if name in job.arguments})
    chosen = selection.read(parameters, records.catalog(view.object_type))
    ids = selection.resolve(access, chosen) if chosen else []
    try:
        done = actions.go_through(view, ids, access, lambda done, total: report(job.id, done, total), add=job.arguments["add"])
    except ListError as refused:
        raise JobFailed(str(refused)) from refused
    if job.user_id:
        actions.tell(view, job.user_id, done, add=job.arguments["add"])
    return {"list_id": view.id, "asked": done}
