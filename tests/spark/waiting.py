"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 240.0  # seconds; a Spark job of a few rows takes some 15 on two cores that nobody else uses


def until(condition: Callable[[], Found | None], what: str, patience: float = PATIENCE) -> Found:
    """What the condition gives as soon as it is true."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(0.05)
