"""The answers about what is above an account: a root, a unit of a unit, and the policies attached to them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.model.capture import Envelope
from tests.unit.providers.aws.normalize.capture import ACCOUNT, GLOBAL, ok

ROOT, UNIT = "r-ab12", "ou-ab12-aaaaaaaa"
LEVELS = (ROOT, UNIT, ACCOUNT)
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
FULL, FULL_OF_RESOURCES = "p-FullAWSAccess", "p-RCPFullAWSAccess"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DESCRIBE, LIST = "organizations:DescribeOrganization", "organizations:ListPolicies"
TARGETS, DOCUMENT = "organizations:ListTargetsForPolicy", "organizations:DescribePolicy"
PARENTS = "organizations:ListParents"


def told(operation: str, body: Any, subject: str = "") -> Envelope:
    return ok(operation, body, subject, location=GLOBAL)


def belongs(management: str = "999999999999", features: str = "ALL") -> Envelope:
    """The organization that the account belongs to."""
    organization = {"Id": "o-aaaaaaaaaa", "Arn": "a", "MasterAccountId": management, "FeatureSet": features}
    return told(DESCRIBE, {"Organization": organization})


def organization(
    scps: Mapping[str, tuple[Sequence[str], Sequence[Any]]],
    rcps: Mapping[str, tuple[Sequence[str], Sequence[Any]]] | None = None,
    *,
    own: Envelope | None = None,
) -> list[Envelope]:
    """Everything that is asked; ``scps`` and ``rcps`` are by id the targets and the statements of a policy."""
    made = [
        own or belongs(),
        told(PARENTS, {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]}, ACCOUNT),
        told(PARENTS, {"Parents": [{"Id": ROOT, "Type": "ROOT"}]}, UNIT),
    ]
    irremovable = {FULL_OF_RESOURCES: (LEVELS, [EVERYTHING])}
    for kind, policies in ((SCP, scps), (RCP, {**irremovable, **(rcps or {})})):
        made.append(told(LIST, {"Policies": [{"Id": name, "Name": name.title()} for name in policies]}, kind))
        for name, (targets, statements) in policies.items():
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            made.append(told(TARGETS, {"Targets": [{"TargetId": target} for target in targets]}, name))
            made.append(told(DOCUMENT, {"Policy": {"Content": document}}, name))
    return made
