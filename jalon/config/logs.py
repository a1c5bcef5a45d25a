"""Structured logs on stderr: readable lines at a terminal, one JSON object a line everywhere else."""

from __future__ import annotations

import logging
import sys

import structlog

QUIET = {"uvicorn": "WARNING", "procrastinate": "WARNING", "django.request": "ERROR", "psycopg": "WARNING", "asyncio": "WARNING"}


def set_up(*, json: bool | None = None, level: str = "INFO") -> None:
    """Sends structlog and the standard library's logging through the same lines."""
    if json is None:
        json = not sys.stderr.isatty()
    stamps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *stamps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=stamps, processors=_form(json)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def _form(json: bool) -> list[structlog.typing.Processor]:
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if json:
        return [meta, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    return [meta, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
