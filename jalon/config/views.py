"""The one page of the house itself."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from jalon.accounts.access import public
from jalon.config import health


@public
def healthy(request: HttpRequest) -> JsonResponse:
    """For a monitor: 200 when all is well, 503 and a sentence for each problem when not. Open to all, and says nothing private."""
    problems = health.problems()
    return JsonResponse({"status": "failing" if problems else "ok", "problems": problems}, status=503 if problems else 200)
