"""The words of the demo: names, places and shop names by country, read once from words.toml."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jalon.demo.chance import Chance, Weighted

LANDLINES = ("19900", "26191", "35301", "46571", "53649")  # blocks kept free for fiction by the French regulator
MOBILES = "63998"


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    zip: str
    country: str
    code: str  # fr, it, ...


@dataclass(frozen=True, slots=True)
class Country:
    """Names and places of one country, the frequent surnames first."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    places: Weighted[Place]


@dataclass(frozen=True, slots=True)
class Words:
    countries: dict[str, Country]
    mix: Weighted[str]
    shop_heads: tuple[str, ...]
    shop_tails: tuple[str, ...]


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.replace("_", " ") for word in text.split()))


def _shop_tails(text: str) -> tuple[str, ...]:
    """Tails of two words count as one: "& Fils"."""
    return _list(text.replace("& ", "&_"))


@lru_cache(maxsize=1)
def words() -> Words:
    raw = tomllib.loads((files("jalon.demo") / "words.toml").read_text(encoding="utf-8"))
    names = {code: str(name) for code, (name, _) in raw["countries"].items()}
    countries = {
        code: Country(
            _list(raw["women"][code]),
            _list(raw["men"][code]),
            _list(raw["surnames"][code]),
            Weighted({Place(city, zip_code, name, code): weight for city, zip_code, weight in raw["cities"][code]}),
        )
        for code, name in names.items()
    }
    mix = Weighted({code: share for code, (_, share) in raw["countries"].items()})
    return Words(countries, mix, _list(raw["shops"]["heads"]), _shop_tails(raw["shops"]["tails"]))


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """A name as it stands in an address: Le Goff -> le-goff, Émilie -> emilie."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


def landline(chance: Chance) -> str:
    return f"+33{chance.pick(LANDLINES)}{chance.below(10_000):04d}"


def mobile(chance: Chance) -> str:
    return f"+33{MOBILES}{chance.below(10_000):04d}"
