"""What each movement means for its contact's journeys: whether it begins one, goes on with it, or is nothing to it.

The reference algorithm walks the movements of a contact and keeps one of three states: no journey so far, in a journey, out
of one. But the state after a movement is known from the movement alone: a move onto the path leaves the contact in a
journey, whatever was before, and any other move leaves them out of one. So a look at the movement before, and whether
there was any that counts, tell the state, and all contacts are read by one scan with windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from jalon.lifecycle.columns import MOVEMENTS
from jalon.lifecycle.journeys.path import Path
from jalon.warehouse import query
from jalon.warehouse.schema import day_column, hour_column

ORDER: Final = ("at", "movement_id")
INSTANT: Final = ("at", day_column("at"), hour_column("at"))
ENTERED: Final = tuple(f"entered_{name}" for name in INSTANT)  # when the journey began that a movement belongs to
OWN: Final = ("record_id", "movement_id", "from_stage", "to_stage", *INSTANT)
FLAGS: Final = ("on_path", "wins", "loses", "starts", "more", "goes_on_next", "untold_next", "told_next")
AHEAD: Final = ("movement_id", "from_path", "on_path", "from_stage", "to_stage", *INSTANT)
BEFORE: Final = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": exp.Literal.number(1), "end_side": "PRECEDING"}
UP_TO_HERE: Final = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
READ: Final = "movements_read"  # what the questions below come to, by which the rows of journeys and visits are found


def read(path: Path, among: exp.Expression) -> exp.Select:
    """Every movement that belongs to a journey, with what it means and what came after. `among` takes a contact whole or not at all.

    The movements are put in order twice: once to look at those before and after, once to count the journeys. All else is told row by row.
    """
    steps = {"classed": _classed(path, among), "seen": _seen(), "understood": _understood()}
    asked = _numbered()
    for name, step in steps.items():
        asked = asked.with_(exp.to_identifier(name, quoted=True), as_=step, copy=False)
    return asked


def _classed(path: Path, among: exp.Expression) -> exp.Select:
    """What the two ends of each movement are."""
    came_from, to = query.column("from_stage"), query.column("to_stage")
    return (
        query.select(
            *map(query.column, OWN),
            query.named(place(path, to), "place"),
            query.named(flag(_among(to, path.primary)), "on_path"),
            query.named(flag(_among(came_from, path.primary)), "from_path"),
            query.named(flag(_among(to, (path.won,))), "wins"),
            query.named(flag(_among(to, path.lost)), "loses"),
        )
        .from_(query.table(MOVEMENTS.name))
        .where(among)
    )


def _seen() -> exp.Select:
    """`was_on_path`: so the movement before had left it. `counted`: there was one that counts. And the movement after."""
    counts = query.disjunction((truth("on_path"), truth("wins"), truth("loses")))
    return query.select(
        exp.Star(),
        query.named(over(exp.Lag(this=query.column("on_path"))), "was_on_path"),
        query.named(over(exp.Max(this=flag(counts)), BEFORE), "counted"),
        *(query.named(over(exp.Lead(this=query.column(name))), f"next_{name}") for name in AHEAD),
    ).from_(query.table("classed"))


def _understood() -> exp.Select:
    """`starts`: the movement opens a journey. Only the first of all may open in a lost stage; outside of the path none does.

    The one after it goes on with the journey if it comes from the path; if from elsewhere, an import or a bulk edit had ended it. If it
    goes on from another stage than this one, nobody knows how long this one was stood in.
    """
    goes_on = query.conjunction((is_set("was_on_path"), truth("from_path")))
    first_lost = query.conjunction((truth("loses"), query.negation(is_set("counted"))))
    opens = query.disjunction((truth("on_path"), truth("wins"), first_lost))
    followed = query.conjunction((truth("on_path"), is_set("next_from_path")))
    from_here = exp.EQ(this=query.column("next_from_stage"), expression=query.column("to_stage"))
    more = query.is_known(query.column("next_movement_id"))
    return query.select(
        exp.Star(),
        query.named(flag(goes_on), "goes_on"),
        query.named(flag(query.conjunction((query.negation(goes_on.copy()), opens))), "starts"),
        query.named(flag(more), "more"),
        query.named(flag(followed), "goes_on_next"),
        query.named(flag(query.conjunction((truth("on_path"), more.copy(), query.negation(is_set("next_from_path"))))), "untold_next"),
        query.named(flag(query.conjunction((followed.copy(), from_here))), "told_next"),
    ).from_(query.table("seen"))


def _numbered() -> exp.Select:
    """Which journey of the contact it belongs to, and when that began. After the end the following movement is of no matter."""
    began = [(name, exp.IgnoreNulls(this=exp.LastValue(this=where(truth("starts"), query.column(name))))) for name in INSTANT]
    kept = [query.named(where(truth("told_next"), query.column(f"next_{name}")), f"next_{name}") for name in ("to_stage", *INSTANT)]
    onward = query.named(flag(query.conjunction((truth("goes_on_next"), is_set("next_on_path")))), "visits_next")
    return (
        query.select(
            *map(query.column, (*OWN, "place", *FLAGS)),
            *kept,
            onward,
            query.named(over(exp.Sum(this=query.column("starts")), UP_TO_HERE), "number"),
            *(query.named(over(first, UP_TO_HERE), name) for name, (_, first) in zip(ENTERED, began, strict=True)),
        )
        .from_(query.table("understood"))
        .where(query.disjunction((truth("starts"), truth("goes_on"))))
    )


# Words


def over(
    function: exp.Expression, frame: Mapping[str, object] | None = None, partition: tuple[str, ...] = ("record_id",)
) -> exp.Expression:
    """A function over the movements of a contact in their order."""
    spec = exp.WindowSpec(kind="ROWS", **frame) if frame else None
    order = exp.Order(expressions=[exp.Ordered(this=query.column(name)) for name in ORDER])
    return exp.Window(this=function, partition_by=[query.column(name) for name in partition], order=order, spec=spec)


def flag(condition: exp.Expression) -> exp.Expression:
    """1 or 0, never empty: both engines add and compare these alike."""
    return exp.Case(ifs=[exp.If(this=condition, true=one())], default=zero())


def truth(name: str) -> exp.Expression:
    """Whether a flag is set."""
    return exp.EQ(this=query.column(name), expression=one())


def is_set(name: str) -> exp.Expression:
    """The same of a flag that is empty where there is no movement to ask."""
    return exp.EQ(this=exp.Coalesce(this=query.column(name), expressions=[zero()]), expression=one())


def where(condition: exp.Expression, value: exp.Expression) -> exp.Expression:
    """The value where the condition holds, else none."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)])


def place(path: Path, stage: exp.Expression) -> exp.Expression:
    """The place of a stage on the path, from 1; none for stages without one."""
    ifs = [exp.If(this=_among(stage, (name,)), true=query.whole(at)) for at, name in enumerate(path.places, 1)]
    return exp.Case(ifs=ifs)


def one() -> exp.Expression:
    return exp.Literal.number(1)


def zero() -> exp.Expression:
    return exp.Literal.number(0)


def _among(stage: exp.Expression, names: tuple[str, ...]) -> exp.Expression:
    return query.one_of(stage.copy(), [query.text(name) for name in names])
