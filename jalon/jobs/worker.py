"""The worker: takes background jobs from the queue, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading

import structlog
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import DjangoApp, connector_params

from jalon.jobs import actions, runner

CONCURRENCY = 2  # jobs at a time; each has a thread and two connections
PATIENCE = 1.0  # seconds that running jobs get to reach their next report

log = structlog.get_logger("worker")


class Worker:
    """A procrastinate worker with its own event loop. Jobs end at their next report when it stops."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._live, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 1.5) -> bool:
        """Ends the jobs and the worker; False where a job does not let go in time."""
        self.ask_to_stop()
        self._thread.join(seconds)
        ended = not self._thread.is_alive()
        if ended:
            actions.stopping.clear()
        return ended

    def ask_to_stop(self) -> None:
        actions.stopping.set()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            while not actions.stopping.is_set():
                self._task = self._loop.create_task(self._work())
                try:
                    self._loop.run_until_complete(self._task)
                except asyncio.CancelledError:
                    break
                except Exception as error:
                    log.error("worker lost its connection", error=str(error))
                    actions.stopping.wait(1.0)
        finally:
            self._loop.close()

    async def _work(self) -> None:
        app = _app()
        async with app.open_async():
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                delete_jobs="always",  # a job's row is its memory, the hand-over is not
                shutdown_graceful_timeout=PATIENCE,
            )


def _app() -> DjangoApp:
    """An app beside the one that pages defer with: theirs writes in their transaction, this one has connections of its own."""
    parameters = connector_params()
    app = DjangoApp(connector=PsycopgConnector(kwargs=parameters, min_size=1, max_size=3))
    app.add_tasks_from(runner.tasks, namespace="")
    return app
