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
OWN: Final = ("record_id", "movement_id", "from_stage", "to_stage", *INSTANT)
BEFORE: Final = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": exp.Literal.number(1), "end_side": "PRECEDING"}
UP_TO_HERE: Final = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
READ: Final = "read"  # the last of the questions below, by which the rows of journeys and visits are found


def read(path: Path, among: exp.Expression) -> dict[str, exp.Select]:
    """Questions by name, each over the one before it; the last one is `read`: all movements with what they mean."""
    return {"classed": _classed(path, among), "following": _following(), "begun": _begun(), READ: _numbered()}


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


def _following() -> exp.Select:
    """`goes_on`: the contact is in a journey, and was on the path until this movement. `counts_before`: there were journeys.

    A movement that comes from elsewhere than the path, while a journey is open, shows that an import or a bulk edit had ended it.
    """
    counts = query.disjunction((truth("on_path"), truth("wins"), truth("loses")))
    was_on_path = over(exp.Lag(this=query.column("on_path")))
    return query.select(
        exp.Star(),
        query.named(flag(query.conjunction((exp.EQ(this=was_on_path, expression=one()), truth("from_path")))), "goes_on"),
        query.named(exp.Coalesce(this=over(exp.Max(this=flag(counts)), BEFORE), expressions=[zero()]), "counts_before"),
    ).from_(query.table("classed"))


def _begun() -> exp.Select:
    """`starts`: it opens a journey. Only the first of all may open in a lost stage; outside of the path none does."""
    first_lost = query.conjunction((truth("loses"), exp.EQ(this=query.column("counts_before"), expression=zero())))
    opens = query.conjunction((query.negation(truth("goes_on")), query.disjunction((truth("on_path"), truth("wins"), first_lost))))
    return query.select(exp.Star(), query.named(flag(opens), "starts")).from_(query.table("following"))


def _numbered() -> exp.Select:
    """Which journey of the contact it belongs to, and the movement after it."""
    ahead = ("movement_id", "goes_on", "on_path", "from_stage", "to_stage", *INSTANT)
    return query.select(
        exp.Star(),
        query.named(over(exp.Sum(this=query.column("starts")), UP_TO_HERE), "number"),
        *(query.named(over(exp.Lead(this=query.column(name))), f"next_{name}") for name in ahead),
    ).from_(query.table("begun"))


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
