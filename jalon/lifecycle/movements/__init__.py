"""Movements: changes of the stage, as the change log tells them."""
