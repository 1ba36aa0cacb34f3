"""Asks every peer about every case and prints one Markdown table. Exits 1 where a peer could not answer."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any

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
        "faulty": case.faulty,
        "at_fault": sorted(case.at_fault),
        "tool": answer.tool,
        "places": answer.places[:3],
        "flagged": answer.flagged,
        "note": answer.note,
        "seconds": round(answer.seconds, 3),
    }


def told(line: dict[str, Any]) -> Told:
    """Reads such a line back."""
    answer = Answer(line["tool"], line["places"], line["flagged"], line["seconds"], line["note"])
    return Told(line["faulty"], set(line["at_fault"]), answer)


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


def earlier(file: Path) -> tuple[list[dict[str, Any]], set[str]]:
    """Reads what an earlier run was told, and of which cases it was told all; a case that it ended in is asked again."""
    lines = [json.loads(line) for line in file.read_text().splitlines() if line.endswith("}")] if file.exists() else []
    whole = {line["case"] for line in lines if "failed" in line}
    return [line for line in lines if line["case"] in whole], whole


def run(root: Path, part: str | None, out: Path) -> int:
    """Goes through the cases that an earlier run did not ask about, and prints the table of all; out keeps it and the answers."""
    found = folders(root, part)
    if not found:
        print(f"compare: no case.json in a folder of {root}" + (f" is of the set {part}" if part else ""), file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    answers = out / "cases.jsonl"
    lines, known = earlier(answers)
    answers.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for number, folder in enumerate(found, 1):
        case = load(folder)
        if case.name in known:
            continue
        print(f"{number}/{len(found)} {case.name}", file=sys.stderr, flush=True)
        given, failed = ask(case)
        more: list[dict[str, Any]] = [record(case, answer) for answer in given]
        # The line that says that all were asked comes last.
        more.append({"case": case.name, "set": case.part, "faulty": case.faulty, "at_fault": sorted(case.at_fault), "failed": failed})
        lines += more
        with answers.open("a") as file:
            file.write("".join(json.dumps(line) + "\n" for line in more))
    by_tool: dict[str, list[Told]] = {}
    for line in lines:
        if "tool" in line:
            by_tool.setdefault(line["tool"], []).append(told(line))
    ends = [line for line in lines if "failed" in line]
    text = markdown(by_tool, sum(line["faulty"] and not line["at_fault"] for line in ends))
    print(text, end="")
    (out / "table.md").write_text(text)
    failures = [failure for line in ends for failure in line["failed"]]
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
    if options.out:
        return run(options.cases, options.set, options.out)
    with tempfile.TemporaryDirectory() as out:
        return run(options.cases, options.set, Path(out))


if __name__ == "__main__":
    sys.exit(main())
