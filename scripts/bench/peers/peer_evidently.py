"""Evidently, as its documentation starts: the data drift preset, the baseline as reference, the window as current.

The preset picks the method by column type and size; for more than 1,000 reference rows these are the normed Wasserstein
distance for numbers and the Jensen-Shannon distance for words, each drifted from 0.1 on.
"""

from __future__ import annotations

import time

from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

from answer import Answer
from cases import Case


def scores(case: Case) -> tuple[dict[str, float], list[str], float]:
    """Runs the preset: each column's drift score in units of its threshold, the drifted columns, and their share."""
    columns = case.numeric + case.text
    definition = DataDefinition(numerical_columns=case.numeric, categorical_columns=case.text)
    report = Report([DataDriftPreset(columns=columns)])
    snapshot = report.run(
        Dataset.from_pandas(case.window[columns], data_definition=definition),
        Dataset.from_pandas(case.baseline[columns], data_definition=definition),
    )
    by_column: dict[str, float] = {}
    share = 0.0
    for metric in snapshot.dict()["metrics"]:
        config = metric["config"]
        if "column" not in config:
            share = metric["value"]["share"]
        elif "distance" not in config["method"]:
            raise ValueError(f"{config['method']} of {config['column']} is no distance: scores cannot be compared")
        else:
            by_column[config["column"]] = float(metric["value"]) / config["threshold"]
    if set(by_column) != set(columns):
        raise ValueError(f"Evidently scored {sorted(by_column)}, asked was {sorted(columns)}")
    return by_column, sorted(name for name, score in by_column.items() if score >= 1), share


def answers(case: Case) -> list[Answer]:
    """Ranks all columns by drift score, also those below the threshold; the drifted ones are its alarms."""
    began = time.perf_counter()
    by_column, drifted, share = scores(case)
    order = sorted(by_column, key=lambda name: -by_column[name])
    took = time.perf_counter() - began
    note = "dataset drift" if share >= 0.5 else ""
    return [Answer("Evidently, data drift preset", [[name] for name in order], drifted, took, note)]
