"""The pages of scores: the rules of one with their preview, a new one, and which rules gave a record its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import Access, access_of_request, needs
from jalon.accounts.actions import Refused
from jalon.criteria import queries as criteria
from jalon.records import address, filters, pages, runner
from jalon.records import queries as records
from jalon.records.columns import Catalog, PropertySpec
from jalon.records.queries import RecordView
from jalon.scores import actions, forms, histogram, queries
from jalon.scores.forms import NewScoreForm, RuleBox, Typed
from jalon.scores.histogram import Bar
from jalon.scores.queries import ScoreView, Step
from jalon.scores.rules import Rule, Rules
from jalon.web import formats
from jalon.web.pages import render

SAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Given:
    """A rule as it was applied to one record: its points as people read them, its words, and whether it held."""

    points: str
    words: str
    holds: bool
    is_bad: bool  # takes points away


@dataclass(frozen=True, slots=True)
class Sample:
    """A record that stands for others of its score."""

    name: str
    url: str
    score: str
    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class BarLine:
    """A bar with its words, and the page of the very records behind it where the score is computed already."""

    bar: Bar
    label: str
    url: str = ""


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, plural: str) -> HttpResponse:
    """A score of a new property, or of a number that exists (`?property=`)."""
    catalog = _catalog(plural)
    taken = catalog.properties.get(request.GET.get("property", ""))
    if taken is not None and not actions.takes(taken):
        raise Http404
    groups = [(group.name, group.label(_language())) for group in records.groups(catalog.object_type)]
    if request.method == "GET":
        return _page(request, catalog, (forms.blank(),), taken=taken, form=None if taken else NewScoreForm(groups=groups))
    form, typed = None if taken else NewScoreForm(request.POST, groups=groups), forms.read(request.POST, catalog)
    fits = form is None or form.is_valid()
    problems, boxes = _wrong(catalog, typed)
    if fits and not problems and typed.is_readable:
        try:
            return _created(request, catalog, taken or _made(form), typed.rules, is_new=taken is None)
        except Refused as refused:
            problems = list(refused.sentences)
    return _page(request, catalog, boxes, taken=taken, form=form, problems=problems, status=422)


def _made(form: NewScoreForm | None) -> PropertySpec:
    assert form is not None
    return form.spec()


def _created(request: HttpRequest, catalog: Catalog, spec: PropertySpec, rules: Rules, *, is_new: bool) -> HttpResponse:
    actor = access_of_request(request).actor
    if is_new:
        actions.create(catalog.object_type, spec, rules, actor=actor)
    else:
        actions.become(catalog.object_type, spec.name, rules, actor=actor)
    runner.shape()  # the next page may already ask for the new column
    messages.success(request, gettext("“%(label)s” is a score now.") % {"label": spec.label(_language())})
    return HttpResponseRedirect(reverse("scores:score", args=[catalog.plural, spec.name]))


@needs("property_settings")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """The rules of a score."""
    catalog, found = _score(plural, name)
    if request.method == "GET":
        return _page(request, catalog, forms.boxes(found.rules, catalog) or (forms.blank(),), score=found)
    typed = forms.read(request.POST, catalog)
    problems, boxes = _wrong(catalog, typed)
    if not problems and typed.is_readable:
        try:
            actions.change(catalog.object_type, name, typed.rules, actor=access_of_request(request).actor)
        except Refused as refused:
            problems = list(refused.sentences)
        else:
            messages.success(request, gettext("Saved. The records follow."))
            return HttpResponseRedirect(reverse("scores:score", args=[plural, name]))
    return _page(request, catalog, boxes, score=found, problems=problems, status=422)


@needs("property_settings")
@require_POST
def stop(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """Back to a plain number."""
    catalog, _found = _score(plural, name)
    actions.stop(catalog.object_type, name, actor=access_of_request(request).actor)
    label = catalog.properties[name].label(_language())
    messages.success(request, gettext("“%(label)s” is a plain number again; the records keep its values.") % {"label": label})
    return HttpResponseRedirect(reverse("records:property", args=[plural, name]))


@needs("property_settings")
@require_GET
def state(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """How far the score is, asked again while it is being computed."""
    catalog, found = _score(plural, name)
    response = render(request, "scores/_state.html", _standing(catalog, found))
    if found.is_done:
        response.headers["HX-Trigger"] = "computed"  # the bars of the preview open their records from now on
    return response


@needs("property_settings")
@require_GET
def rule(request: HttpRequest, plural: str) -> HttpResponse:
    """One more rule for the form."""
    return render(request, "scores/_rule.html", {"catalog": _catalog(plural), "rule": forms.blank()})


@needs("property_settings")
@require_POST
def preview(request: HttpRequest, plural: str) -> HttpResponse:
    """What the rules in the form would give now: all records by score, and a few with the rules that gave their points."""
    catalog, access = _catalog(plural), access_of_request(request)
    typed = forms.read(request.POST, catalog)
    unfinished = any(not rule.criteria.groups for rule in typed.rules)
    problems, _boxes = _wrong(catalog, typed)
    if unfinished or problems or not typed.rules or not typed.is_readable:
        waiting = [] if unfinished or not typed.rules else problems
        return render(request, "scores/_preview.html", {"problems": waiting, "waits": True})
    steps = queries.distribution(access, catalog.object_type, typed.rules)
    name = request.GET.get("score", "")
    saved = queries.one(catalog.object_type, name) if name else None
    opens = name if saved and saved.is_done and saved.rules == typed.rules else ""
    counts = [(step.score, step.records) for step in steps]
    context = {
        "bars": [_bar_line(bar, catalog, opens) for bar in histogram.bars(counts)],
        "samples": _samples(access, catalog, typed.rules, steps),
        "total": sum(records for _, records in counts),
        "object_label": catalog.plural_label(_language()).lower(),
    }
    return render(request, "scores/_preview.html", context)


@needs("records.view")
@require_GET
def explain(request: HttpRequest, plural: str, id: int, name: str) -> HttpResponse:
    """Which rules gave a record its points, as things stand now."""
    catalog = _catalog(plural)
    record = records.record(access_of_request(request), catalog.object_type, id)
    score = queries.one(catalog.object_type, name)
    if record is None or score is None:
        raise Http404
    held = () if score.troubles else queries.verdicts(catalog.object_type, score.rules, [id]).get(id, ())
    given = _given(catalog, score.rules, held)
    total = sum(rule.points for rule, holds in zip(score.rules, held, strict=False) if holds)
    value = record.values.get(name, "")
    context = {
        "property_label": catalog.properties[name].label(_language()),
        "record_name": address.name_of(catalog, record.values) or str(id),
        "record_url": reverse("records:record", args=[plural, id]),
        "value": formats.number(value) if value else "",
        "given": [one for one in given if one.holds],
        "others": [one for one in given if not one.holds],
        "follows": bool(score.troubles) or (bool(held) and value != str(total)),
        "troubles": score.troubles,
        "rules_url": reverse("scores:score", args=[plural, name]) if access_of_request(request).may("property_settings") else "",
    }
    return render(request, "scores/_explain.html", context)


def _language() -> str:
    return get_language() or "en"


def _catalog(plural: str) -> Catalog:
    for catalog in records.catalogs().values():
        if catalog.plural == plural:
            return catalog
    raise Http404


def _score(plural: str, name: str) -> tuple[Catalog, ScoreView]:
    catalog = _catalog(plural)
    found = queries.one(catalog.object_type, name)
    if found is None or name not in catalog.properties:
        raise Http404
    return catalog, found


def _wrong(catalog: Catalog, typed: Typed) -> tuple[list[str], tuple[RuleBox, ...]]:
    """What is wrong with the rules as a whole, and the boxes with what is wrong beside each."""
    by_rule = queries.problems_by_rule(catalog.object_type, typed.rules)
    unread = {place for place, box in enumerate(typed.boxes, 1) if box.problems}
    beside = {place: told for place, told in by_rule.items() if place and place not in unread}
    problems = by_rule.get(0, [])
    if beside or unread:
        problems = [*problems, gettext("Some rules need a look: what is wrong stands beside each.")]
    return problems, typed.with_problems(beside)


def _page(
    request: HttpRequest,
    catalog: Catalog,
    boxes: Sequence[RuleBox],
    *,
    score: ScoreView | None = None,
    taken: PropertySpec | None = None,
    form: NewScoreForm | None = None,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    language = _language()
    spec = catalog.properties[score.name] if score else taken
    query = urlencode({"score": score.name}) if score else ""
    context = {
        "catalog": catalog,
        "object_label": catalog.plural_label(language),
        "properties_url": reverse("records:properties", args=[catalog.plural]),
        "preview_url": reverse("scores:preview", args=[catalog.plural]) + (f"?{query}" if query else ""),
        "rule_url": reverse("scores:rule", args=[catalog.plural]),
        "spec": spec,
        "spec_label": spec.label(language) if spec else "",
        "taken": taken,
        "form": form,
        "rules": boxes,
        "problems": problems,
        "numbers": [] if score or taken else _numbers(catalog),
    }
    if score:
        context |= _standing(catalog, score)
    return render(request, "scores/score.html", context, status=status)


def _standing(catalog: Catalog, score: ScoreView) -> dict[str, Any]:
    system = records.system_properties(catalog.object_type)
    arguments = [catalog.plural, score.name]
    return {
        "score": score,
        "state_url": reverse("scores:state", args=arguments),
        "definition_url": reverse("records:property", args=arguments),
        "stop_url": reverse("scores:stop", args=arguments),
        "archive_url": "" if score.name in system else reverse("records:property_ask_archive", args=arguments),
        "uses": pages.used_in(catalog.object_type, score.name),
    }


def _numbers(catalog: Catalog) -> list[tuple[str, str]]:
    """The plain numbers that could become a score instead of a new property."""
    address = reverse("scores:create", args=[catalog.plural])
    own = [spec for spec in catalog.properties.values() if actions.takes(spec) and not spec.hidden]
    return [(f"{address}?{urlencode({'property': spec.name})}", spec.label(_language())) for spec in own]


def _bar_line(bar: Bar, catalog: Catalog, opens: str) -> BarLine:
    label = forms.signed(bar.first) if bar.first == bar.last else f"{forms.signed(bar.first)} – {forms.signed(bar.last)}"
    if not opens:
        return BarLine(bar, label)
    asked = filters.one(opens, "between", str(bar.first), str(bar.last))
    return BarLine(bar, label, f"{reverse('records:index', args=[catalog.plural])}?{urlencode({'criteria': asked})}")


def _samples(access: Access, catalog: Catalog, rules: Rules, steps: Sequence[Step]) -> list[Sample]:
    """Records from all over the distribution, the highest score first."""
    chosen = histogram.spread([(step.score, step.records) for step in steps], SAMPLES)
    standing = sorted((step for step in steps if step.score in chosen), key=lambda step: -step.score)
    ids = [step.newest for step in standing]
    more = [step.oldest for step in standing if step.oldest not in ids]
    found = records.several(access, catalog.object_type, [*ids, *more[: SAMPLES - len(ids)]])
    held = queries.verdicts(catalog.object_type, rules, [record.id for record in found])
    told = [_sample(record, catalog, rules, held[record.id]) for record in found if record.id in held]
    return [sample for _, sample in sorted(told, key=lambda pair: -pair[0])]


def _sample(record: RecordView, catalog: Catalog, rules: Rules, held: Sequence[bool]) -> tuple[int, Sample]:
    total = sum(rule.points for rule, holds in zip(rules, held, strict=True) if holds)
    name = address.name_of(catalog, record.values) or f"{catalog.label(_language())} {record.id}"
    given = tuple(one for one in _given(catalog, rules, held) if one.holds)
    return total, Sample(name, reverse("records:record", args=[catalog.plural, record.id]), forms.signed(total), given)


def _given(catalog: Catalog, rules: Rules, held: Sequence[bool]) -> list[Given]:
    """Every rule as it was applied; one that cannot be asked any more did not hold."""
    answers = [*held, *[False] * (len(rules) - len(held))]
    return [
        Given(forms.with_sign(rule.points), _words(rule, catalog), holds, rule.points < 0)
        for rule, holds in zip(rules, answers, strict=True)
    ]


def _words(rule: Rule, catalog: Catalog) -> str:
    """The criteria of a rule in one line."""
    groups = [group.filters for group in rule.criteria.groups]
    speaker = criteria.speaker(catalog.object_type, *(node for group in groups for node in group))
    return f" {gettext('or')} ".join(speaker.joined(group, gettext("and")) for group in groups)
