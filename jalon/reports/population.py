"""The contacts to include: all, those of a list, or those that meet filters; in a definition it is criteria either way. Pure."""

from __future__ import annotations

from enum import StrEnum

from jalon.criteria.tree import EMPTY, Criteria, Fact, all_of
from jalon.lists.queries import KIND


class Population(StrEnum):
    """How the builder asks for the contacts to include; a new list is one that the report is about from then on."""

    ALL = "all"
    LIST = "list"
    NEW = "new"
    FILTERS = "filters"


def of_list(list_id: int) -> Criteria:
    """The members of a list."""
    return all_of(Fact(KIND, "in", (str(list_id),)))


def list_of(criteria: Criteria) -> int | None:
    """The one list whose members these are; None for anything else."""
    nodes = criteria.groups[0].filters if len(criteria.groups) == 1 else ()
    node = nodes[0] if len(nodes) == 1 else None
    number = node.values[0] if isinstance(node, Fact) and len(node.values) == 1 else ""
    return int(number) if number.isdecimal() and criteria == of_list(int(number)) else None


def chosen(criteria: Criteria) -> Population:
    """How stored criteria are shown in the builder."""
    if criteria == EMPTY:
        return Population.ALL
    return Population.FILTERS if list_of(criteria) is None else Population.LIST
