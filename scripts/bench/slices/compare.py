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

ALPHA, K, DEPTH = 0.95, 10, 3


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


def ours(program: str, path: pathlib.Path, least: int) -> dict:
    text = subprocess.run([program, "-alpha", str(ALPHA), "-k", str(K), "-depth", str(DEPTH), "-least", str(least), str(path)],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def theirs(table: pd.DataFrame, least: int) -> tuple[float, list[tuple[dict, float]]]:
    columns = [name for name in table.columns if name != "error"]
    began = time.perf_counter()
    finder = Slicefinder(alpha=ALPHA, k=K, max_l=DEPTH, min_sup=least, verbose=False)
    finder.fit(table[columns], table["error"].to_numpy())
    seconds = time.perf_counter() - began
    names = list(finder.get_feature_names_out())
    at = names.index("slice_score")
    found = [({c: v for c, v in zip(columns, row) if v is not None}, float(stats[at]))
             for row, stats in zip(finder.top_slices_, finder.top_slices_statistics_)]
    return seconds, found


def main() -> int:
    program, folder, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    failed = False
    print("| table | rows x columns | rows of a slice | same scores | seconds | SliceLine 0.3.0 | ratio |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: |")
    for name, table, least in (("flights of July 2013", flights(folder), 75), ("drawn", drawn(50_000, 30), 500)):
        path = work / "table.csv"
        table.to_csv(path, index=False)
        mine = [ours(program, path, least) for _ in range(3)]
        seconds = sorted(m["seconds"] for m in mine)[1]
        other, found = theirs(table, least)
        scores, want = [s["score"] for s in mine[0]["slices"]], [s for _, s in found]
        same = len(scores) == len(want) and bool(np.allclose(scores, want, rtol=1e-6, atol=1e-9))
        failed |= not same
        print(f"| {name} | {len(table):,} x {len(table.columns) - 1} | {least} | {'yes, ' + str(len(want)) if same else 'NO'} "
              f"| {seconds:.3f} | {other:.2f} | {other / seconds:.0f} |")
        if not same:
            print(f"ours {scores}\nSliceLine {want}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    raise SystemExit(main())
