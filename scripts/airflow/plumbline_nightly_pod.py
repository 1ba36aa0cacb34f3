"""The same night in a pod of its own, for Airflow on Kubernetes.

The image has `plumbline` as its program; /data is a volume that holds the loop file, its inputs and the ledger. The result is what
`--result-file` writes, since XCom is not the last line of a pod's output. Code 99 is a failure to this operator unless it is named.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG, Asset
from airflow.timetables.interval import CronDataIntervalTimetable
from kubernetes.client import models as k8s

with DAG(
    "plumbline_nightly_pod",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2013, 3, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(hours=3)},
    doc_md=__doc__,
    tags=["plumbline"],
) as dag:
    KubernetesPodOperator(
        task_id="run",
        name="plumbline",
        image="{{ var.value.plumbline_image }}",
        cmds=["plumbline"],
        arguments=[
            "run",
            "{{ var.value.plumbline_loop }}",
            "--from", "{{ data_interval_start }}",
            "--to", "{{ data_interval_end }}",
            "--on-empty", "skip",
            "--result-file", "/airflow/xcom/return.json",
        ],
        skip_on_exit_code=99,
        do_xcom_push=True,
        termination_grace_period=10,  # plumbline is gone five seconds after SIGTERM
        volumes=[k8s.V1Volume(name="data", persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(claim_name="plumbline"))],
        volume_mounts=[k8s.V1VolumeMount(name="data", mount_path="/data")],
        container_resources=k8s.V1ResourceRequirements(requests={"cpu": "2", "memory": "4Gi"}, limits={"memory": "8Gi"}),
        outlets=[Asset("x-plumbline://findings")],
    )
