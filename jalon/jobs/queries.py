"""What pages and commands read of the background jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class JobView:
    """A background job as it stands."""

    id: int
    kind: str
    label: str
    state: str  # queued, running, done, failed, cancelled
    done: int
    total: int
    message: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    remaining_seconds: int | None
