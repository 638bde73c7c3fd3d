"""The smaller policy as the repair of a wildcard, where the report on what the role used was read."""

import json
import re
import shlex
from typing import Any

from auditor.analysis import sites
from auditor.engine.remediation import fill
from auditor.model.function import Function
from auditor.model.identity import PermissionPolicy, PolicyOrigin, ServiceUsage, ServiceUse
from auditor.model.observed import Known
from checks.over_privilege.role_admin import role_admin
from checks.over_privilege.role_aws_managed_broad import role_aws_managed_broad
from checks.over_privilege.role_service_wildcard import role_service_wildcard
from tests.unit.checks.build import ROLES, grant, identity, make, only, unknown

READ = "iam:GetServiceLastAccessedDetails"
MANAGED = "arn:aws:iam::aws:policy/Wide"


def use(name: str, *idle: str) -> ServiceUse:
    return ServiceUse(service=name, last_used="2026-11-20", idle_actions=idle)


def function(actions: list[str], usage: Any, origin: PolicyOrigin = PolicyOrigin.INLINE) -> Function:
    """Of a role with one policy that allows the actions on everything."""
    name = MANAGED if origin is PolicyOrigin.PROVIDER else "own"
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Statement": [allowed], "Version": "2012-10-17"})
    held = PermissionPolicy(name=name.rpartition("/")[2], id=name, origin=origin, document=Known(document, ROLES))
    lowered = tuple(action.lower() for action in actions)
    stated = grant(lowered, ("*",), policy=name, origin=origin)
    return make(identity=Known(identity(stated, policies=Known((held,), ROLES), usage=usage), ROLES))


def repaired(check: Any, subject: Function) -> tuple[Any, str, str]:
    hit = only(check, subject)
    filled = fill(check.fix[subject.cloud], subject, hit)
    return hit, filled["command"] or "", filled["terraform"] or ""


def written(command: str) -> Any:
    """The policy that a command puts in place."""
    words = shlex.split(command, comments=True)
    return json.loads(words[words.index("--policy-document") + 1])["Statement"][0]["Action"]


def test_an_inline_wildcard_becomes_what_was_used() -> None:
    usage = Known(ServiceUsage(used=(use("dynamodb"), use("logs")), unused=("s3",)), READ)
    hit, command, terraform = repaired(role_service_wildcard, function(["dynamodb:GetItem", "s3:*"], usage))
    assert written(command) == ["dynamodb:GetItem"]
    assert "put-role-policy --role-name orders-role --policy-name own" in command
    assert hit.evidence[-1].source == READ
    assert hit.evidence[-1].detail == "of policy own the role used dynamodb:GetItem"
    assert 'resource "aws_iam_role_policy" "used"' in terraform
    (text,) = re.findall(r'policy = "(.*)"\n', terraform)
    assert json.loads(json.loads(f'"{text}"'))["Statement"][0]["Action"] == ["dynamodb:GetItem"]


def test_a_wildcard_that_was_used_whole_keeps_the_general_repair() -> None:
    used = Known(ServiceUsage(used=(use("s3"),), unused=("dynamodb",)), READ)
    general = repaired(role_service_wildcard, function(["dynamodb:GetItem", "s3:*"], unknown(READ)))
    assert repaired(role_service_wildcard, function(["dynamodb:GetItem", "s3:*"], used)) == general
    assert "generate-service-last-accessed-details" in general[1]
    tracked = Known(ServiceUsage(used=(use("sns", "Publish"),), unused=()), READ)
    _, command, _ = repaired(role_service_wildcard, function(["sns:*"], tracked))
    assert "sns:Publish" not in written(command)
    assert "sns:Subscribe" in written(command)


def test_a_managed_policy_is_replaced_at_this_role_alone() -> None:
    usage = Known(ServiceUsage(used=(use("sqs"),), unused=("s3", "sns")), READ)
    subject = function(["sqs:*", "s3:*", "sns:Publish"], usage, PolicyOrigin.PROVIDER)
    hit, command, _ = repaired(role_aws_managed_broad, subject)
    assert written(command) == ["sqs:*"]
    assert "--policy-name Wide-used" in command
    assert f"detach-role-policy --role-name orders-role --policy-arn {MANAGED}" in command
    assert hit.site == sites.attachment(identity().id, MANAGED)


def test_a_policy_of_which_nothing_was_used_goes() -> None:
    usage = Known(ServiceUsage(used=(use("logs"),), unused=("s3", "sns")), READ)
    _, command, terraform = repaired(role_aws_managed_broad, function(["s3:*"], usage, PolicyOrigin.PROVIDER))
    assert "put-role-policy" not in command
    assert f"detach-role-policy --role-name orders-role --policy-arn {MANAGED}" in command
    assert terraform == f"# remove {MANAGED} from role orders-role: it used nothing of it"
    _, command, _ = repaired(role_service_wildcard, function(["s3:*"], usage))
    assert "delete-role-policy --role-name orders-role --policy-name own" in command


def test_an_administrator_keeps_the_services_used_unless_iam_is_among_them() -> None:
    few = Known(ServiceUsage(used=(use("sqs"), use("s3")), unused=("iam", "ec2")), READ)
    hit, command, _ = repaired(role_admin, function(["*"], few))
    assert written(command) == ["sqs:*", "s3:*"]
    assert hit.evidence[-1].detail == "of policy own the role used s3:*, sqs:*"
    writes = Known(ServiceUsage(used=(use("iam"), use("s3")), unused=()), READ)
    _, general, _ = repaired(role_admin, function(["*"], writes))
    assert "start-policy-generation" in general
