"""The forms of an import: the files, then what becomes of the columns of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from jalon.accounts.access import Access
from jalon.imports import creating, past, queries, taking, targets
from jalon.imports.dates import EXAMPLES, Order
from jalon.imports.listing import actions as listing
from jalon.imports.mapping import RECORD_ID
from jalon.imports.plan import BOTH, CREATE, MATCH_ID, UPDATE
from jalon.imports.queries import FileView, ImportView
from jalon.imports.settings import Settings
from jalon.lists import queries as lists
from jalon.records import queries as records
from jalon.records.columns import Catalog

ENCODINGS = ("utf-8", "cp1252", "utf-16", "mac-roman")
DELIMITERS = (
    (",", gettext_lazy("Comma")),
    (";", gettext_lazy("Semicolon")),
    ("\t", gettext_lazy("Tabulator")),
    ("|", gettext_lazy("Vertical bar")),
)
PAST, PRESENT = "past", "present"
Group = tuple[str, Sequence[tuple[str, str]]]  # a heading and its choices; "" for choices that stand alone


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Needed, but for files that came in pieces before the form: whether there is any is the page's to say."""

    def validate(self, value: object) -> None:
        pass


class UploadForm(forms.Form):
    """The files and what their rows are."""

    uploads = FilesField(
        label=gettext_lazy("Files"),
        widget=Files(attrs={"multiple": True, "accept": ".csv,.txt,.tsv,.xlsx,text/csv,text/plain"}),
        help_text=gettext_lazy(
            "CSV files or Excel workbooks of up to 2 GB: a heading row, then a row for each record. Several files can refer to each other."
        ),
    )
    object_type = forms.ChoiceField(label=gettext_lazy("The rows are"), required=False)
    content = forms.ChoiceField(
        label=gettext_lazy("The file holds"),
        choices=(
            (PRESENT, gettext_lazy("Records as they are now: a column for each property")),
            (PAST, gettext_lazy("Past values: record, property, value, instant and source in each row")),
        ),
        widget=forms.RadioSelect,
        initial=PRESENT,
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), required=False)

    def __init__(self, access: Access, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        offered = [(catalog.object_type, catalog.plural_label(language)) for catalog in taking.offered_types(access)]
        _choose(self, "object_type", [("", gettext("Find out")), *offered])
        _choose(self, "encoding", [("", gettext("Find out")), *((name, name) for name in ENCODINGS)])
        _choose(self, "delimiter", [("", gettext("Find out")), *DELIMITERS])


class MappingForm(forms.Form):
    """What becomes of each column of one file, how records are found, how its cells are read."""

    match = forms.ChoiceField(
        label=gettext_lazy("Find records by"), help_text=gettext_lazy("A row whose record is found updates it. The others create one.")
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Rows may"),
        choices=(
            (BOTH, gettext_lazy("Create and update records")),
            (CREATE, gettext_lazy("Only create records")),
            (UPDATE, gettext_lazy("Only update records")),
        ),
    )
    order = forms.ChoiceField(label=gettext_lazy("Date format"))
    zone = forms.CharField(label=gettext_lazy("Time zone of the times"), help_text=gettext_lazy("For times that do not name one."))
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimal mark"), choices=((",", gettext_lazy("Comma: 1 234,5")), (".", gettext_lazy("Point: 1,234.5")))
    )
    clear_blanks = forms.BooleanField(label=gettext_lazy("Empty cells erase the value that is there"), required=False)
    into = forms.ChoiceField(label=gettext_lazy("Add them to a list"), required=False)
    into_name = forms.CharField(label=gettext_lazy("Name of the new list"), required=False, max_length=200)
    save_as = forms.CharField(
        label=gettext_lazy("Save this mapping as"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("A file with the same headings is then brought in with one click."),
    )

    def __init__(self, of: ImportView, found: FileView, access: Access, data: Any = None) -> None:
        initial = {name: getattr(found, name) for name in ("match", "mode", "order", "zone", "decimal", "clear_blanks")}
        initial |= {"into": listing.NEW if found.new_list else str(found.list_id or ""), "into_name": found.new_list}
        super().__init__(data, initial=initial, prefix=str(found.place))
        self.of, self.found, self.catalog = of, found, records.catalog(found.object_type)
        self.language = get_language() or "en"
        self.may_create = access.may("property_settings") and not found.is_history
        _choose(self, "order", [(order.value, f"{gettext(order.label)} ({EXAMPLES[order]})") for order in Order])
        keys = [(spec.name, spec.label(self.language)) for spec in queries.match_keys(self.catalog)]
        _choose(self, "match", [*keys, (MATCH_ID, gettext("Record id"))])
        self.fields["zone"].widget.attrs["list"] = "zones"
        self.groups = [("", [(role.value, gettext(past.LABELS[role])) for role in past.Role])] if found.is_history else self._groups(access)
        self.offered = {value for _, choices in self.groups for value, _ in choices} | ({targets.NEW} if self.may_create else set())
        if found.is_history:
            for name in ("mode", "clear_blanks", "save_as", "into", "into_name"):
                del self.fields[name]
        else:
            self._offer_lists(access)
            self._add_companions(access)

    def _offer_lists(self, access: Access) -> None:
        """The static lists of these records, and a new one; for who may change lists."""
        if not access.may("lists.edit"):
            del self.fields["into"], self.fields["into_name"]
            return
        static = [(str(one.id), one.name) for one in lists.found(access, self.found.object_type) if not one.is_active]
        _choose(self, "into", [("", gettext("To no list")), (listing.NEW, gettext("To a new list")), *static])

    def list_chosen(self) -> tuple[str, str]:
        """The list and the name of a new one, as `imports.listing` takes them."""
        return self.cleaned_data.get("into", ""), self.cleaned_data.get("into_name", "")

    def _groups(self, access: Access) -> list[Group]:
        own = {spec.name for spec in queries.mappable(self.catalog)} - {RECORD_ID}
        groups: list[Group] = [("", [(RECORD_ID, gettext("Record id"))])]
        groups += [
            (group.label(self.language), [(spec.name, spec.label(self.language)) for spec in group.properties if spec.name in own])
            for group in records.groups(self.found.object_type)
        ]
        self.companions = _companions(self.found, access)
        for catalog in self.companions:
            choices = [
                (str(targets.Beside(catalog.object_type, spec.name)), f"{catalog.label(self.language)} › {spec.label(self.language)}")
                for spec in queries.mappable(catalog)
                if not (spec.hidden or spec.read_only_value) or spec.name == RECORD_ID
            ]
            title = gettext("In the same row: %(object)s") % {"object": catalog.label(self.language)}
            groups.append((title, choices))
        groups.append((gettext("Names a record to be associated"), self._links()))
        return [(title, choices) for title, choices in groups if choices]

    def _links(self) -> list[tuple[str, str]]:
        """Every association, by each key of the other object, and by each column of the other files."""
        choices = []
        for way in queries.link_types(self.found.object_type):
            there = records.catalog(way.there)
            name = way.label(self.language)
            for key in queries.key_names(there):
                text = gettext("%(association)s, found by %(key)s") % {
                    "association": name,
                    "key": there.properties[key].label(self.language),
                }
                choices.append((str(targets.Link(way.name, way.inverse, key)), text))
            for other in self.of.files:
                if other.object_type == way.there and other.place != self.found.place:
                    for heading in other.shape.headings:
                        text = gettext("%(association)s, by “%(heading)s” of %(file)s")
                        link = targets.Link(way.name, way.inverse, "", other.place, heading)
                        choices.append((str(link), text % {"association": name, "heading": heading, "file": other.file_name}))
        return choices

    def _add_companions(self, access: Access) -> None:
        for catalog in self.companions:
            chosen = self.found.companions.get(catalog.object_type, {})
            ways = [way for way in queries.link_types(self.found.object_type) if way.there == catalog.object_type]
            keys = [(name, catalog.properties[name].label(self.language)) for name in queries.key_names(catalog)]
            plural = catalog.plural_label(self.language)
            self.fields[f"by-{catalog.object_type}"] = forms.ChoiceField(
                label=gettext("%(objects)s are found by") % {"objects": plural},
                choices=[("", gettext("Find out")), *keys],
                required=False,
                initial=chosen.get("by", ""),
            )
            self.fields[f"link-{catalog.object_type}"] = forms.ChoiceField(
                label=gettext("%(objects)s are associated as") % {"objects": plural},
                choices=[(way.token, way.label(self.language)) for way in ways],
                required=False,
                initial=chosen.get("link", ways[0].token),
            )

    def used_companions(self) -> list[Any]:
        """The fields of those other objects that a column goes into."""
        used = targets.beside(self._targets())
        return [self[f"{what}-{name}"] for name in used for what in ("by", "link") if f"{what}-{name}" in self.fields]

    def _targets(self) -> dict[str, str]:
        if not self.is_bound:
            return dict(self.found.mapping)
        sent = {heading: self.data.get(f"{self.prefix}-column-{i}", "") for i, heading in enumerate(self.found.shape.headings)}
        return {heading: name if name in self.offered else "" for heading, name in sent.items()}

    def settings(self) -> Settings:
        """What was chosen; whether it fits together is the verb's to say."""
        chosen, mapping = self.cleaned_data, self._targets()
        companions = {name: {what: chosen.get(f"{what}-{name}", "") for what in ("by", "link")} for name in targets.beside(mapping)}
        given = {name: chosen[name] for name in ("match", "order", "zone", "decimal")}
        return Settings(
            mapping, mode=chosen.get("mode", BOTH), clear_blanks=chosen.get("clear_blanks", False), companions=companions, **given
        )

    def columns(self, samples: Sequence[tuple[str, ...]], types: Sequence[str]) -> list[Mapping[str, Any]]:
        """Each column of the file with its choice and what its first cells hold. `types` are those of properties made from them."""
        chosen = self._targets()
        body = _options(self.groups)
        return [
            {
                "heading": heading,
                "id": f"heading-{self.prefix}-{index}",
                "samples": samples[index],
                "control": self._control(index, heading, chosen.get(heading, ""), body, types[index]),
            }
            for index, heading in enumerate(self.found.shape.headings)
        ]

    def _control(self, index: int, heading: str, value: str, body: SafeString, kind: str) -> SafeString:
        first = [("", gettext("Leave this column out"))]
        if self.may_create:
            first.append((targets.NEW, gettext("New property from this column (%(type)s)") % {"type": kind}))
        options = _options([("", first)]) + body
        marked = options.replace(format_html('value="{}"', value), format_html('value="{}" selected', value), 1)
        name = f"{self.prefix}-column-{index}"
        return format_html(
            '<select class="form-select" name="{}" id="id_{}" aria-labelledby="heading-{}-{}">{}</select>',
            name,
            name,
            self.prefix,
            index,
            SafeString(marked),
        )


def _companions(found: FileView, access: Access) -> list[Catalog]:
    """The other objects that may stand in the same rows."""
    linked = {way.there for way in queries.link_types(found.object_type)} - {found.object_type}
    return [catalog for catalog in taking.offered_types(access) if catalog.object_type in linked]


def _options(groups: Sequence[Group]) -> SafeString:
    """The choices of a select; made once for all columns, since a wide file has thousands of them."""
    parts = []
    for title, choices in groups:
        own = format_html_join("", '<option value="{}">{}</option>', choices)
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', title, own) if title else own)
    return SafeString("".join(parts))


def types_of(found: FileView, samples: Sequence[tuple[str, ...]]) -> list[str]:
    """What kind of property each column would become."""
    return [gettext(creating.WORDS[creating.guess_type(cells)]) for cells in samples]


def zones() -> list[str]:
    """The names of the time zones, for the field to offer."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/")))


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
