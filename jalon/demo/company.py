"""The invented company of the demo: Cabrelle, a maker of mountain equipment in Lyon that sells to shops, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

NAME = "Cabrelle"
DOMAIN = "cabrelle.example"
ZONE = ZoneInfo("Europe/Paris")
LANGUAGE = "fr"
CURRENCY = "EUR"
PASSWORD = "sentier-du-belvedere"  # noqa: S105  # of every person of the demo: it is shown on the sign-in page

MARKETING, SALES, SUPPORT = "Marketing", "Commerce", "Service client"
TEAMS = (MARKETING, SALES, SUPPORT)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the company: `key` is what tests call them, `role` is a preset of the permission sets, or super_admin.

    `reach` narrows whose records they see and edit: "own", "team", or "" for what the preset says.
    """

    key: str
    name: str
    team: str
    role: str
    reach: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


# The first five are the cast of the tests: each sees something else.
CAST = (
    Member("alice", "Alice Moreau", MARKETING, "super_admin"),
    Member("bruno", "Bruno Lefèvre", MARKETING, "marketing"),
    Member("chloe", "Chloé Garnier", SALES, "sales", "own"),
    Member("david", "David Roussel", MARKETING, "reader"),
    Member("emilie", "Émilie Faure", SUPPORT, "service", "team"),
    Member("farid", "Farid Benali", SALES, "sales"),
    Member("gaelle", "Gaëlle Morvan", SALES, "sales"),
    Member("hugo", "Hugo Perrin", SALES, "sales"),
    Member("ines", "Inès Carpentier", SALES, "sales", "team"),
    Member("julien", "Julien Masson", SUPPORT, "service"),
    Member("karine", "Karine Petit", SUPPORT, "service"),
    Member("louis", "Louis Chevalier", MARKETING, "marketing"),
)
MEMBERS = {member.key: member for member in CAST}
REPS = ("chloe", "farid", "gaelle", "hugo")
AGENTS = ("emilie", "julien", "karine")
