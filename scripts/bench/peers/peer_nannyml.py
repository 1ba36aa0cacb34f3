"""NannyML, as its ranking tutorial uses it: univariate drift by day, then the features in an order to look at.

Drift is measured with the defaults (Jensen-Shannon, threshold at three standard deviations above the mean of the
baseline's days). The tutorial shows three orders, and each is an answer of its own: by the number of alerts in the
window; by correlation with the change of realised performance, over the days of baseline and window; and the same over
the window alone. Performance is ROC AUC: of the metrics that NannyML has for two classes it alone needs no threshold,
and log loss is none of them.
"""

from __future__ import annotations

import time

import nannyml as nml
import pandas as pd

from answer import Answer
from cases import Case

METHOD = "jensen_shannon"
METRIC = "roc_auc"


def drift(case: Case):
    """Fits drift thresholds on the baseline's days and measures each column on each day of the window."""
    calculator = nml.UnivariateDriftCalculator(
        column_names=case.numeric + case.text,
        treat_as_categorical=case.text,
        timestamp_column_name="predicted_at",
        continuous_methods=[METHOD],
        categorical_methods=[METHOD],
        chunk_period="D",
    )
    return calculator.fit(case.baseline).calculate(case.window)


def performance(case: Case):
    """Calculates the realised ROC AUC of each day; predictions whose outcome does not stand are left out by NannyML."""
    calculator = nml.PerformanceCalculator(
        y_true="y",
        y_pred_proba="score",
        timestamp_column_name="predicted_at",
        problem_type="classification_binary",
        metrics=[METRIC],
        chunk_period="D",
    )
    return calculator.fit(case.baseline).calculate(case.window)


def alarms(drifted) -> list[str]:
    """Lists the columns with an alert on any day of the window."""
    window = drifted.filter(period="analysis")
    return sorted(key.display_names[0] for key in window.keys() if window.alerts(key).any())


def by_alerts(drifted) -> list[str]:
    """Ranks columns by their days with an alert in the window; those with none are not ranked."""
    ranked = nml.AlertCountRanker().rank(drifted.filter(period="analysis"), only_drifting=True)
    return list(ranked["column_name"])


def by_correlation(drifted, realised, period: str) -> list[str]:
    """Ranks columns by how their drift goes with the change of performance; those without a correlation are left out."""
    ranker = nml.CorrelationRanker()
    ranker.fit(realised.filter(period="reference"))
    ranked: pd.DataFrame = ranker.rank(drifted.filter(period=period), realised.filter(period=period))
    return list(ranked.dropna(subset=["pearsonr_correlation"])["column_name"])


def answers(case: Case) -> list[Answer]:
    """Gives NannyML's three orders; the time of drift and performance counts for each that needs them."""
    began = time.perf_counter()
    drifted = drift(case)
    flagged = alarms(drifted)
    drift_took = time.perf_counter() - began

    def answer(name: str, order: list[str], since: float, before: float) -> Answer:
        took = before + time.perf_counter() - since
        return Answer(f"NannyML, {name}", [[column] for column in order], flagged, took)

    began = time.perf_counter()
    all_answers = [answer("alert count", by_alerts(drifted), began, drift_took)]
    began = time.perf_counter()
    realised = performance(case)
    both_took = drift_took + time.perf_counter() - began
    for name, period in (("correlation, all days", "all"), ("correlation, window's days", "analysis")):
        began = time.perf_counter()
        all_answers.append(answer(name, by_correlation(drifted, realised, period), began, both_took))
    return all_answers
