# SPDX-License-Identifier: Apache-2.0
"""Fills a real MLflow server with the models of fixtures/models: mlflow_fill.py URL FIXTURES

Waits until the server is up. Prints NAME RUN_ID lines. Uses REST alone, as a gate does.
"""
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

url, fixtures = sys.argv[1], pathlib.Path(sys.argv[2])


def call(path, **body):
    request = urllib.request.Request(f"{url}/api/2.0/mlflow/{path}", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=60))


def wait():
    end = time.time() + 150
    while time.time() < end:
        try:
            if urllib.request.urlopen(f"{url}/health", timeout=5).read() == b"OK":
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("the server does not come up")


def add(name, like, status="FINISHED", value=None):
    record = json.loads((fixtures / like / "metrics.json").read_text())
    run = call("runs/create", experiment_id="0", run_name=name,
               start_time=1790000000000)["run"]["info"]["run_id"]
    metrics = [{"key": key, "value": number, "timestamp": 1790000000001, "step": 0}
               for key, number in record["metrics"].items()]
    if value is not None:
        metrics = [m for m in metrics if m["key"] != "accuracy"]
        call("runs/log-metric", run_id=run, key="accuracy", value=value, timestamp=1790000000001)
    tags = {"git_commit": record["git_commit"], "data.sha256": record["data"]["sha256"],
            "model.sha256": record["model_sha256"]}
    call("runs/log-batch", run_id=run, metrics=metrics,
         tags=[{"key": key, "value": text} for key, text in tags.items()])
    if status:
        call("runs/update", run_id=run, status=status, end_time=1790000000100)
    made = call("model-versions/create", name="clf", source="s3://models/x", run_id=run)
    print(name, run, made["model_version"]["version"], flush=True)
    return run


wait()
call("registered-models/create", name="clf")
add("weak", "digits-weak")
add("logreg", "digits-logreg")
add("forest", "digits-forest")
add("running", "digits-logreg", status=None)
add("failed", "digits-logreg", status="FAILED")
add("nan", "digits-logreg", value="NaN")
add("infinite", "digits-logreg", value="Infinity")
call("runs/delete", run_id=add("deleted", "digits-logreg"))
