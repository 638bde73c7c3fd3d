"""Answers in the shapes Google was recorded giving them: older versions, Structs, Knative. Names are made up."""

from typing import Any

from auditor.model.capture import Envelope
from auditor.model.deployment import Source, SourceKind
from auditor.model.exposure import AuthMode, Reach
from auditor.model.function import Function
from auditor.model.hosting import HostingKind, ServiceState
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known
from auditor.model.tags import Tags
from auditor.model.trigger import TriggerKind
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import (
    APPSPOT,
    COMPUTE,
    NUMBER,
    PROJECT,
    REGION,
    WHERE,
    MemoryCapture,
    asset,
    facts,
    guarded,
    ok,
    variable,
)
from tests.unit.providers.gcp.normalize.test_function import gap

ROW = {"projectNumber": NUMBER, "projectId": PROJECT, "parent": {"type": "organization", "id": "33"}}
URL = f"https://{REGION}-{PROJECT}.cloudfunctions.net/greet"
SERVICE = f"{WHERE}/services/hello"


def only(*answers: Envelope) -> Function:
    """The one function these answers tell of."""
    found = [ok("resourcemanager:SearchProjects", {"projects": [ROW]}), *answers]
    (function,) = normalize(MemoryCapture(facts(), found)).functions
    return function


def greet(**changes: Any) -> dict[str, Any]:
    """A function as version 1 of the API writes it."""
    return {
        "name": f"{WHERE}/functions/greet",
        "httpsTrigger": {"url": URL, "securityLevel": "SECURE_OPTIONAL"},
        "status": "ACTIVE",
        "entryPoint": "hello_http",
        "timeout": "60s",
        "availableMemoryMb": 128,
        "serviceAccountEmail": APPSPOT,
        "updateTime": "2026-04-28T15:48:07.615887051Z",
        "versionId": "1",
        "labels": {"env": "default"},
        "runtime": "python310",
        "ingressSettings": "ALLOW_ALL",
        "dockerRegistry": "ARTIFACT_REGISTRY",
        "sourceArchiveUrl": "gs://greet-source/greet.zip",
        "automaticUpdatePolicy": {},
        "buildServiceAccount": f"projects/{PROJECT}/serviceAccounts/{COMPUTE}",
    } | changes


def test_a_function_as_version_1_lists_it() -> None:
    found = only(ok("functions:ListFunctions", {"functions": [greet()]}))
    assert (found.hosting.need().kind, found.hosting.need().state.need()) == (
        HostingKind.FIRST_GENERATION,
        ServiceState.ACTIVE,
    )
    assert (found.runtime.need(), found.tags.need()) == ("python310", Tags({"env": "default"}))
    assert found.identity.need().id == APPSPOT
    assert (found.limits.timeout_seconds.need(), found.limits.memory_mb.need()) == (60, 128)
    assert found.limits.max_instances == Known(None, "functions:ListFunctions")
    assert found.transport.need().https_only.need() is False
    assert found.ingress.need().scope.need() is IngressScope.ALL
    (endpoint,) = found.endpoints.need()
    assert endpoint.url == URL
    deployed = found.deployment.need()
    assert deployed.source.need() == Source(kind=SourceKind.STORAGE, location="greet-source", branch=None)
    assert (deployed.build.identity.need(), deployed.build.automatic_updates.need()) == (COMPUTE, True)
    assert deployed.build.deployed_at.need() == "2026-04-28T15:48:07.615887051Z"


def test_a_function_of_2018_says_less_and_claims_no_more() -> None:
    old = greet()
    for key in ("ingressSettings", "automaticUpdatePolicy", "dockerRegistry", "buildServiceAccount"):
        del old[key]
    old["httpsTrigger"] = {"url": URL}
    found = only(ok("functions:ListFunctions", {"functions": [old]}))
    assert gap(found.ingress.need().scope)[0] is GapReason.MALFORMED
    assert gap(found.deployment.need().build.automatic_updates)[0] is GapReason.MALFORMED
    assert found.transport.need().https_only.need() is False  # HTTPS is optional unless it is asked for


