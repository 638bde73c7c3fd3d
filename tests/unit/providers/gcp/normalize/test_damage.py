"""Damaged answers: never an exception, never a fact that the sound answer does not hold."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.capture import Outcome
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import KINDS, MemoryCapture, capture, facts
from tests.unit.providers.gcp.normalize.comparing import bolder

BASE = capture()
SOUND = normalize(BASE)
BULK = capture(without=[*KINDS, "cloudkms:GetCryptoKey"])
"""The same project where only the bulk inventory answers."""
SOUND_IN_BULK = normalize(BULK)
Path = tuple[str | int, ...]

ABSENCE_MEANS_NONE = {
    "resourcemanager:GetProjectPolicy": {"bindings", "auditConfigs", "auditLogConfigs", "exemptedMembers"},
    "resourcemanager:GetFolderPolicy": {"bindings"},
    "resourcemanager:GetOrganizationPolicy": {"bindings", "condition"},
    "functions:ListFunctions": {
        *("labels", "team", "kmsKeyName", "upgradeInfo", "upgradeState", "branchName", "serviceAccount", "workerPool"),
        *("environmentVariables", "API_KEY", "LOG_LEVEL", "PIP_TOKEN", "QUEUE", "maxInstanceCount", "minInstanceCount"),
        *("vpcConnector", "vpcConnectorEgressSettings", "secretEnvironmentVariables", "secretVolumes", "versions"),
        *("version", "path", "uri", "serviceAccountEmail", "eventTrigger", "retryPolicy", "functions"),
    },
    "run:ListServices": {
        *("services", "labels", "team", "customAudiences", "iapEnabled", "invokerIamDisabled", "defaultUriDisabled"),
        *("sshEnabled", "threatDetectionEnabled", "binaryAuthorization", "useDefault", "breakglassJustification"),
        *("uri", "traffic", "percent", "environmentVariables", "STAGE", "enableAutomaticUpdates", "sourceLocation"),
        *("executionEnvironment", "encryptionKey", "scaling", "maxInstanceCount", "minInstanceCount", "vpcAccess"),
        *("networkInterfaces", "subnetwork", "env", "value", "envSources", "version", "resources", "limits", "cpuIdle"),
        *("nvidia.com/gpu", "startupProbe", "livenessProbe", "path"),
    },
    "run:ListRevisions": {"revisions", "env", "value"},
    "functions:ListRuntimes": {"runtimes", "deprecationDate", "decommissionDate", "day"},
    "asset:ListPolicies": {"assets", "bindings"},
    "iam:GetRole": {"includedPermissions"},
    "iam:ListServiceAccounts": {"accounts", "disabled"},
    "eventarc:ListTriggers": {"triggers", "cloudRun", "operator"},
    "eventarc:ListChannels": {"channels"},
    "pubsub:ListSubscriptions": {
        *("subscriptions", "deadLetterPolicy", "deadLetterTopic", "pushConfig", "pushEndpoint", "oidcToken"),
        "serviceAccountEmail",
    },
    "cloudscheduler:ListJobs": {"jobs", "httpTarget", "uriQuery", "key"},
    "storage:GetBucketPolicy": {"bindings"},
    "artifactregistry:GetRepositoryPolicy": {"bindings"},
    "secretmanager:ListSecrets": {"secrets", "automatic", "customerManagedEncryption", "rotation", "rotationPeriod"},
    "vpcaccess:ListConnectors": {"connectors"},
    "cloudkms:GetCryptoKey": {"rotationPeriod"},
    "monitoring:ListTimeSeries": {"timeSeries", "points", "labels", "status"},
    "serviceusage:ListServices": {"services"},
    "logging:ListSinks": {"sinks", "filter"},
    "logging:ListExclusions": {"exclusions"},
    "logging:ListBuckets": {"buckets"},
    "logging:ListMetrics": {"metrics"},
    "monitoring:ListAlertPolicies": {"alertPolicies", "conditions", "conditionThreshold"},
    "orgpolicy:GetEffectivePolicy": {"spec", "rules", "values", "allowedValues", "allowAll", "enforce"},
    "compute:ListNegs": {"items", "regions/europe-west1", "networkEndpointGroups", "cloudRun", "service"},
    "compute:ListBackendServices": {"items", "global", "backendServices", "backends"},
}
"""The members Google leaves out when they are empty, zero, false or unset: only these may be taken away and conclude
anything."""

NULL_IS_A_VALUE = {"value", "reference", "text", "confidence", "detector"}
"""Members of a judged variable, whose format is ours, in which null says "none"."""


UNREAD = ("asset:ListResources",)
"""Not read where the services' own lists are complete; damaged in a test of its own."""


def nodes(body: Any, path: Path = ()) -> Iterator[Path]:
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from nodes(value, (*path, key))


def changed(body: Any, path: Path, how: str, value: Any = None) -> Any:
    body = deepcopy(body)
    at = body
    for step in path[:-1]:
        at = at[step]
    if how == "drop":
        del at[path[-1]]
    elif how == "type":
        number = isinstance(at[path[-1]], (int, float)) and not isinstance(at[path[-1]], bool)
        at[path[-1]] = "seven" if number else 7.5
    else:
        at[path[-1]] = value
    return body


