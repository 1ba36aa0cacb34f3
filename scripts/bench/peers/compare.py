"""Asks every peer about every case and prints one Markdown table. Exits 1 where a peer could not answer."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import traceback
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import peer_evidently  # noqa: E402
import peer_nannyml  # noqa: E402
import peer_slices  # noqa: E402
from answer import Answer  # noqa: E402
from cases import Case, folders, load  # noqa: E402
from table import Told, markdown  # noqa: E402

PEERS = {
    "NannyML": peer_nannyml.answers,
    "Evidently": peer_evidently.answers,
    "SliceLine": lambda case: [peer_slices.sliceline(case)],
    "DivExplorer": lambda case: [peer_slices.divexplorer(case)],
}


def record(case: Case, answer: Answer) -> dict[str, object]:
    """Gives an answer as a line of cases.jsonl."""
    return {
        "case": case.name,
        "set": case.part,
        "tool": answer.tool,
        "at_fault": sorted(case.at_fault),
        "places": answer.places[:3],
        "flagged": answer.flagged,
        "note": answer.note,
        "seconds": round(answer.seconds, 3),
    }


def ask(case: Case) -> tuple[list[Answer], list[str]]:
    """Asks all peers about a case; what one cannot answer is told, and the others are asked all the same."""
    given: list[Answer] = []
    failed: list[str] = []
    for name, answers in PEERS.items():
        try:
            given += answers(case)
        except Exception:
            failed.append(f"{name} on {case.name}: {traceback.format_exc()}")
    return given, failed


def run(root: Path, part: str | None, out: Path | None) -> int:
    """Goes through the cases, prints the table, and writes it and all answers to out."""
    found = folders(root, part)
    if not found:
        print(f"compare: no case.json in a folder of {root}" + (f" is of the set {part}" if part else ""), file=sys.stderr)
        return 1
    by_tool: dict[str, list[Told]] = {}
    records: list[dict[str, object]] = []
    failures: list[str] = []
    outcome_faults = 0
    for number, folder in enumerate(found, 1):
        case = load(folder)
        print(f"{number}/{len(found)} {case.name}", file=sys.stderr, flush=True)
        outcome_faults += case.faulty and not case.at_fault
        given, failed = ask(case)
        failures += failed
        for answer in given:
            by_tool.setdefault(answer.tool, []).append(Told(case.faulty, case.at_fault, answer))
            records.append(record(case, answer))
    text = markdown(by_tool, outcome_faults)
    print(text, end="")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "table.md").write_text(text)
        (out / "cases.jsonl").write_text("".join(json.dumps(line) + "\n" for line in records))
    for failure in failures:
        print(f"compare: {failure}", file=sys.stderr)
    return 1 if failures else 0


def main() -> int:
    """Reads the command line and runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, help="folder with one folder per case")
    parser.add_argument("--set", choices=["dev", "test"], help="the cases of one set alone")
    parser.add_argument("--out", type=Path, help="folder for table.md and cases.jsonl")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    return run(options.cases, options.set, options.out)


if __name__ == "__main__":
    sys.exit(main())
