"""OpenID Connect, the code flow with PKCE: one address to send the browser to, one answer to check. No Django models.

Signatures are checked by PyJWT with the issuer's published keys; the library comes in when somebody signs in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext

PATIENCE = 10  # seconds
LARGEST_ANSWER = 1_000_000  # bytes
CLOCKS_DIFFER = 60  # seconds
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")  # never "none", never HMAC


class Failed(Exception):
    """The issuer cannot be used, or its answer does not hold; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """What an issuer publishes about itself."""

    name: str
    authorize: str
    token: str
    keys: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the issuer says somebody is."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


def discover(issuer: str) -> Issuer:
    """Asks the issuer for its addresses; over https, except on this machine."""
    if urlsplit(issuer).scheme != "https" and urlsplit(issuer).hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise Failed(gettext("The issuer’s address must begin with https://"))
    found = _ask(urllib.request.Request(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    try:
        published = Issuer(found["issuer"], found["authorization_endpoint"], found["token_endpoint"], found["jwks_uri"])
    except KeyError as error:
        raise Failed(gettext("%(issuer)s does not describe itself as OpenID Connect asks.") % {"issuer": issuer}) from error
    if any(urlsplit(url).scheme not in {"https", "http"} for url in (published.authorize, published.token, published.keys)):
        raise Failed(gettext("%(issuer)s does not describe itself as OpenID Connect asks.") % {"issuer": issuer})
    if published.name.rstrip("/") != issuer.rstrip("/"):
        raise Failed(gettext("%(issuer)s says that it is %(other)s. Use that address.") % {"issuer": issuer, "other": published.name})
    return published


def begin(issuer: Issuer, client_id: str, back: str) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what its session must remember until it is back."""
    kept = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": _challenge(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    return f"{issuer.authorize}{'&' if '?' in issuer.authorize else '?'}{urlencode(asked)}", kept


def finish(issuer: Issuer, client_id: str, secret: str, back: str, *, kept: Mapping[str, str], answer: Mapping[str, str]) -> Identity:
    """Checks the browser's answer and changes its code for the identity."""
    if not kept or not hmac.compare_digest(answer.get("state", ""), kept.get("state", "")):
        raise Failed(gettext("The sign-in took too long or began in another window. Start again."))
    if "code" not in answer:
        raise Failed(
            gettext("The issuer did not let you in: %(reason)s") % {"reason": answer.get("error_description") or answer.get("error", "?")}
        )
    wanted = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back, "code_verifier": kept["verifier"]}
    basic = base64.b64encode(f"{_quoted(client_id)}:{_quoted(secret)}".encode()).decode()
    request = urllib.request.Request(
        issuer.token, urlencode(wanted).encode(), {"Authorization": f"Basic {basic}", "Accept": "application/json"}
    )
    return _identity(issuer, client_id, kept["nonce"], str(_ask(request).get("id_token", "")))


def _identity(issuer: Issuer, client_id: str, nonce: str, token: str) -> Identity:
    import jwt

    try:
        key = jwt.PyJWKClient(issuer.keys, timeout=PATIENCE).get_signing_key_from_jwt(token)
        claims = jwt.decode(
            token,
            key,
            algorithms=list(ASYMMETRIC),
            audience=client_id,
            issuer=issuer.name,
            leeway=CLOCKS_DIFFER,
            options={"require": ["exp", "iat", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise Failed(gettext("The issuer’s answer does not hold (%(reason)s). Tell your administrator.") % {"reason": error}) from error
    if not hmac.compare_digest(str(claims.get("nonce", "")), nonce) or claims.get("azp", client_id) != client_id:
        raise Failed(gettext("The sign-in took too long or began in another window. Start again."))
    email = str(claims.get("email", "")).strip().lower()
    return Identity(issuer.name, str(claims["sub"]), email, claims.get("email_verified") is True, str(claims.get("name", "")))


def _ask(request: urllib.request.Request) -> dict[str, Any]:
    """The JSON object that an address of the issuer answers."""
    host = urlsplit(request.full_url).hostname
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            found = json.loads(answer.read(LARGEST_ANSWER))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise Failed(
            gettext("%(host)s cannot be reached or does not answer as it should (%(reason)s).") % {"host": host, "reason": error}
        ) from error
    if not isinstance(found, dict):
        raise Failed(gettext("%(issuer)s does not describe itself as OpenID Connect asks.") % {"issuer": host})
    return cast(dict[str, Any], found)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _quoted(text: str) -> str:
    """As RFC 6749 wants the two halves of Basic."""
    return urlencode({"": text})[1:]
