"""The engine of this process: opened once at start, found by everyone who asks the columns."""

from __future__ import annotations

from jalon.warehouse.engine import Engine, NotInstalled

_current: Engine | None = None


def install(engine: Engine) -> None:
    """Make `engine` the one of this process. The one before, if any, is closed."""
    global _current
    if _current is not None and _current is not engine:
        _current.close()
    _current = engine


def engine() -> Engine:
    """The engine of this process. Raises NotInstalled when none was opened."""
    if _current is None:
        raise NotInstalled()
    return _current


def close() -> None:
    """Close the engine of this process, if there is one."""
    global _current
    if _current is not None:
        _current.close()
        _current = None
