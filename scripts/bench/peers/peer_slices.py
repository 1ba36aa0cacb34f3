"""Two slice finders, SliceLine and DivExplorer, over the window: where is the model worst?

Both want discrete columns: numbers go into ten bins of equal frequency, as their documentation asks for bins and leaves
the choice open. SliceLine is set as in its demo on California's housing (alpha 0.95, four predicates at most), but with
slices of at least a hundredth of the window in place of one row; with its default alpha of 0.6 it found no slice in the
cases tried. DivExplorer looks for subgroups of at least a twentieth whose error rate diverges most, pruned as its README
does (redundancy 0.01, t above 2). Where no outcome of the window stands, there is no error to look at and no slice.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from divexplorer import DivergenceExplorer, DivergencePatternProcessor
from sliceline.slicefinder import Slicefinder

from answer import Answer
from cases import Case

BINS = 10
TOP = 3
SMALLEST_SLICE = 0.01
SMALLEST_SUBGROUP = 0.05
REDUNDANCY = 0.01
T_VALUE = 2
ERROR = "error"


def judged(case: Case) -> pd.DataFrame:
    """Keeps the window's predictions whose outcome stands: the others have no error."""
    return case.window[case.window["y"].notna()].reset_index(drop=True)


def discrete(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Puts numbers into bins of equal frequency (fewer where values tie); words and flags stay as they are."""
    columns = {}
    for name in case.numeric:
        columns[name] = pd.qcut(rows[name], BINS, duplicates="drop").astype(str)
    for name in case.text + case.calendar:
        columns[name] = rows[name].astype(str)
    return pd.DataFrame(columns)


def log_loss(rows: pd.DataFrame) -> np.ndarray:
    """Gives each row's log loss."""
    score = rows["score"].clip(1e-15, 1 - 1e-15).to_numpy()
    return -np.log(np.where(rows["y"].to_numpy() == 1, score, 1 - score))


def sliceline(case: Case) -> Answer:
    """Gives the columns of the slices that SliceLine scores highest by log loss."""
    began = time.perf_counter()
    rows = judged(case)
    if rows.empty:
        return Answer("SliceLine", [], None, time.perf_counter() - began)
    table = discrete(case, rows)
    finder = Slicefinder(alpha=0.95, k=TOP, max_l=4, min_sup=SMALLEST_SLICE, verbose=False)
    finder.fit(table, log_loss(rows))
    places = [[name for name, value in zip(table.columns, found) if value is not None] for found in finder.top_slices_]
    return Answer("SliceLine", places[:TOP], None, time.perf_counter() - began)


def divexplorer(case: Case) -> Answer:
    """Gives the columns of the subgroups whose error rate, at a threshold of 0.5, exceeds the window's most."""
    began = time.perf_counter()
    rows = judged(case)
    if rows.empty:
        return Answer("DivExplorer", [], None, time.perf_counter() - began)
    table = discrete(case, rows)
    attributes = list(table.columns)
    table[ERROR] = ((rows["score"] >= 0.5) != (rows["y"] == 1)).astype(int)
    found = DivergenceExplorer(table).get_pattern_divergence(
        min_support=SMALLEST_SUBGROUP, attributes=attributes, boolean_outcomes=[ERROR]
    )
    kept = DivergencePatternProcessor(found, ERROR).redundancy_pruning(th_redundancy=REDUNDANCY)
    kept = kept[kept[f"{ERROR}_t"] > T_VALUE].sort_values(f"{ERROR}_div", ascending=False, kind="stable")
    places = [sorted(item.split("=", 1)[0] for item in itemset) for itemset in kept["itemset"].head(TOP)]
    return Answer("DivExplorer", places, None, time.perf_counter() - began)
