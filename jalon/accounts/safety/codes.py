"""Codes that an app on a phone makes from a shared secret and the clock (TOTP, RFC 6238), and codes for its loss. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
TOLERANCE = 1  # steps to either side: clocks differ
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, typed: str, seconds: float, after: int = 0) -> int | None:
    """The step whose code was typed; None for a wrong one, and for one that is not after the last step taken."""
    code = "".join(typed.split())
    now = int(seconds) // STEP
    steps = [step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())), None)


def address(secret: str, *, issuer: str, person: str) -> str:
    """What stands in the QR code."""
    return f"otpauth://totp/{quote(f'{issuer}:{person}')}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as people type it off."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Eight letters each: 40 bits, behind a limit of attempts."""
    return [f"{_letters(4)}-{_letters(4)}" for _ in range(RECOVERY_CODES)]


def hash_of_recovery_code(typed: str, user_id: int) -> str:
    """Slow on purpose: somebody with a copy of the database could try 40 bits of a quick hash in an hour."""
    letters = "".join(typed.lower().replace("-", " ").split())
    return hashlib.scrypt(letters.encode(), salt=f"jalon.recovery.{user_id}".encode(), n=2**12, r=8, p=1, dklen=32).hex()


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
