"""Contacts: buyers of shops and people who walk in the mountains, with their past. Pure."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from jalon.demo import funnel
from jalon.demo.chance import Chance, Weighted
from jalon.demo.company import REPS
from jalon.demo.rhythm import DAY, LEISURE, OFFICE, Rhythm, at_work, is_fair, moment, wire
from jalon.demo.shops import Shop
from jalon.demo.words import Country, Place, landline, mobile, slug, words

BUYERS = 0.46  # of the contacts work for a shop
PRIVATE_DOMAINS = Weighted({"boite-postale.example": 40, "courriel.example": 28, "messagerie.example": 20, "lamontagne.example": 12})

JOBS = Weighted(
    {
        "Acheteur": 22,
        "Gérant": 20,
        "Responsable de rayon": 16,
        "Directrice de magasin": 9,
        "Directeur de magasin": 9,
        "Chef de produit": 8,
        "Vendeur": 7,
        "Guide de haute montagne": 5,
        "Responsable location": 5,
        "Présidente": 3,
        None: 12,
    }
)
PERSONAS_OF_BUYERS: Weighted[str | None] = Weighted({"persona_1": 48, "persona_2": 24, "persona_3": 10, None: 18})
PERSONAS_OF_WALKERS: Weighted[str | None] = Weighted({"persona_4": 55, "persona_3": 12, None: 33})
INTERESTS = (("newsletter", 0.5), ("events", 0.3), ("products", 0.45), ("training", 0.15), ("partners", 0.1))


@dataclass(frozen=True, slots=True)
class Channel:
    """A source of contacts: how good they are, and what `hs_analytics_source_data_1` says of it."""

    name: str
    quality: float
    details: tuple[str, ...]
    offers: tuple[str, ...]


CATALOGUE, GUIDE, QUOTE = "Catalogue professionnel", "Guide du bivouac", "Demande de devis"
NEWS, FAIR, TRIAL, CONTEST = "Inscription à la lettre", "Salon : passage au stand", "Essai du kit de location", "Jeu-concours refuge"
CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("ORGANIC_SEARCH", 1.08, ("google", "bing", "qwant", "ecosia"), (GUIDE, CATALOGUE, QUOTE)),
        Channel("PAID_SEARCH", 0.92, ("tente-legere", "sac-trekking", "marque-cabrelle"), (CATALOGUE, QUOTE, TRIAL)),
        Channel("PAID_SOCIAL", 0.66, ("instagram", "facebook", "linkedin"), (CONTEST, GUIDE, TRIAL)),
        Channel("SOCIAL_MEDIA", 0.8, ("instagram", "youtube", "linkedin"), (CONTEST, GUIDE, NEWS)),
        Channel("EMAIL_MARKETING", 1.12, ("lettre-mensuelle", "relance-panier"), (CATALOGUE, NEWS, TRIAL)),
        Channel("REFERRALS", 1.32, ("annuaire-montagne.example", "refuges.example", "gr-blog.example"), (QUOTE, CATALOGUE, GUIDE)),
        Channel("DIRECT_TRAFFIC", 1.0, ("www.cabrelle.example",), (NEWS, QUOTE, CATALOGUE)),
        Channel("OFFLINE", 1.24, ("salon", "import", "appel"), (FAIR, QUOTE)),
        Channel("OTHER_CAMPAIGNS", 0.85, ("partenariat-refuges", "affichage-gares"), (CONTEST, NEWS)),
    )
}
SOURCES = Weighted(
    {
        "ORGANIC_SEARCH": 27,
        "DIRECT_TRAFFIC": 15,
        "PAID_SEARCH": 12,
        "SOCIAL_MEDIA": 10,
        "EMAIL_MARKETING": 9,
        "REFERRALS": 8,
        "OFFLINE": 8,
        "PAID_SOCIAL": 6,
        "OTHER_CAMPAIGNS": 2,
        None: 3,
    }
)
CAMPAIGNS = ("printemps-bivouac", "rentree-escalade", "hiver-raquettes", "collection-belvedere")
CAMPAIGN_MONTHS = {4, 5, 10, 11}  # when the company pays for advertisements


@dataclass(frozen=True, slots=True)
class Past:
    """A dated value, its source as in the change log."""

    property: str
    value: str
    at: int
    source: str


@dataclass(slots=True)
class Person:
    """A contact before it is written. `rep` is the key of the owner, `shop` the company."""

    number: int
    created: int
    values: dict[str, str]
    past: list[Past]
    moves: list[funnel.Move]
    shop: Shop | None
    rep: str | None = None

    @property
    def won_at(self) -> int | None:
        return next((move.at for move in self.moves if move.stage == funnel.WON), None)

    @property
    def furthest(self) -> int:
        """The place on the path that was reached, -1 for a contact who never entered it."""
        return max((funnel.ORDER.get(move.stage, -1) for move in self.moves), default=-1)


class Addresses:
    """E-mail addresses, each once, in a few megabytes however many there are.

    A plain address is given away when its bit was never set; otherwise the number of the contact makes it unique.
    """

    BITS = 1 << 26

    def __init__(self) -> None:
        self._taken = bytearray(self.BITS // 8)

    def of(self, local: str, domain: str, number: int) -> str:
        spot = zlib.crc32(f"{local}@{domain}".encode()) & (self.BITS - 1)
        place, bit = spot >> 3, 1 << (spot & 7)
        if self._taken[place] & bit:
            return f"{local}{number}@{domain}"
        self._taken[place] |= bit
        return f"{local}@{domain}"


def _name(chance: Chance, country: Country) -> tuple[str, str]:
    """First name and surname; the first surnames of a list are the frequent ones."""
    first = chance.pick(country.women if chance.happens(0.52) else country.men)
    surnames = country.surnames
    return first, surnames[int(chance.share() ** 1.35 * len(surnames))]


def _channel(chance: Chance, day: date, is_buyer: bool) -> Channel | None:
    if is_fair(day) and chance.happens(0.62):
        return CHANNELS["OFFLINE"]
    if is_buyer and chance.happens(0.1):
        return CHANNELS["REFERRALS"]
    if day.month in CAMPAIGN_MONTHS and chance.happens(0.12):
        return CHANNELS["PAID_SOCIAL" if chance.happens(0.55) else "PAID_SEARCH"]
    name = chance.draw(SOURCES)
    return CHANNELS[name] if name else None


def person(chance: Chance, number: int, day: date, seconds: float, shop: Shop | None, year: Rhythm, addresses: Addresses) -> Person:
    """One contact, created on a local day."""
    created = year.instant(day, seconds)
    country_code = shop.place.code if shop else chance.draw(words().mix)
    country = words().countries[country_code]
    place = shop.place if shop and chance.happens(0.9) else country.places.at(chance.share())
    first, last = _name(chance, country)
    channel = _channel(chance, day, shop is not None)
    values = {"firstname": first, "lastname": last, "createdate": wire(created)}
    _reach(values, chance, number, first, last, place, shop, addresses)
    _origin(values, chance, channel, created)
    _arrival(values, number, channel)
    made = Person(number, created, values, [], [], shop)
    _travel(made, chance, channel, year.last_instant)
    _mail_figures(made, chance, year.last_instant)
    _private_dates(made, chance, year.end)
    return made


def _reach(
    values: dict[str, str], chance: Chance, number: int, first: str, last: str, place: Place, shop: Shop | None, addresses: Addresses
) -> None:
    """How the contact is reached: address, telephone, town, employer."""
    local = f"{slug(first)}.{slug(last)}"
    domain = shop.domain if shop else chance.draw(PRIVATE_DOMAINS)
    if shop or chance.happens(0.985):
        values["email"] = addresses.of(local, domain, number)
    if chance.happens(0.72 if shop else 0.3):
        values["phone"] = landline(chance) if shop else mobile(chance)
    if chance.happens(0.4 if shop else 0.2):
        values["mobilephone"] = mobile(chance)
    if chance.happens(0.92 if shop else 0.64):
        values |= {"city": place.city, "zip": place.zip, "country": place.country}
    job = chance.draw(JOBS) if shop else None
    persona = chance.draw(PERSONAS_OF_BUYERS if shop else PERSONAS_OF_WALKERS)
    if persona:
        values["hs_persona"] = persona
    interests = [name for name, share in INTERESTS if chance.happens(share)] if chance.happens(0.45) else []
    if interests:
        values["interests"] = ";".join(interests)
    if not shop:
        return
    values |= {"company": shop.name, "website": f"https://www.{shop.domain}"}
    if job:
        values["jobtitle"] = job
    if shop.industry:
        values["industry"] = shop.industry


def _origin(values: dict[str, str], chance: Chance, channel: Channel | None, created: int) -> None:
    """Where the contact came from, and the first form it sent."""
    if channel is None:
        return
    values["hs_analytics_source"] = channel.name
    if chance.happens(0.9):
        values["hs_analytics_source_data_1"] = chance.pick(channel.details)
    if channel.name in {"PAID_SEARCH", "PAID_SOCIAL", "EMAIL_MARKETING", "OTHER_CAMPAIGNS"}:
        values["hs_analytics_source_data_2"] = chance.pick(CAMPAIGNS)
    if not chance.happens(0.83):
        return
    offer = chance.pick(channel.offers)
    values |= {"first_conversion_event_name": offer, "first_conversion_date": wire(created), "num_conversion_events": "1"}
    values |= {"recent_conversion_event_name": offer, "recent_conversion_date": wire(created)}


def _arrival(values: dict[str, str], number: int, channel: Channel | None) -> None:
    """How the record itself came in: by a form, as a list from a fair, typed in by somebody, or from the till."""
    if "first_conversion_event_name" in values:
        values |= {"hs_object_source": "form", "hs_object_source_detail_1": values["first_conversion_event_name"]}
    elif channel and channel.name == "OFFLINE":
        values |= {"hs_object_source": "import", "hs_object_source_detail_1": "Salon"}
    elif number % 3:
        values |= {"hs_object_source": "user", "hs_object_source_detail_1": ""}
    else:
        values |= {"hs_object_source": "integration", "hs_object_source_detail_1": "Caisse des boutiques"}


def _quality(values: dict[str, str], channel: Channel | None, is_buyer: bool) -> float:
    offer = values.get("first_conversion_event_name")
    liking = {QUOTE: 1.28, TRIAL: 1.18, CATALOGUE: 1.06, FAIR: 1.1, NEWS: 0.78, CONTEST: 0.62}.get(offer or "", 0.9)
    return (channel.quality if channel else 0.85) * liking * (1.12 if is_buyer else 0.72)


def _travel(made: Person, chance: Chance, channel: Channel | None, end: int) -> None:
    """The journey of the contact, what it left behind in the history, and who took charge."""
    values, is_buyer = made.values, made.shop is not None
    if chance.happens(0.05 if is_buyer else 0.17):  # press, suppliers, mere readers: outside the lifecycle
        return
    quality = _quality(values, channel, is_buyer)
    made.moves = funnel.moves(chance, made.created, end, quality)
    made.past += [Past("lifecyclestage", move.stage, move.at, move.source) for move in made.moves]
    values["lifecyclestage"] = made.moves[-1].stage
    values |= _stage_times(made.moves)
    if made.furthest >= 1 and chance.happens(0.93):
        made.rep = made.shop.rep if made.shop else chance.pick(REPS)
    _lead_status(made, chance)
    if made.furthest >= 1 and "recent_conversion_date" in values and chance.happens(0.55):
        at = min(at_work(made.moves[-1].at + int(chance.after(6.0) * DAY), chance), end - 1)
        again = chance.pick((QUOTE, CATALOGUE, TRIAL, GUIDE))
        values |= {
            "recent_conversion_event_name": again,
            "recent_conversion_date": wire(at),
            "num_conversion_events": str(chance.between(2, 6)),
        }


def _stage_times(moves: list[funnel.Move]) -> dict[str, str]:
    """First entry, latest entry, latest exit and time of each stage, as the lifecycle keeps them."""
    dates: dict[str, str] = {}
    lasted: Counter[str] = Counter()
    for place, move in enumerate(moves):
        at = wire(move.at)
        dates.setdefault(f"hs_lifecyclestage_{move.stage}_date", at)
        dates[f"hs_v2_date_entered_{move.stage}"] = at
        if place:
            before = moves[place - 1]
            dates[f"hs_v2_date_exited_{before.stage}"] = at
            lasted[f"hs_v2_cumulative_time_in_{before.stage}"] += move.at - before.at
    return dates | {name: str(time) for name, time in lasted.items()}


LEAD_STATUS: dict[str, Weighted[str | None]] = {
    "new_lead": Weighted({"NEW": 45, "OPEN": 25, "ATTEMPTED_TO_CONTACT": 18, None: 12}),
    "hot_lead": Weighted({"IN_PROGRESS": 48, "CONNECTED": 32, "OPEN": 20}),
    "payment": Weighted({"OPEN_DEAL": 88, "CONNECTED": 12}),
    "customer": Weighted({"CONNECTED": 55, None: 45}),
    "cold_lead": Weighted({"BAD_TIMING": 60, "ATTEMPTED_TO_CONTACT": 40}),
    "no_budget": Weighted({"BAD_TIMING": 70, "UNQUALIFIED": 30}),
    "not_interested": Weighted({"UNQUALIFIED": 100}),
}


def _lead_status(made: Person, chance: Chance) -> None:
    status = chance.draw(LEAD_STATUS[made.moves[-1].stage])
    if status:
        made.values["hs_lead_status"] = status


def _mail_figures(made: Person, chance: Chance, end: int) -> None:
    """Who may be written to, and how many of the letters were opened; nobody without an address."""
    values = made.values
    if "email" not in values:
        return
    opted_out = chance.happens(0.045)
    values["hs_email_optout"] = "true" if opted_out else "false"
    values["hs_marketable_status"] = "true" if not opted_out and chance.happens(0.78 if made.moves else 0.5) else "false"
    letters = int((end - made.created) / DAY / 15 * (0.5 + chance.share()))
    if letters:
        opened = round(min(1.0, chance.around(0.24 if made.shop else 0.31, 0.5)) * letters)
        values |= {"hs_email_delivered": str(letters), "hs_email_open": str(opened), "hs_email_click": str(chance.below(opened // 2 + 1))}
        values["hs_email_open_rate"] = f"{opened / letters:.4f}".rstrip("0").rstrip(".")


def _private_dates(made: Person, chance: Chance, end: date) -> None:
    """The properties that Cabrelle defined for itself: trial of a kit, renewal of the contract, birthday."""
    created = moment(made.created).date()
    if made.furthest >= 1 and chance.happens(0.3):
        start = created + timedelta(days=chance.between(3, 30))
        if start < end:
            made.values |= {"trial_start_date": start.isoformat(), "trial_end_date": (start + timedelta(days=30)).isoformat()}
    won_at = made.won_at
    if won_at is not None and chance.happens(0.85):
        made.values["renewal_date"] = (moment(won_at).date() + timedelta(days=365)).isoformat()
    if not made.shop and chance.happens(0.42):
        made.values["birthday"] = (date(1950, 1, 1) + timedelta(days=chance.below(20_500))).isoformat()


def second_of_day(chance: Chance, is_buyer: bool) -> float:
    """Shops write in office hours, walkers in the evening."""
    hour = chance.draw(OFFICE if is_buyer else LEISURE)
    return hour * 3600 + chance.share() * 3600
