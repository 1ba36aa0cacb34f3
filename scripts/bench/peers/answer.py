"""What a peer says of a case, in one form for all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Answer:
    """A peer's answer: its first places, best first, each with the columns it names; a slice may name several."""

    tool: str
    places: list[list[str]]
    flagged: list[str] | None  # the columns it raises an alarm about; None if the tool knows no alarm
    seconds: float
    note: str = ""

    def names(self, columns: set[str], first: int) -> bool:
        """Tells whether one of the first places names one of the columns."""
        return any(columns & set(place) for place in self.places[:first])
