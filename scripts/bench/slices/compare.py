"""Holds the best slices of tables, and the time to find them, against SliceLine's; see README.md beside this file."""

import json
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from sliceline.slicefinder import Slicefinder

ALPHA, K = 0.95, 10


def flights(folder: pathlib.Path) -> pd.DataFrame:
    """Gives the log loss of real predictions of 2013 by what was known of the flights."""
    read = pd.read_parquet(folder / "small" / "predictions.parquet")
    outcomes = pd.read_parquet(folder / "small" / "outcomes.parquet").drop_duplicates("flight_id")
    both = read.merge(outcomes, on="flight_id", suffixes=("", "_o"))
    y = both["late15"].astype(float)
    p = both["score"].clip(1e-15, 1 - 1e-15)
    table = pd.DataFrame({name: both[name].astype(str) for name in ("carrier", "dest", "sched_dep_hour_local", "is_weekend")})
    for name in ("distance_mi", "wx_temp_f", "wx_wind_speed_mph", "wx_visib_mi", "origin_dep_delay_mean_6h", "carrier_arr_delay_mean_7d", "plane_seats"):
        table[name] = pd.qcut(both[name], 6, duplicates="drop").astype(str)
    table["error"] = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return table


def drawn(rows: int, columns: int) -> pd.DataFrame:
    """Draws a table with a bad conjunction of two values."""
    rng = np.random.default_rng(7)
    table = pd.DataFrame({f"c{i}": rng.integers(0, 2 + i % 9, rows).astype(str) for i in range(columns)})
    error = rng.exponential(0.4, rows)
    error[(table["c4"] == "1") & (table["c7"] == "2")] += 1.5
    table["error"] = error
    return table


def ours(program: str, path: pathlib.Path, least: int, depth: int) -> dict:
    text = subprocess.run([program, "-alpha", str(ALPHA), "-k", str(K), "-depth", str(depth), "-least", str(least), str(path)],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def theirs(table: pd.DataFrame, least: int, depth: int) -> tuple[float, list[float]]:
    """Gives the seconds and the best scores; no scores where the memory does not do."""
    columns = [name for name in table.columns if name != "error"]
    began = time.perf_counter()
    finder = Slicefinder(alpha=ALPHA, k=K, max_l=depth, min_sup=least, verbose=False)
    try:
        finder.fit(table[columns], table["error"].to_numpy())
    except MemoryError:
        return float("nan"), []
    seconds = time.perf_counter() - began
    return seconds, [float(stats["slice_score"]) for stats in finder.top_slices_statistics_][:K]


def main() -> int:
    program, folder, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    failed = False
    print("| table | rows x columns | predicates | rows of a slice | same scores | seconds | SliceLine 0.3.0 | ratio |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |")
    july, large = flights(folder), drawn(50_000, 30)
    for name, table, least, depth in (("flights of July 2013", july, 75, 3), ("drawn", large, 500, 2), ("drawn", large, 500, 3)):
        path = work / "table.csv"
        table.to_csv(path, index=False)
        mine = [ours(program, path, least, depth) for _ in range(3)]
        seconds = sorted(m["seconds"] for m in mine)[1]
        other, want = theirs(table, least, depth)
        scores = [s["score"] for s in mine[0]["slices"]]
        same = len(scores) == len(want) and bool(np.allclose(scores, want, rtol=1e-6, atol=1e-9))
        told, took, ratio = f"yes, {len(want)}" if same else "NO", f"{other:.2f}", f"{other / seconds:.0f}"
        if not want:
            told, took, ratio = "-", "out of memory", "-"
        elif not same:
            failed = True
            print(f"ours {scores}\nSliceLine {want}", file=sys.stderr)
        print(f"| {name} | {len(table):,} x {len(table.columns) - 1} | {depth} | {least} | {told} | {seconds:.3f} | {took} | {ratio} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    raise SystemExit(main())
