"""A real SMTP server on loopback, which keeps what it is given and can be told to behave badly."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import override_settings

from jalon.config import environment


@dataclass(slots=True)
class MailServer:
    """What arrived, and how the next mail is answered: as a server answers, or by hanging up after having taken it."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    hangs_up: bool = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.hangs_up:
            server.transport.abort()
        return self.answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Jalon sends to this server until the block ends."""
    inbox = MailServer(_free_port())
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        with sending_to(inbox.port):
            yield inbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def sending_to(port: int, url: str = "") -> Iterator[None]:
    changed = environment.read(
        {"JALON_HOME": str(settings.ENVIRONMENT.home), "MAIL_URL": f"smtp://127.0.0.1:{port}?tls=none", "JALON_URL": url}
    )
    with override_settings(ENVIRONMENT=changed, **environment.mail(changed)):
        yield
