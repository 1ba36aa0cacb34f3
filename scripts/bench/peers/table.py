"""The Markdown table of all answers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median

from answer import Answer

HEAD = [
    "tool",
    "fault cases",
    "cause's feature first",
    "among first three",
    "no-fault cases flagged",
    "seconds per case (median)",
]
OUTCOMES = "any of them, faults of the outcomes"


@dataclass
class Told:
    """One answer beside what is true of its case."""

    faulty: bool
    at_fault: set[str]
    answer: Answer


def row(*cells: object) -> str:
    """Writes a row of the table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def of(hits: list[bool]) -> str:
    """Writes how many of the cases it is true of."""
    return f"{sum(hits)} of {len(hits)}" if hits else "no case"


def no_alarm(told: list[Told]) -> bool:
    """Tells a slice finder: it gives the worst slices whether something broke or not, and no alarm."""
    return any(one.answer.flagged is None for one in told)


def tool_row(tool: str, told: list[Told]) -> str:
    """Writes a tool's row: hits over the faults of features, alarms over the cases without a fault."""
    faults = [one for one in told if one.faulty and one.at_fault]
    sound = [one for one in told if not one.faulty]
    first = of([one.answer.names(one.at_fault, 1) for one in faults])
    three = of([one.answer.names(one.at_fault, 3) for one in faults])
    if no_alarm(told):
        gave = [bool(one.answer.places) for one in sound]
        flagged = "always" if gave and all(gave) else f"no alarm; slices in {of(gave)}"
    else:
        flagged = of([bool(one.answer.flagged) for one in sound])
    return row(tool, len(faults), first, three, flagged, f"{median(one.answer.seconds for one in told):.1f}")


def slices_note(tool: str, told: list[Told]) -> str:
    """Says how many columns a slice finder names, as a longer list meets a feature more often by chance."""
    first = mean(len({name for place in one.answer.places[:1] for name in place}) for one in told)
    three = mean(len({name for place in one.answer.places[:3] for name in place}) for one in told)
    return f"{tool} names {first:.1f} columns in its first slice and {three:.1f} in its first three, on average."


def dataset_note(by_tool: dict[str, list[Told]]) -> str:
    """Says how often Evidently's stricter alarm, dataset drift, was raised without a fault."""
    sound = [one for tool, told in by_tool.items() if tool.startswith("Evidently") for one in told if not one.faulty]
    return f"Evidently's dataset drift (half of the columns) without a fault: {of([bool(one.answer.note) for one in sound])}."


def markdown(by_tool: dict[str, list[Told]], outcome_faults: int) -> str:
    """Writes the table and the lines below it."""
    lines = [
        row(*HEAD),
        row("---", *["---:"] * (len(HEAD) - 1)),
    ]
    lines += [tool_row(tool, told) for tool, told in by_tool.items()]
    if outcome_faults:
        lines.append(row(OUTCOMES, outcome_faults, "none right", "none right", "-", "-"))
    lines += ["", "What is named is a feature: never the cause, the job, the parameters or the onset.", ""]
    lines += [slices_note(tool, told) for tool, told in by_tool.items() if no_alarm(told)]
    lines.append(dataset_note(by_tool))
    return "\n".join(lines) + "\n"
