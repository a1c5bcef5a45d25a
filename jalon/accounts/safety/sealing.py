"""Secrets that we must be able to read again, closed with SECRET_KEY: a copy of the database alone opens nothing."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Unreadable(Exception):
    """It was sealed with another SECRET_KEY; the message is a sentence."""


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(gettext("This secret was kept with another SECRET_KEY and cannot be read. It has to be set up again.")) from error


def _box() -> Fernet:
    from cryptography.fernet import Fernet  # 15 MB, for those who have a second factor

    key = hashlib.sha256(b"jalon.sealing" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
