"""What people put on their Home."""

from __future__ import annotations

from jalon.dashboards.models import Pin


def pin(report_id: int, user_id: int, *, wanted: bool) -> None:
    """Has a report stand on somebody's Home, after those that stand there already; or no longer."""
    if wanted:
        Pin.objects.get_or_create(user_id=user_id, report_id=report_id)
    else:
        Pin.objects.filter(user_id=user_id, report_id=report_id).delete()
