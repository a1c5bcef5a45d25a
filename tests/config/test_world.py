"""What the tests themselves stand on."""

from __future__ import annotations

import pytest

from jalon.accounts.models import Team


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_the_house_as_it_was_seeded(house: None, turn: int) -> None:
    assert Team.objects.create(name="Sales").id == 1