def test_an_event_trigger_of_version_1() -> None:
    event = {
        "eventType": "providers/cloud.pubsub/eventTypes/topic.publish",
        "resource": f"projects/{PROJECT}/topics/audit",
        "service": "pubsub.googleapis.com",
        "failurePolicy": {},
    }
    body = {key: value for key, value in greet(eventTrigger=event).items() if key != "httpsTrigger"}
    found = only(ok("functions:ListFunctions", {"functions": [body]}))
    (trigger,) = (each for group in found.triggers for each in group.need())
    assert (trigger.kind, trigger.source, trigger.account) == (
        TriggerKind.TOPIC,
        f"projects/{PROJECT}/topics/audit",
        PROJECT,
    )
    assert trigger.retry.need() is False
    assert found.endpoints.need() == ()
    retried = body | {"eventTrigger": event | {"failurePolicy": {"retry": {}}}}
    (again,) = (
        each
        for group in only(ok("functions:ListFunctions", {"functions": [retried]})).triggers
        for each in group.need()
    )
    assert again.retry.need() is True


def test_an_asset_of_version_1_with_doubles_for_numbers() -> None:
    data = greet(availableMemoryMb=256.0, maxInstances=3000.0, dockerRegistry="CONTAINER_REGISTRY")
    del data["sourceArchiveUrl"]
    data["sourceUploadUrl"] = {"$redacted": "url"}
    data["environmentVariables"] = {"K": variable()}
    name = f"//cloudfunctions.googleapis.com/{WHERE}/functions/greet"
    found = only(
        ok(
            "asset:ListResources",
            {"assets": [asset("cloudfunctions.googleapis.com/CloudFunction", name, data)], "readTime": "2026-01-01"},
        )
    )
    assert (found.id, found.source) == (name, "asset:ListResources")
    assert (found.limits.memory_mb.need(), found.limits.max_instances.need()) == (256, 3000)
    assert [each.name for each in found.environment.need().variables] == ["K"]
    assert found.deployment.need().build.legacy_registry.need() is True
    assert found.deployment.need().source.need().kind is SourceKind.UPLOAD


def hello(**notes: str) -> dict[str, Any]:
    """A service as version 1 of Cloud Run's API, and so the inventory, writes it."""
    run = {f"run.googleapis.com/{name.replace('_', '-')}": value for name, value in notes.items()}
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": "hello",
            "namespace": NUMBER,
            "labels": {"cloud.googleapis.com/location": REGION, "team": "web"},
            "annotations": {
                "serving.knative.dev/creator": "ada@fernhollow.example",
                "run.googleapis.com/ingress": "all",
                "run.googleapis.com/build-function-target": "hello",
                "run.googleapis.com/build-base-image": "google-22-full/nodejs22",
            }
            | run,
            "creationTimestamp": "2026-03-31T10:53:45.882066Z",
        },
        "spec": {
            "template": {
                "metadata": {"annotations": {"autoscaling.knative.dev/maxScale": "5"}},
                "spec": {
                    "containerConcurrency": 80.0,
                    "timeoutSeconds": 300.0,
                    "serviceAccountName": COMPUTE,
                    "containers": [
                        {
                            "image": "us-docker.pkg.dev/cloudrun/container/hello",
                            "ports": [{"name": "http1", "containerPort": 8080.0}],
                            "env": [{"name": "MODE", "value": variable()}],
                            "envSources": [
                                {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "api", "key": "latest"}}}
                            ],
                            "resources": {"limits": {"cpu": "1000m", "memory": "512Mi"}},
                            "startupProbe": {"tcpSocket": {"port": 8080.0}},
                        }
                    ],
                },
            },
            "traffic": [{"percent": 100.0, "latestRevision": True}],
        },
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "latestReadyRevisionName": "hello-00001-tiv",
            "url": "https://hello-abc-ew.a.run.app",
        },
    }


def in_bulk(body: dict[str, Any]) -> Envelope:
    listed = asset("run.googleapis.com/Service", f"//run.googleapis.com/{SERVICE}", body)
    return ok("asset:ListResources", {"assets": [listed]})


