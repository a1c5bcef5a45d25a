"""The help beside a formula: what may be named in it, and while somebody types, what is wrong with it or what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.records import queries
from jalon.records.calculated import queries as calculated
from jalon.records.calculated.check import MOVING, WORDS, Known, spec_words
from jalon.records.calculated.compile import Ids
from jalon.records.calculated.evaluate import calculated as computed
from jalon.records.calculated.functions import FUNCTIONS, Is
from jalon.records.calculated.plan import formula
from jalon.records.columns import Catalog, FieldType, PropertySpec, Type
from jalon.records.definitions import formulas
from jalon.records.display import Display, Shown
from jalon.records.views.finding import catalog_of
from jalon.web.pages import render

EXAMPLES = 3
LOOKED_AT = 200
KINDS = {Type.NUMBER: Is.NUMBER, Type.STRING: Is.TEXT, Type.BOOL: Is.TRUTH, Type.DATE: Is.DAY, Type.DATETIME: Is.INSTANT}


@dataclass(frozen=True, slots=True)
class Word:
    """Something that a formula may name: what is inserted, and what it means."""

    text: str
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """What stands beside the formula field."""

    properties: tuple[Word, ...]
    others: tuple[Word, ...]  # object types to go over
    functions: tuple[Word, ...]
    starts: tuple[Word, ...]


def help_for(catalog: Catalog) -> Help:
    """The words of formulas on this object type."""
    language, known = get_language() or "en", calculated.known()
    specs = sorted(catalog.properties.values(), key=lambda spec: spec.label(language).casefold())
    near = tuple(_near(catalog, known, language))
    return Help(
        tuple(Word(spec.name, spec.label(language), gettext(spec_words(spec))) for spec in specs if spec.name != MOVING),
        near,
        tuple(Word(one.example, gettext(one.help), one.name) for one in FUNCTIONS.values()),
        tuple(_starts(catalog, near)),
    )


def _near(catalog: Catalog, known: Known, language: str) -> Iterator[Word]:
    for other in known.catalogs.values():
        if known.over(catalog.object_type, other.object_type)[0] and not other.is_activity:
            yield Word(other.object_type, other.plural_label(language))


def _starts(catalog: Catalog, near: tuple[Word, ...]) -> Iterator[Word]:
    """Formulas to begin with: each works as it stands where its properties exist."""
    names = catalog.properties
    numbers = [spec.name for spec in names.values() if spec.type is Type.NUMBER and spec.group != "system"]
    dates = [spec.name for spec in names.values() if spec.type in (Type.DATE, Type.DATETIME) and spec.name not in (MOVING, "createdate")]
    if numbers:
        yield Word(f"{numbers[0]} * 0.2", gettext("Equation"))
        yield Word(f'if({numbers[0]} > 1000, "large", "small")', gettext("One value or another"))
    if dates:
        yield Word(f"time_between(createdate, {dates[0]})", gettext("Time between"))
    if near:
        other = "deal" if "deal" in {word.text for word in near} else near[0].text
        yield Word(f"sum of amount over {other}" if other == "deal" else f"count over {other}", gettext("Associated records"))


@needs("property_settings")
@require_POST
def check(request: HttpRequest, plural: str) -> HttpResponse:
    """Reads the formula as it stands: the sentences, or what it gives for some records."""
    catalog, text = catalog_of(plural), request.POST.get("formula", "")
    if not text.strip():
        return HttpResponse("")
    try:
        checked = formulas.checked(catalog.object_type, request.POST.get("property", ""), text)
    except Refused as refused:
        return render(request, "records/_formula_check.html", {"problems": refused.sentences})
    spec = PropertySpec("preview", checked.gives, FieldType.CALCULATION, "", "", hint=request.POST.get("hint", ""), formula=text)
    context = {
        "gives": gettext(WORDS[KINDS[checked.gives]]),
        "remarks": formulas.sentences(checked.remarks),
        "examples": list(_examples(access_of_request(request), catalog, spec)),
    }
    return render(request, "records/_formula_check.html", context)


def _examples(access: Access, catalog: Catalog, spec: PropertySpec) -> Iterator[tuple[str, Shown]]:
    """What the formula gives for the newest records, those for which it gives something first."""
    names = [name for name in (*catalog.primary, "email") if name in catalog.properties]
    rows = queries.page(access, catalog.object_type, columns=names, limit=LOOKED_AT).rows
    if not rows:
        return
    made = formula(catalog.object_type, spec.name, spec.formula, calculated.known(), calculated.surroundings())
    known = dict(calculated.inputs(catalog.object_type, [made], Ids(some=[row["id"] for row in rows])))
    told = [(row, computed(made.calculation, known[row["id"]])) for row in rows if row["id"] in known]
    display = Display()
    for row, value in sorted(told, key=lambda pair: pair[1] is None)[:EXAMPLES]:
        yield queries.name_of(catalog, row, row["id"]), display.show(spec, value, known[row["id"]])
