"""WebAuthn, spoken by the fido2 library. It is imported when somebody uses a passkey: it weighs 20 MB."""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext

from jalon.accounts.models import Passkey, User

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

State = dict[str, Any]  # what a ceremony must remember between its two halves; it lies in the session


class NotPossible(Exception):
    """The browser's answer does not hold; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that a device has made for us."""

    credential_id: str
    credential: bytes
    sign_count: int


def why_not(request: HttpRequest) -> str:
    """Browsers use passkeys over https, or on this very machine, and only under a name. A sentence where they would not."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if _is_number(host):
        sentence = gettext("Passkeys need an address with a name. Open Jalon as https://… with a host name, or on this machine as %(url)s.")
        port = request.get_port()
        return sentence % {"url": f"http://localhost:{port}/"}
    if not request.is_secure() and host != "localhost" and not host.endswith(".localhost"):
        return gettext("Passkeys need https. Ask your administrator to put Jalon behind a web server with a certificate.")
    return ""


def begin_adding(request: HttpRequest, user: User, present: Sequence[Passkey]) -> tuple[dict[str, Any], State]:
    """What the browser is asked to make."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    entity = PublicKeyCredentialUserEntity(name=user.email, id=str(user.pk).encode(), display_name=user.name)
    options, state = _server(request).register_begin(
        entity,
        [_credential(key) for key in present],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options), dict(state)


def finish_adding(request: HttpRequest, state: State, answer: dict[str, Any]) -> NewKey:
    try:
        made = _server(request).register_complete(state, answer)
    except Exception as error:  # a forged answer breaks fido2 in many ways, all of which mean no
        raise NotPossible(gettext("The passkey could not be kept. Try again.")) from error
    data = made.credential_data
    if data is None:
        raise NotPossible(gettext("The passkey could not be kept. Try again."))
    return NewKey(_text(data.credential_id), bytes(data), made.counter)


def begin_asking(request: HttpRequest, keys: Sequence[Passkey]) -> tuple[dict[str, Any], State]:
    """What the browser is asked to sign; without keys, by any passkey that it has for us."""
    from fido2.webauthn import UserVerificationRequirement

    credentials = [_credential(key) for key in keys] or None
    options, state = _server(request).authenticate_begin(credentials, user_verification=UserVerificationRequirement.REQUIRED)
    return _plain(options), dict(state)


def finish_asking(request: HttpRequest, state: State, answer: dict[str, Any], key: Passkey) -> int:
    """The device's new count of signatures, once its signature was found to be that of the key."""
    from fido2.webauthn import AuthenticationResponse

    try:
        _server(request).authenticate_complete(state, [_credential(key)], answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except Exception as error:
        raise NotPossible(gettext("This passkey was not accepted. Try again, or use another way.")) from error


def id_in(answer: dict[str, Any]) -> str:
    """The key that an answer says it comes from."""
    raw = answer.get("rawId") or answer.get("id")
    return str(raw).rstrip("=")


def _server(request: HttpRequest) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host = request.get_host().partition(":")[0]
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(PublicKeyCredentialRpEntity(name="Jalon", id=host), verify_origin=lambda asked: asked == origin)


def _credential(key: Passkey) -> AttestedCredentialData:
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(bytes(key.credential))


def _plain(options: Any) -> dict[str, Any]:
    """The options as JSON has them, bytes as base64url."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(options), default=_encode))
    return plain


def _encode(value: Any) -> Any:
    return _text(value) if isinstance(value, bytes) else dict(value)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
