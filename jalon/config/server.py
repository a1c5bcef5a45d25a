"""`jalon serve`: pages, beat, background jobs and the command socket in one process; `jalon worker`: the middle two."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from jalon.config import opening
from jalon.config.environment import Environment, read
from jalon.config.home import StartProblem, held
from jalon.warehouse.words import N_

log = structlog.get_logger("jalon")


def serve(host: str, port: int, *, open_page: bool) -> None:
    """Serves until SIGTERM or SIGINT, and closes everything."""
    environment = read()
    with held(environment), _listening(host, port) as listener, opening.engines(environment):
        from jalon.config.static_files import collect

        collect()
        from jalon.config.web import Web

        web = Web(listener)
        with _stopping_by_signal(web.stop), _working(), _receiving(environment):
            address = f"http://{_shown(host)}:{listener.getsockname()[1]}"
            log.info("Jalon is ready", address=address, home=str(environment.home))
            if open_page:
                _open(address)
            web.run()
        log.info("Jalon ends")
    _leave()


def work() -> None:
    """Only the beat and the background jobs, until SIGTERM or SIGINT."""
    environment = read()
    if environment.embedded_warehouse:
        raise StartProblem(
            N_(
                "`jalon worker` runs beside other processes, and the embedded columns belong to one: "
                "set WAREHOUSE_URL to a ClickHouse, or run `jalon serve`, which does the work of a worker itself."
            )
        )
    stopped = threading.Event()
    with held(environment), opening.engines(environment), _stopping_by_signal(stopped.set), _working():
        log.info("The worker is ready", home=str(environment.home))
        stopped.wait()
    _leave()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The port, taken before any engine is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise _why_not(host, port, error) from error
    with listener:
        yield listener


def _why_not(host: str, port: int, error: OSError) -> StartProblem:
    if error.errno == errno.EADDRINUSE:
        taken = N_("Port %(port)s is taken by another program: choose another one, for example `jalon serve --port %(next)s`.")
        return StartProblem(taken, port=port, next=port + 1)
    if error.errno == errno.EACCES:
        return StartProblem(N_("This user may not listen on port %(port)s: choose one above 1023 with --port."), port=port)
    elsewhere = N_("Jalon cannot listen on %(host)s:%(port)s (%(why)s): choose an address of this machine with --host.")
    return StartProblem(elsewhere, host=host, port=port, why=error.strerror or error)


@contextmanager
def _stopping_by_signal(stop: Callable[[], None]) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _working() -> Iterator[None]:
    """The beat and the worker live beside the pages; both are asked to end before either is waited for."""
    from jalon.jobs import beat, health
    from jalon.jobs.worker import Worker

    heart = beat.Beat()
    health.watch(heart)
    parts = (heart, Worker())
    for part in parts:
        part.start()
    try:
        yield
    finally:
        for part in parts:
            part.ask_to_stop()
        for part in parts:
            if not part.stop():
                log.warning("a slice of work is cut off; it is done again at the next start", part=type(part).__name__)


@contextmanager
def _receiving(environment: Environment) -> Iterator[None]:
    from jalon.config.reception import Reception
    from jalon.config.served import do

    reception = Reception(environment.command_socket, do)
    reception.start()
    try:
        yield
    finally:
        reception.stop()


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host


def _open(address: str) -> None:
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _leave() -> None:
    """Everything is closed; a thread that still waits for somebody must not keep the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