def damaged(index: int, body: Any, base: MemoryCapture = BASE) -> MemoryCapture:
    envelopes = list(base.envelopes)
    envelopes[index] = replace(envelopes[index], body=body)
    return MemoryCapture(base.facts, envelopes)


@pytest.mark.parametrize("how", ["type", "null"])
def test_a_wrong_type_or_a_null_makes_facts_unknown_and_nothing_else(how: str) -> None:
    complaints = []
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation in UNREAD:
            continue
        for path in nodes(envelope.body):
            if how == "null" and path[-1] in NULL_IS_A_VALUE:
                continue
            after = normalize(damaged(index, changed(envelope.body, path, how)))
            complaints += [(envelope.operation, path, problem) for problem in bolder(SOUND, after)]
    assert complaints == []


def test_damage_to_the_bulk_lists_makes_facts_unknown_and_nothing_else() -> None:
    complaints = []
    for index, envelope in enumerate(BULK.envelopes):
        if not envelope.operation.startswith("asset:"):
            continue
        for path in nodes(envelope.body):
            after = normalize(damaged(index, changed(envelope.body, path, "type"), BULK))
            complaints += [(path, problem) for problem in bolder(SOUND_IN_BULK, after)]
    assert complaints == []


def test_a_missing_member_makes_facts_unknown_unless_its_absence_is_documented() -> None:
    complaints = []
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation in UNREAD:
            continue
        documented = ABSENCE_MEANS_NONE.get(envelope.operation, set())
        for path in nodes(envelope.body):
            if isinstance(path[-1], int) or path[-1] in documented:
                continue
            after = normalize(damaged(index, changed(envelope.body, path, "drop")))
            complaints += [(envelope.operation, path, problem) for problem in bolder(SOUND, after)]
    assert complaints == []


def test_no_function_vanishes_while_its_list_can_be_walked() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation != "functions:ListFunctions":
            continue
        for path in nodes(envelope.body):
            if len(path) < 3:
                continue
            inventory = normalize(damaged(index, changed(envelope.body, path, "type")))
            assert len(inventory.functions) >= 3, path


NOT_READ = ("resourcemanager:SearchProjects", "asset:ListResources")
"""What is read for something else than its enums, or not at all where the services' own lists are complete."""
BEHIND = ("services", 0, "terminalCondition")
"""The state of a function is its record's, not that of the service behind it."""


def test_an_enum_value_newer_than_our_tables_is_unrecognised() -> None:
    members = {
        "environment": "GEN_3",
        "state": "PAUSED",
        "ingressSettings": "ALLOW_SOME",
        "vpcConnectorEgressSettings": "SOME_TRAFFIC",
        "securityLevel": "SECURE_SOMETIMES",
        "dockerRegistry": "ATTIC",
        "retryPolicy": "RETRY_POLICY_TWICE",
        "upgradeState": "LOST",
        "ingress": "INGRESS_TRAFFIC_SOME",
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN3",
        "egress": "SOME",
        "logType": "DREAM_READ",
        "stage": "RETIRED",
    }
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] not in members or envelope.operation in NOT_READ or path[:3] == BEHIND:
                continue
            for value in (members[str(path[-1])], 99):
                after = normalize(damaged(index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], path
                assert "UNRECOGNISED" in repr(after), path


def test_a_date_that_is_none_is_damage() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] != "updateTime" or envelope.operation in NOT_READ:
                continue
            for value in ("yesterday", "2026-13-41T00:00:00Z", ""):
                after = normalize(damaged(index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], (path, value)
                assert f"is not a date: {value!r}" in repr(after), (path, value)


def test_a_withheld_operation_never_adds_a_fact() -> None:
    for operation in sorted({envelope.operation for envelope in BASE.envelopes}):
        kept = [envelope for envelope in BASE.envelopes if envelope.operation != operation]
        assert bolder(SOUND, normalize(MemoryCapture(BASE.facts, kept))) == [], operation


WEIRD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True),
    st.sampled_from(["", "\ud800", "//", "projects/", "projects/-/x/y", "https://[", "{", "[]", "\x00", "a" * 5000]),
    st.lists(st.integers() | st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.data())
def test_any_mixture_of_damage_is_survived(data: st.DataObject) -> None:
    envelopes = list(BASE.envelopes)
    for index in data.draw(st.lists(st.integers(0, len(envelopes) - 1), min_size=1, max_size=6)):
        body = envelopes[index].body
        paths = list(nodes(body))
        if not paths or data.draw(st.integers(0, 9)) == 0:
            whole = data.draw(WEIRD)
            outcome = data.draw(st.sampled_from(list(Outcome)))
            envelopes[index] = replace(envelopes[index], body=whole, outcome=outcome)
        else:
            path = data.draw(st.sampled_from(paths))
            how = data.draw(st.sampled_from(["drop", "set"]))
            envelopes[index] = replace(envelopes[index], body=changed(body, path, how, data.draw(WEIRD)))
    inventory = normalize(MemoryCapture(facts(), envelopes))
    assert [scope.name for scope in inventory.scopes] == ["fernhollow-shop"]
