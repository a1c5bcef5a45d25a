from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "jalon.config"

    def ready(self) -> None:
        from jalon.config import wiring

        wiring.install()
