"""One loop, every night: the UTC day that has just ended is taken in, judged and published.

Airflow 3. For Airflow 2.10 and 2.11 replace the first two imports by

    from airflow import DAG
    from airflow.datasets import Dataset as Asset

and, without the standard provider, the next two by

    from airflow.operators.bash import BashOperator
    from airflow.sensors.time_delta import TimeDeltaSensor

What it needs: `plumbline` on the PATH of the workers, and the Variable `plumbline_loop` with the absolute path of the loop file. The
Variable `plumbline_metrics_file` (default none) names a file for node_exporter.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from airflow.sdk import DAG, Asset
from airflow.timetables.interval import CronDataIntervalTimetable

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor

# Who waits for a night's findings names this asset; nothing is opened by it.
FINDINGS = Asset("x-plumbline://findings")

with DAG(
    "plumbline_nightly",
    # An interval of its own, on UTC midnights. A cron string would give none: since Airflow 3 it stands for an instant.
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2013, 3, 1),
    catchup=False,
    # Nights may come in any order and at once: the ledger has one writer at a time and ends up the same. One at a time is kinder to the machine.
    max_active_runs=1,
    default_args={
        # A repeated night ends in the same ledger, so that repeating it is always safe.
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=3),
    },
    doc_md=__doc__,
    tags=["plumbline"],
) as dag:
    # Better where there is one: a sensor for the job that delivers the data, or its asset as the schedule.
    wait = TimeDeltaSensor(
        task_id="wait_for_data",
        delta=timedelta(minutes=180),
        mode="reschedule",
        timeout=timedelta(hours=12).total_seconds(),
    )

    run = BashOperator(
        task_id="run",
        # exec: SIGTERM reaches plumbline itself, which then is gone within five seconds and leaves the ledger as it was.
        bash_command='exec plumbline run "$LOOP" --from "$FROM" --to "$TO" --on-empty skip ${METRICS:+--metrics-file "$METRICS"}',
        # Values reach the command as variables: the operator does not quote what it renders into it.
        env={
            "LOOP": "{{ var.value.plumbline_loop }}",
            "FROM": "{{ data_interval_start }}",
            "TO": "{{ data_interval_end }}",
            "METRICS": "{{ var.value.get('plumbline_metrics_file', '') }}",
            # With the OpenLineage provider installed, name the run above:
            # "OPENLINEAGE_PARENT_ID": "{{ macros.OpenLineageProviderPlugin.lineage_parent_id(task_instance) }}",
            # "OPENLINEAGE_ROOT_PARENT_ID": "{{ macros.OpenLineageProviderPlugin.lineage_root_parent_id(task_instance) }}",
        },
        append_env=True,  # without it the command has no PATH
        skip_on_exit_code=99,  # what --on-empty skip ends with
        output_processor=json.loads,  # the last line is the result
        outlets=[FINDINGS],
    )

    wait >> run
