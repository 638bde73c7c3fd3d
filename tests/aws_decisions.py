"""One request to AWS with its policies as a row of JSON, decided by our evaluator."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.analysis.permissions.decision import Decision
from providers.aws.iam.evaluation.callers import read_caller
from providers.aws.iam.evaluation.context import closed
from providers.aws.iam.evaluation.layers import BOUNDARY, IDENTITY, RCP, RESOURCE_POLICY, SCP, SESSION, Policies
from providers.aws.iam.evaluation.policies import PolicyLayer, compile_policy
from providers.aws.iam.evaluation.proof import decide
from providers.aws.iam.evaluation.request import Request, settled


def layer(name: str, *documents: Mapping[str, Any]) -> PolicyLayer:
    return PolicyLayer(name, [compile_policy(one, name, f"{name} {at}") for at, one in enumerate(documents, 1)])


def policies_of(row: Mapping[str, Any]) -> Policies:
    return Policies(
        identity=layer(IDENTITY, *row["identityPolicies"]),
        boundary=layer(BOUNDARY, *row["boundary"]) if row["boundary"] else None,
        session=layer(SESSION, row["session"]) if row["session"] else None,
        scps=tuple(layer(SCP, *level) for level in row["scps"]),
        rcps=tuple(layer(RCP, *level) for level in row["rcps"]),
        resource=layer(RESOURCE_POLICY, *([row["resourcePolicy"]] if row["resourcePolicy"] else [])),
    )


def decided(row: Mapping[str, Any]) -> Decision:
    """The decision about a row whose context is whole: a key it does not give is absent."""
    return decide(*asked(row))


def asked(row: Mapping[str, Any]) -> tuple[Request, Policies]:
    """The request of a row, and the policies it meets."""
    principal = row["principal"]
    caller = replace(read_caller("" if principal == "ANON" else principal), bounded=bool(row["boundary"]))
    context = closed(
        {key: tuple(value) if isinstance(value, list) else (value,) for key, value in row["context"].items()}
    )
    resource, partial = settled(row["action"], row["resource"])
    request = Request(caller, row["action"].lower(), resource, row["resourceAccount"], context, partial)
    return request, policies_of(row)
