"""What makes a good password: Django's checks, each told in words and for itself while one types."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from jalon.accounts.models import User
from jalon.warehouse.words import N_

_WORDS = {
    "MinimumLengthValidator": N_("At least 12 characters; a few words are easy to remember"),
    "CommonPasswordValidator": N_("None that many people use"),
    "UserAttributeSimilarityValidator": N_("Not like your name or your address"),
    "NumericPasswordValidator": N_("Not only digits"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words; `kept` is None as long as nothing was typed."""

    words: str
    kept: bool | None


def rules(password: str, person: User) -> list[Rule]:
    found = {type(validator).__name__: validator for validator in get_default_password_validators()}
    return [Rule(gettext(words), _kept(found[name], password, person) if password else None) for name, words in _WORDS.items()]


def _kept(validator: object, password: str, person: User) -> bool:
    try:
        validator.validate(password, person)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return True
