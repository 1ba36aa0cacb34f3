"""What a case folder holds, as every peer gets it: the predictions with the outcomes that stand, split by period."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

NUMERIC = [
    "dep_hour_local",
    "distance_mi",
    "origin_delay_mean_6h",
    "dest_delay_mean_3h",
    "route_delay_mean_7d",
    "origin_departures_1h",
    "status_late_share",
    "status_mean_delay_min",
    "dest_latitude_deg",
    "origin_status_mean_6h",
]
TEXT = ["dest_region", "origin", "dest"]
# Of days that are no whole week a weekend flag drifts by construction: no drift tool is asked about it.
CALENDAR = ["is_weekend"]


@dataclass
class Case:
    """One case: baseline and window have one row per prediction, with y (1, 0 or NaN where no outcome stands)."""

    name: str
    part: str  # "dev" or "test"
    faulty: bool
    at_fault: set[str]  # columns that name the fault: its features and its node, empty if the outcomes are at fault
    numeric: list[str]
    text: list[str]
    calendar: list[str]
    baseline: pd.DataFrame
    window: pd.DataFrame


def folders(root: Path, part: str | None) -> list[Path]:
    """Lists the case folders below root, those of one part ("dev" or "test") alone if one is given."""
    found = sorted(file.parent for file in root.glob("*/case.json"))
    if part:
        found = [folder for folder in found if json.loads((folder / "case.json").read_text())["set"] == part]
    return found


def load(folder: Path) -> Case:
    """Reads a case: predictions of both periods, each with the outcome that stands as of the case's as_of."""
    about = json.loads((folder / "case.json").read_text())
    rows = pd.read_parquet(folder / "predictions.parquet")
    outcomes = standing(pd.read_parquet(folder / "outcomes.parquet"), about["as_of"])
    baseline = period(rows, about["baseline"]).merge(outcomes, on="flight_id", how="left")
    window = period(rows, about["window"]).merge(outcomes, on="flight_id", how="left")
    for name, part in (("baseline", baseline), ("window", window)):
        if part.empty:
            raise ValueError(f"{folder}: no prediction in the {name} {about[name]}")
    columns = set(rows.columns)
    features = {name for fault in about["faults"] for name in fault["features"]}
    nodes = {fault["node"] for fault in about["faults"]} & {*NUMERIC, *TEXT, *CALENDAR}
    return Case(
        name=about["name"],
        part=about["set"],
        faulty=about["kind"] == "fault",
        at_fault=features | nodes,
        numeric=[name for name in NUMERIC if name in columns],
        text=[name for name in TEXT if name in columns],
        calendar=[name for name in CALENDAR if name in columns],
        baseline=baseline,
        window=window,
    )


def standing(outcomes: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Keeps of each flight the outcome that was recorded last by as_of; of several at one instant the last in the file."""
    known = outcomes[outcomes["recorded_at"] <= pd.Timestamp(as_of)]
    last = known.sort_values("recorded_at", kind="stable").drop_duplicates("flight_id", keep="last")
    return pd.DataFrame({"flight_id": last["flight_id"], "y": last["late15"].astype(float)})


def period(rows: pd.DataFrame, bounds: dict[str, str]) -> pd.DataFrame:
    """Cuts the predictions of a half-open interval. Instants lose their zone: they are UTC, and the peers want none."""
    at = rows["predicted_at"]
    cut = rows[(at >= pd.Timestamp(bounds["from"])) & (at < pd.Timestamp(bounds["to"]))].copy()
    cut["predicted_at"] = cut["predicted_at"].dt.tz_localize(None)
    return cut.sort_values(["predicted_at", "prediction_id"]).reset_index(drop=True)
