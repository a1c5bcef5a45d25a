"""The streams of the flow in a real browser, in French: pointed at, opened, and upright on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, Visitor

pytestmark = pytest.mark.browser


def test_a_band_says_what_it_is_and_opens_its_journeys(visit: Visitor) -> None:
    window = visit(language="fr")
    page = window.open("/reports/lifecycle/flow/?period=all_time")
    bands = page.locator(".streams-wide a.stream")
    told = bands.first.get_attribute("data-told") or ""
    bands.first.hover()
    expect(page.locator(".streams-tip")).to_have_text(told)
    assert window.axe() == []
    href = bands.first.get_attribute("href")
    counted = page.locator(f'#flow a[href="{href}"]').inner_text()
    bands.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(counted)


def test_on_a_phone_the_streams_run_downwards(visit: Visitor) -> None:
    page = visit(PHONE, language="fr").open("/reports/lifecycle/flow/?period=all_time")
    expect(page.locator("svg.is-upright")).to_be_visible()
    expect(page.locator(".streams-wide")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
