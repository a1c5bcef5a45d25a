"""The language of formulas: what it gives, what has no value, and what it says about a mistake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.records.calculated.check import Known, Link, check
from jalon.records.calculated.evaluate import calculated, result
from jalon.records.calculated.functions import FUNCTIONS, Rates, Surroundings
from jalon.records.calculated.parse import parse
from jalon.records.calculated.plan import book, circle
from jalon.records.calculated.problems import FormulaError
from jalon.records.calculated.tree import Arithmetic, Minus, Node, Number, Own
from jalon.records.columns import Catalog, FieldType, Option, PropertySpec, Type

SPECS = (
    PropertySpec("amount", Type.NUMBER, FieldType.NUMBER, "Amount", "Montant"),
    PropertySpec("city", Type.STRING, FieldType.TEXT, "City", "Ville"),
    PropertySpec("zip", Type.STRING, FieldType.TEXT, "Postal code", "Code postal"),
    PropertySpec("country", Type.STRING, FieldType.TEXT, "Country", "Pays"),
    PropertySpec("email", Type.STRING, FieldType.TEXT, "E-mail", "E-mail"),
    PropertySpec("description", Type.STRING, FieldType.TEXTAREA, "Description", "Description"),
    PropertySpec("deal_currency_code", Type.STRING, FieldType.TEXT, "Currency", "Devise"),
    PropertySpec("won", Type.BOOL, FieldType.BOOL, "Won", "Gagnée"),
    PropertySpec("stage", Type.ENUMERATION, FieldType.RADIO, "Stage", "Étape", options=(Option("won", "Won", "Gagnée"),)),
    PropertySpec("interests", Type.ENUMERATION, FieldType.CHECKBOX, "Interests", "Intérêts", options=(Option("events", "Events", ""),)),
    PropertySpec("signed", Type.DATE, FieldType.DATE, "Signed", "Signée"),
    PropertySpec("createdate", Type.DATETIME, FieldType.DATE, "Create date", "Date de création"),
    PropertySpec("closedate", Type.DATETIME, FieldType.DATE, "Close date", "Date de conclusion"),
    PropertySpec("lastmodifieddate", Type.DATETIME, FieldType.DATE, "Last modified date", ""),
)
RATES = Rates("EUR", {"USD": ((date(2026, 1, 1), Decimal("0.9")), (date(2026, 2, 1), Decimal("0.8")))})
AROUND = Surroundings(UTC, RATES)
VALUES: dict[Any, Any] = {
    "amount": Decimal("12.5"),
    "city": "Saint-Malo",
    "won": True,
    "stage": "won",
    "interests": ("events", "products"),
    "signed": date(2026, 3, 1),
    "createdate": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "closedate": datetime(2026, 3, 3, 18, tzinfo=UTC),
}


def catalog(name: str, *more: PropertySpec) -> Catalog:
    return Catalog(name, f"{name}s", name, name, name, name, (), properties={spec.name: spec for spec in (*SPECS, *more)})


def calculation(name: str, formula: str) -> PropertySpec:
    return PropertySpec(name, Type.NUMBER, FieldType.CALCULATION, name, name, formula=formula)


KNOWN = Known({"deal": catalog("deal"), "contact": catalog("contact")}, (Link("deal_to_contact", 1, "deal", "contact"),))


def value(formula: str, **values: Any) -> str | None:
    return calculated(result(check(formula, "deal", KNOWN).tree, AROUND), VALUES | values)


def problems(formula: str) -> list[str]:
    with pytest.raises(FormulaError) as raised:
        check(formula, "deal", KNOWN)
    return [problem.sentence(str, "en") for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("-(2 - 5) * -1", "-3"),
        ("amount * 0.2", "2.5"),
        ("2 / 3", "0.666667"),
        ('stage = "WON" and amount >= 12.5', "true"),
        ('stage in ("lost", "won")', "true"),
        ('stage not in ("lost")', "true"),
        ("won is true", "true"),
        ("won is not true", "false"),
        ("city is unknown", "false"),
        ('if(amount > 10, "large", "small")', "large"),
        ("if(won, closedate, null)", "2026-03-03T18:00:00.000Z"),
        ("time_between(createdate, closedate)", "194400000"),
        ("days_between(signed, closedate)", "2.75"),
        ("floor(days_between(createdate, closedate))", "2"),
        ("first_known(zip, city)", "Saint-Malo"),
        ('concat(city, " / ", amount)', "Saint-Malo / 12.5"),
        ('has(interests, "events") and not has(interests, "news")', "true"),
        ('signed < date("2026-03-02") and closedate > date("2026-03-03")', "true"),
        ("max(signed, closedate) = closedate", "true"),
        ('home_currency(amount, "USD", closedate)', "10"),
        ('home_currency(amount, "USD", date("2025-12-31"))', "11.25"),
        ("home_currency(amount, deal_currency_code, closedate)", "12.5"),
        ("round(amount / 3, 2)", "4.17"),
        ("year(closedate) * 100 + month(closedate)", "202603"),
        ("[amount] + 1", "13.5"),
    ],
)
def test_a_formula_gives(formula: str, expected: str) -> None:
    assert value(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "zip = 'x' or zip != 'x'",
        "amount / 0",
        "amount / (amount - 12.5)",
        "amount + if(won, null, 1)",
        "if(zip = 'x', 1, 2)",
        'home_currency(amount, "GBP", closedate)',
        "amount * 1000000000000",
        "not (zip = 'x')",
        'concat(zip, "x")',
    ],
)
def test_what_has_no_value_has_no_result(formula: str) -> None:
    assert value(formula) is None


def test_one_side_may_decide_for_a_side_without_a_value() -> None:
    assert value("zip = 'x' or won") == "true"
    assert value("zip = 'x' and not won") == "false"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_an_example_that_can_be_used(name: str) -> None:
    assert name in FUNCTIONS[name].example
    check(FUNCTIONS[name].example, "deal", KNOWN)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("", ["The formula is empty."]),
        ("amount *", ["The formula ends too early: something is missing behind its last word."]),
        ("(amount", ["A parenthesis is opened and never closed."]),
        ("amount ; 2", ["“;” at character 8 means nothing in a formula."]),
        ("city = “Lyon”", ['A text needs a straight quotation mark at both ends: "closedwon".']),
        ("amout + 1", ["There is no property “amout”. Did you mean “amount”?"]),
        ("[Close date] > signed", ["There is no property “Close date”. Did you mean “closedate”?"]),
        ("rond(amount)", ["There is no function “rond”. Did you mean “round”?"]),
        ("round()", ["“round” is written like this: round(amount * 0.055, 2)."]),
        ("amount + city", ["“+” needs a number, and “city” is a text."]),
        ("amount > city", ["“amount” is a number and “city” is a text: “>” cannot compare them."]),
        ('if(won, 1, "x")', ["“if” would give now a number, now a text; it has to be one of them."]),
        ("interests", ["The formula gives several options, which no property can hold."]),
        ("time_between(lastmodifieddate, closedate)", ["“Last modified date” cannot be used: the calculation itself would change it."]),
        ("sum of amount over ticket", ["“ticket” is neither an associated object type nor an association. Possible: contact."]),
        ("sum of city over contact", ["“City” is a text, so it has no sum."]),
        ("sum over contact", ["“sum” needs a property: sum of amount over deal."]),
        ("count over contact where amount > zip", ["After “where”, properties of the associated records are compared with written values"]),
        ("date(city)", ['A day is written out like this: date("2026-01-31").']),
        ("amout + round(city)", ["There is no property “amout”", "“round” cannot take “city”, which is a text."]),
        ("(" * 60 + "1" + ")" * 60, ["The formula nests its parts too deeply"]),
    ],
)
def test_every_mistake_is_told_in_a_sentence(formula: str, expected: list[str]) -> None:
    told = problems(formula)
    assert len(told) == len(expected)
    assert all(sentence.startswith(start) for sentence, start in zip(told, expected, strict=True)), told


def test_a_value_that_is_no_option_is_a_doubt_and_no_mistake() -> None:
    (remark,) = check('stage = "wom"', "deal", KNOWN).remarks
    assert remark.sentence(str, "en") == "“wom” is not an option of “Stage”. Did you mean “won”?"


def test_a_formula_may_not_read_what_it_gives() -> None:
    known = Known(
        {
            "deal": catalog("deal", calculation("twice", "half * 2"), calculation("half", "amount / 2")),
            "contact": catalog("contact", calculation("revenue", "sum of twice over deal")),
        },
        KNOWN.links,
    )
    assert book(known, AROUND).levels == {("deal", "half"): 0, ("deal", "twice"): 1, ("contact", "revenue"): 2}
    assert circle(known, ("deal", "half"), parse("average of revenue over contact"))
    assert circle(known, ("deal", "half"), parse("half + 1"))
    assert not circle(known, ("deal", "half"), parse("amount / 3"))


def test_formulas_that_go_round_are_left_out_and_told() -> None:
    known = Known({"deal": catalog("deal", calculation("a", "b + 1"), calculation("b", "a + 1"), calculation("c", "amount + 1"))})
    made = book(known, AROUND)
    assert [formula.name for formula in made.formulas] == ["c"]
    assert set(made.broken) == {("deal", "a"), ("deal", "b")}


numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=6)
trees = st.recursive(
    st.one_of(numbers.map(lambda n: Number(abs(n))), st.sampled_from(["x", "y", "z"]).map(Own)),
    lambda inner: st.one_of(
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner), st.builds(Minus, inner)
    ),
    max_leaves=12,
)  # fmt: skip


@given(tree=trees, x=st.none() | numbers, y=numbers, z=numbers)
def test_arithmetic_is_exact_and_what_is_written_is_read_back(tree: Node, x: Decimal | None, y: Decimal, z: Decimal) -> None:
    values = {"x": x, "y": y, "z": z}
    assert parse(written(tree)) == tree
    exact = naive(tree, {name: None if each is None else Fraction(each) for name, each in values.items()})
    got = calculated(result(tree, AROUND), values)
    if got is None:
        assert exact is None or abs(exact) >= 10**12 - 1
    else:
        assert exact is not None
        assert abs(Fraction(got) - exact) <= Fraction(1, 2_000_000) + Fraction(1, 10**40)


def written(tree: Node) -> str:
    match tree:
        case Number():
            return f"{tree.value:f}"
        case Own():
            return tree.name
        case Minus():
            return f"(-{written(tree.of)})"
        case Arithmetic():
            return f"({written(tree.left)} {tree.operator} {written(tree.right)})"
    raise AssertionError(tree)


def naive(tree: Node, values: dict[str, Fraction | None]) -> Fraction | None:
    match tree:
        case Number():
            return Fraction(tree.value)
        case Own():
            return values[tree.name]
        case Minus():
            inner = naive(tree.of, values)
            return None if inner is None else -inner
        case Arithmetic():
            left, right = naive(tree.left, values), naive(tree.right, values)
            if left is None or right is None or (tree.operator == "/" and not right):
                return None
            return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else None}[tree.operator]
    raise AssertionError(tree)


def test_every_function_is_described() -> None:
    described = (Path(__file__).parents[3] / "docs" / "calculated.md").read_text()
    assert [name for name, function in FUNCTIONS.items() if f"| `{function.example}` |" not in described] == []
