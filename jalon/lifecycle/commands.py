"""`jalon lifecycle`: stages from a file, journeys read anew, the journal of movements."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import get_language, gettext

from jalon.accounts.access import SYSTEM, Refused
from jalon.accounts.queries import users
from jalon.exports.files import write
from jalon.exports.sheet import ExportError, Format
from jalon.jobs.console import CommandFailed, fail, output
from jalon.lifecycle import actions, portable, queries, runner
from jalon.lifecycle.columns import ACTIVE, JOURNEYS, MOVEMENTS
from jalon.lifecycle.journeys.counts import Range
from jalon.lifecycle.movements import journal, sheets
from jalon.lifecycle.movements.journal import NONE, Wanted
from jalon.records.display import Display, source_words
from jalon.records.values import instant_text
from jalon.warehouse import current, query


def show() -> None:
    """The stages in their order, with how many contacts stand in each. With --json the file that `define` reads."""
    console, stages, language = output(), queries.stages(), get_language() or "en"
    console.json(portable.written(stages))
    if not console.wants_json:
        runner.catch_up()
        standing = queries.standing()
        rows = [(one.name, one.kind.value, one.label(language), standing.get(one.name, 0), _yes(one.is_default)) for one in stages]
        console.table((gettext("name"), gettext("kind"), gettext("label"), gettext("contacts"), gettext("default")), rows)


def define(
    file: Annotated[Path, typer.Argument(help="A file of stages, as TOML or as the JSON of `jalon lifecycle show --json`.")],
    take_away: Annotated[bool, typer.Option("--take-away", help="Stages that are not in the file go, with their movements.")] = False,
) -> None:
    """Lay out the stages of a file, in its order. Stages that contacts stand in stay in any case, behind the others."""
    try:
        wanted = portable.read(file.read_text(encoding="utf-8"), is_json=file.suffix.lower() == ".json")
        _refuse_to_lose({draft.name for draft in wanted.drafts}, take_away=take_away)
        actions.lay_out(wanted.drafts, actor=SYSTEM)
        actions.set_default(wanted.default, actor=SYSTEM)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(gettext("“%(file)s” cannot be read: %(reason)s") % {"file": file, "reason": error}) from error
    except Refused as refused:
        raise CommandFailed("\n".join(refused.sentences)) from refused
    show()


def rebuild() -> None:
    """Read all movements from the change log again and make the journeys anew. They give the same figures."""
    console = output()
    with console.progress(gettext("Reading the journeys anew")):
        runner.read_all_again()
    counts = {table.name: _count(query.select(query.count()).from_(query.table(table.name))) for table in (MOVEMENTS, JOURNEYS)}
    console.json(counts)
    told = {"movements": counts[MOVEMENTS.name], "journeys": counts[JOURNEYS.name]}
    console.line(gettext("%(movements)s movements make %(journeys)s journeys.") % told)


def show_journal(
    since: Annotated[str, typer.Option(help="From this day on, as 2026-03-31.")] = "",
    until: Annotated[str, typer.Option(help="Up to this day.")] = "",
    came_from: Annotated[str, typer.Option("--from", help="Out of this stage, by its name; “none” is no stage.")] = "",
    to: Annotated[str, typer.Option(help="Into this stage, by its name; “none” is no stage.")] = "",
    how: Annotated[str, typer.Option(help="By user, form, conversation, bot, workflow, integration or api.")] = "",
    who: Annotated[str, typer.Option(help="By whom: an e-mail address of a user.")] = "",
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="How many at most, the latest first.")] = 50,
    file: Annotated[Path | None, typer.Option("--output", "-o", help="Write all of them into this file; .xlsx gives Excel.")] = None,
) -> None:
    """The movements between stages, the latest first; narrowed, and as a file."""
    runner.catch_up()
    range = Range(_day(since), _day(until))
    wanted = Wanted(range, _stage(came_from), _stage(to), _source(how), _user(who))
    if file is not None:
        _write(wanted, file)
        return
    console, display = output(), Display()
    lines = current.engine().rows(journal.listed(wanted).limit(limit))
    names = ("contact", "from", "to", "at", "how", "who")
    rows = [
        (contact, old or "", new or "", instant_text(at), source_words(source, detail or ""), display.person(actor) if actor else "")
        for _, contact, old, new, at, source, detail, actor in lines
    ]
    total = _count(journal.count(wanted))
    console.json({"total": total, "movements": [dict(zip(names, row, strict=True)) for row in rows]})
    if not console.wants_json:
        console.table(tuple(map(gettext, names)), rows)
        console.line(gettext("%(shown)s of %(total)s movements.") % {"shown": len(rows), "total": total})


# What was typed


def _refuse_to_lose(names: set[str], *, take_away: bool) -> None:
    """A stage that goes takes its movements along for ever, so somebody has to say that they mean it."""
    going = [one.name for one in queries.stages() if one.name not in names and not queries.holders(one.name, 1)]
    lost = [name for name in going if queries.vanishing(name).movements]
    if lost and not take_away:
        told = gettext("These stages are not in the file, and their movements would go with them: %(names)s. Say --take-away to mean it.")
        raise Refused(told % {"names": ", ".join(lost)})


def _write(wanted: Wanted, file: Path) -> None:
    sheet = sheets.sheet(wanted)
    file_format = Format.XLSX if file.suffix.lower() == ".xlsx" else Format.CSV
    try:
        write(sheet, file, file_format)
    except ExportError as error:
        fail(gettext(error.message) % error.values)
    except OSError as error:
        fail(gettext("“%(file)s” cannot be written: %(reason)s") % {"file": file, "reason": error.strerror or error})
    output().line(gettext("%(rows)s movements are in %(file)s.") % {"rows": sheet.total, "file": file})
    output().json({"file": str(file), "format": file_format.value, "movements": sheet.total})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(gettext("“%(day)s” is no day; write it as 2026-03-31.") % {"day": text})


def _stage(name: str) -> str | None:
    known = [one.name for one in queries.stages()]
    if name and name not in (NONE, *known):
        fail(gettext("There is no stage “%(name)s”. There are: %(names)s.") % {"name": name, "names": ", ".join(known)})
    return name or None


def _source(name: str) -> str | None:
    if name and name not in set(ACTIVE):
        fail(gettext("There is no way “%(name)s”. There are: %(names)s.") % {"name": name, "names": ", ".join(ACTIVE)})
    return name or None


def _user(email: str) -> int | None:
    found = next((user.id for user in users() if user.email.casefold() == email.casefold()), None)
    if email and found is None:
        fail(gettext("Nobody signs in with “%(email)s”.") % {"email": email})
    return found


def _count(tree: Any) -> int:
    return int(current.engine().rows(tree)[0][0])


def _yes(is_true: bool) -> str:
    return gettext("yes") if is_true else ""
