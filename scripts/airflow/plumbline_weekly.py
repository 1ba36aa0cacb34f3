"""The integrity report of the week that has just ended, of one loop or many, as one HTML file to be mailed or put on a share.

Airflow 3. For Airflow 2.10 and 2.11 replace the first two imports by

    from airflow import DAG
    from airflow.datasets import Dataset as Asset

and, without the standard provider, the next two by

    from airflow.operators.bash import BashOperator
    from airflow.sensors.time_delta import TimeDeltaSensor

What it needs: `plumbline` on the PATH of the workers, the Variable `plumbline_loops` with the absolute paths of the loop files, a line each, and
the Variable `plumbline_reports` with the folder that reports go to. The ledgers that the nights keep are read, and stay as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import DAG, Asset
from airflow.timetables.interval import CronDataIntervalTimetable

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor

# Who mails the report names this asset; nothing is opened by it.
REPORT = Asset("x-plumbline://report")

with DAG(
    "plumbline_weekly",
    # Monday to Monday, UTC: the ISO week.
    schedule=CronDataIntervalTimetable("0 0 * * 1", timezone="UTC"),
    start_date=datetime(2013, 3, 4),
    catchup=False,
    max_active_runs=1,
    default_args={
        # The same ledgers give the same bytes, and an earlier report is replaced whole: repeating it is safe.
        "retries": 2,
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(minutes=30),
    },
    doc_md=__doc__,
    tags=["plumbline"],
) as dag:
    # The night of Sunday is to be in the ledgers. Better where there is one scheduler for both: a sensor for that night's task.
    wait = TimeDeltaSensor(
        task_id="wait_for_the_last_night",
        delta=timedelta(hours=7),
        mode="reschedule",
        timeout=timedelta(hours=24).total_seconds(),
    )

    report = BashOperator(
        task_id="report",
        bash_command='mapfile -t loops <<<"$LOOPS"; exec plumbline report "${loops[@]}" --week "$WEEK" --out "$FOLDER/integrity-$WEEK.html"',
        # Values reach the command as variables: the operator does not quote what it renders into it.
        env={
            "LOOPS": "{{ var.value.plumbline_loops }}",
            "FOLDER": "{{ var.value.plumbline_reports }}",
            "WEEK": "{{ data_interval_start.strftime('%G-W%V') }}",
        },
        append_env=True,  # without it the command has no PATH
        do_xcom_push=False,  # the report is a file; the last line is no more than a log line
        outlets=[REPORT],
    )

    wait >> report
