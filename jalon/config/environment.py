"""What the self-hoster sets: environment variables, each with a default that works, read once. No Django, no side effects."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SOCKET_NAME = ".s.PGSQL.5432"
# A thread takes a connection for as long as its request lasts: few are needed, and each costs PostgreSQL a process of 5 MB.
POOL = {"min_size": 0, "max_size": 20, "max_idle": 30, "timeout": 15, "num_workers": 1}
YES = {"1", "true", "yes"}
LONGEST_SOCKET_PATH = 103  # 104 bytes on macOS, 108 on Linux, the closing zero included


@dataclass(frozen=True, slots=True)
class Environment:
    """The deployment, as the environment variables describe it (docs/install.md names each)."""

    home: Path
    database_url: str
    warehouse_url: str
    secret_key: str
    url: str
    debug: bool
    nightly_backups: int = 0  # how many to keep; 0 makes none
    patience_ms: int = 500  # how long a page waits for the columns to have what its person just wrote
    mail_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_label: str = ""
    oidc_new_user_set: str = ""
    oidc_only: bool = False

    @property
    def embedded_database(self) -> bool:
        return not self.database_url

    @property
    def embedded_warehouse(self) -> bool:
        return not self.warehouse_url

    @property
    def database_folder(self) -> Path:
        """The one folder that the embedded PostgreSQL owns."""
        return self.home / "pg"

    @property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse" / "columns.duckdb"

    @property
    def command_socket(self) -> Path:
        """Where a running server takes commands; a short path in the temporary folder where the home's is too long."""
        return _short(self.home, "jalon.sock")

    @property
    def database_socket_folder(self) -> Path:
        """The folder of the embedded PostgreSQL's socket, found by every process of this home without asking."""
        return _short(self.database_folder, SOCKET_NAME).parent


def _short(folder: Path, name: str) -> Path:
    if len(os.fsencode(folder / name)) <= LONGEST_SOCKET_PATH:
        return folder / name
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"jalon-{os.getuid()}-{digest}" / name


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    home = Path(variables.get("JALON_HOME") or Path.home() / ".jalon").expanduser().absolute()
    return Environment(
        home=home,
        database_url=variables.get("DATABASE_URL", ""),
        warehouse_url=variables.get("WAREHOUSE_URL", ""),
        secret_key=variables.get("SECRET_KEY") or _kept_secret(home / "secret"),
        url=variables.get("JALON_URL", "").rstrip("/"),
        nightly_backups=_whole(variables.get("JALON_NIGHTLY_BACKUPS", "")),
        patience_ms=int(variables.get("JALON_PATIENCE_MS") or 500),
        debug=variables.get("JALON_DEBUG", "") in YES,
        mail_url=variables.get("MAIL_URL", ""),
        mail_from=variables.get("MAIL_FROM", ""),
        oidc_issuer=variables.get("OIDC_ISSUER", "").rstrip("/"),
        oidc_client_id=variables.get("OIDC_CLIENT_ID", ""),
        oidc_client_secret=variables.get("OIDC_CLIENT_SECRET", ""),
        oidc_label=variables.get("OIDC_LABEL", "") or "OpenID Connect",
        oidc_new_user_set=variables.get("OIDC_NEW_USER_SET", ""),
        oidc_only=variables.get("OIDC_ONLY", "") in YES,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _kept_secret(file: Path) -> str:
    """The key that `opening` keeps in the home; a throw-away one for tools that only look at the code."""
    try:
        return file.read_text().strip()
    except OSError:
        return secrets.token_urlsafe(48)


def database(environment: Environment) -> dict[str, object]:
    """Django's description of the database, the embedded one or that of DATABASE_URL."""
    if environment.embedded_database:
        return {"NAME": "jalon", "USER": "postgres", "HOST": str(environment.database_socket_folder), "OPTIONS": {"pool": POOL}}
    parts = urlsplit(environment.database_url)
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "jalon",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {**query, "pool": POOL},
    }


MAIL_PORTS = {"smtp": 587, "smtps": 465}
MAIL_TIMEOUT = 20  # seconds


class BadMailAddress(ValueError):
    """MAIL_URL does not say how to reach a mail server; the message is a sentence."""


def mail(environment: Environment) -> dict[str, object]:
    """Django's description of the mail server: smtp://user:password@host:587?tls=starttls, or smtps:// for TLS from the start."""
    parts = urlsplit(environment.mail_url)
    tls = dict(parse_qsl(parts.query)).get("tls") or {"smtp": "starttls", "smtps": "ssl"}.get(parts.scheme, "")
    if parts.scheme not in MAIL_PORTS or not parts.hostname or tls not in {"starttls", "ssl", "none"}:
        raise BadMailAddress("MAIL_URL must read smtp://user:password@host:587?tls=starttls (or tls=ssl, or tls=none).")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
        "EMAIL_TIMEOUT": MAIL_TIMEOUT,
    }


def mail_sender(environment: Environment) -> str:
    """The address in From: MAIL_FROM, or one at the public address."""
    return environment.mail_from or f"Jalon <jalon@{urlsplit(environment.url).hostname or 'localhost'}>"