def test_a_knative_service_in_the_inventory_is_a_function_of_cloud_run() -> None:
    guards = [guarded("run.googleapis.com/Service", f"//run.googleapis.com/{SERVICE}")]
    found = only(ok("functions:ListFunctions", {}), in_bulk(hello()), ok("asset:ListPolicies", {"assets": guards}))
    assert (found.id, found.runtime.need()) == (f"//run.googleapis.com/{SERVICE}", "nodejs22")
    assert (found.limits.timeout_seconds.need(), found.limits.memory_mb.need(), found.limits.cpus.need()) == (
        300,
        512,
        1.0,
    )
    assert (found.limits.max_instances.need(), found.limits.per_instance.need()) == (5, 80)
    assert (found.identity.need().id, found.tags.need()) == (COMPUTE, Tags({"team": "web"}))
    assert (found.hosting.need().state.need(), found.hosting.need().cpu_always.need()) == (ServiceState.ACTIVE, False)
    assert [each.name for each in found.environment.need().variables] == ["MODE"]
    (reference,) = found.storage.need().references.need()
    assert (reference.setting, reference.store, reference.version) == ("KEY", f"projects/{PROJECT}/secrets/api", None)
    assert found.endpoints.need()[0].auth is AuthMode.IAM
    assert found.deployment.need().revisions.receiving.need() == ()
    assert found.deployment.need().unlisted.need() is True


def test_switches_that_knative_keeps_in_annotations() -> None:
    notes = {
        "invoker_iam_disabled": "true",
        "default_url_disabled": "false",
        "execution_environment": "gen1",
        "custom_audiences": '["https://hello.fernhollow.example"]',
        "binary_authorization": "default",
        "binary_authorization_breakglass": "at night",
    }
    body = hello(**notes)
    template = body["spec"]["template"]["metadata"]["annotations"]
    template["run.googleapis.com/cpu-throttling"] = "false"
    template["run.googleapis.com/vpc-access-egress"] = "all-traffic"
    template["run.googleapis.com/network-interfaces"] = '[{"network": "inner", "subnetwork": "west"}]'
    template["run.googleapis.com/execution-environment"] = "gen1"
    found = only(ok("functions:ListFunctions", {}), in_bulk(body))
    (endpoint,) = found.endpoints.need()
    assert (endpoint.auth, endpoint.reach.need()) == (AuthMode.NONE, Reach.ANONYMOUS)
    assert (found.hosting.need().first_sandbox.need(), found.hosting.need().cpu_always.need()) == (True, True)
    assert found.hosting.need().audiences.need() == ("https://hello.fernhollow.example",)
    egress = found.ingress.need().egress
    assert (egress.network.need(), egress.all_traffic.need()) == ("inner", True)
    deployed = found.deployment.need()
    assert (deployed.binary_authorization.need(), deployed.break_glass.need()) == (True, "at night")


def test_an_annotation_that_is_not_as_documented_is_refused() -> None:
    found = only(ok("functions:ListFunctions", {}), in_bulk(hello(invoker_iam_disabled="maybe", ingress="some")))
    assert gap(found.endpoints)[0] is GapReason.MALFORMED
    assert gap(found.ingress.need().scope)[0] is GapReason.UNRECOGNISED


def test_a_list_of_knative_services() -> None:
    body = {"apiVersion": "serving.knative.dev/v1", "kind": "ServiceList", "items": [hello()]}
    found = only(
        ok("functions:ListFunctions", {}),
        ok("asset:ListResources", {}),
        ok("run:ListServices", body, location=REGION),
    )
    assert (found.id, found.source) == (f"//run.googleapis.com/{SERVICE}", "run:ListServices")


def test_an_empty_list_of_knative_services_is_empty() -> None:
    answers = [
        ok("functions:ListFunctions", {}),
        ok("run:ListServices", {"apiVersion": "serving.knative.dev/v1", "kind": "ServiceList"}, location=REGION),
    ]
    inventory = normalize(MemoryCapture(facts(), answers))
    assert inventory.functions == ()
    assert inventory.locations[0].functions.known
