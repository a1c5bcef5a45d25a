"""The pieces of an upload, as the browser sends them."""

from __future__ import annotations

import errno

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.imports.sheets import DISK_FULL
from jalon.imports.uploads import actions
from jalon.warehouse.words import N_
from jalon.web.numbers import whole

BLOCK = 256 * 1024
FULL, LARGE, BAD = 507, 413, 400
TOO_LARGE = N_("This file has more than 2 GB. Please cut it into several files and upload them together.")


@needs("import")
@require_POST
def piece(request: HttpRequest) -> HttpResponse:
    """One piece, behind `offset` bytes that are there; the first one names no token and is given one."""
    token = request.GET.get("token", "") or actions.begin()
    offset = whole(request.GET.get("offset", "0"))
    path = actions.place(access_of_request(request).actor.user_id or 0, token)
    if path is None or offset is None:
        return JsonResponse({}, status=BAD)
    try:
        size = actions.append(path, offset, iter(lambda: request.read(BLOCK), b""))
    except actions.TooLarge:
        return JsonResponse({"problem": gettext(TOO_LARGE)}, status=LARGE)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return JsonResponse({"problem": gettext(DISK_FULL)}, status=FULL)
    return JsonResponse({"token": token, "size": size})
