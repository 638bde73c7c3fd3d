"""An account to escalate in: one function whose role is given, and around it what an attacker would look for.

There is an administrator that every service but Lambda can run as (``admin-service``, with an instance profile), one
that the function ``deploy`` runs as (``admin-lambda``), one that the account may assume (``admin-assumable``), a user
(``admin-user``) and a group (``admins``) of administrators, a user without rights in a group without any
(``plain-user`` of ``staff``), and a role without rights (``plain``).
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from auditor.engine.derive import derived
from auditor.model.access import EffectivePermissions
from auditor.model.capture import Envelope
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.plugins import provider
from tests.unit.providers.aws.normalize.capture import ACCOUNT, GLOBAL, arn, facts, ok
from tests.unit.providers.memory import MemoryCapture

ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/own"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/limits"
ATTACKER = f"arn:aws:iam::{ACCOUNT}:role/attacker"
SERVICES = tuple(
    f"{name}.amazonaws.com"
    for name in (
        *("ec2", "ecs-tasks", "glue", "codebuild", "cloudformation", "sagemaker", "tasks.apprunner", "amplify"),
        *("datapipeline", "braket", "emr-serverless", "gamelift", "kinesisanalytics", "omics", "scheduler", "ssm"),
        *("states", "bedrock-agentcore"),
    )
)
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

Statement = Mapping[str, Any]


def iam(kind: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def allow(*actions: str, on: str | Sequence[str] = "*", when: Mapping[str, Any] | None = None) -> Statement:
    """A statement that allows the actions."""
    listed = on if isinstance(on, str) else list(on)
    return {"Effect": "Allow", "Action": list(actions), "Resource": listed} | ({"Condition": when} if when else {})


def deny(*actions: str, on: str = "*") -> Statement:
    """A statement that denies the actions."""
    return {"Effect": "Deny", "Action": list(actions), "Resource": on}


def document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(*services: str, principals: Sequence[str] = (), federated: str = "") -> dict[str, Any]:
    """A trust policy."""
    statements: list[Statement] = []
    if services:
        statements.append({"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"})
    if principals:
        statements.append({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"})
    if federated:
        action = "sts:AssumeRoleWithWebIdentity"
        statements.append({"Effect": "Allow", "Principal": {"Federated": federated}, "Action": action})
    return document(*statements)


def role(name: str, trusted: dict[str, Any], *statements: Statement, **more: Any) -> dict[str, Any]:
    """A role with one inline policy."""
    policies = [{"PolicyName": "inline", "PolicyDocument": document(*statements)}] if statements else []
    profiles = [{"Arn": iam("instance-profile", name)}] if "ec2.amazonaws.com" in str(trusted) else []
    sound = {
        "Arn": iam("role", name),
        "RoleName": name,
        "AssumeRolePolicyDocument": trusted,
        "RolePolicyList": policies,
        "InstanceProfileList": profiles,
    }
    return sound | more


def managed(policy: str, *statements: Statement, older: Sequence[Statement] = ()) -> dict[str, Any]:
    """A managed policy, the last of whose versions is in force; ``older`` are those before it, of one statement each."""
    made = [document(each) for each in older] + [document(*statements)]
    stored = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == len(made), "Document": each}
        for number, each in enumerate(made, 1)
    ]
    return {"Arn": policy, "DefaultVersionId": f"v{len(made)}", "PolicyVersionList": stored}


def attached(*policies: str) -> dict[str, Any]:
    """The managed policies of an entry."""
    return {"AttachedManagedPolicies": [{"PolicyArn": policy} for policy in policies]}


def function(name: str, role_name: str, **more: Any) -> dict[str, Any]:
    """A listed function."""
    return {
        "FunctionName": name,
        "FunctionArn": arn("lambda", f"function:{name}"),
        "Runtime": "python3.13",
        "Role": iam("role", role_name),
    } | more


def account(
    *statements: Statement,
    change: Callable[[Inventory], Inventory] = lambda inventory: inventory,
    policies: Sequence[Any] = (),
    roles: Sequence[Any] = (),
    users: Sequence[Any] = (),
    functions: Sequence[Any] = (),
    own: Mapping[str, Any] = MappingProxyType({}),
    organization: Sequence[Envelope] = (),
) -> Inventory:
    """The account in which the function ``attacked`` runs as ``attacker`` with the statements given.

    ``change`` is made to the inventory before anything is derived; ``own`` are further members of the role's entry;
    ``organization`` are the answers about what is above the account.
    """
    everybody = [
        role("attacker", trust("lambda.amazonaws.com"), *statements, **(attached(OWN_POLICY) | dict(own))),
        role("admin-service", trust(*SERVICES, federated="cognito-identity.amazonaws.com"), EVERYTHING),
        role("admin-lambda", trust("lambda.amazonaws.com"), EVERYTHING),
        role("admin-assumable", trust(principals=[f"arn:aws:iam::{ACCOUNT}:root"]), EVERYTHING),
        role("plain", trust("lambda.amazonaws.com", *SERVICES)),
        *roles,
    ]
    groups = [
        {"Arn": iam("group", "admins"), "GroupName": "admins"} | attached(ADMINISTRATOR_ACCESS),
        {"Arn": iam("group", "staff"), "GroupName": "staff"},
    ]
    people = [
        {"Arn": iam("user", "admin-user")} | attached(ADMINISTRATOR_ACCESS),
        {"Arn": iam("user", "plain-user"), "GroupList": ["staff"]},
        *users,
    ]
    details = {
        "RoleDetailList": everybody,
        "UserDetailList": people,
        "GroupDetailList": groups,
        "Policies": [
            managed(ADMINISTRATOR_ACCESS, EVERYTHING),
            managed(OWN_POLICY, allow("logs:PutLogEvents")),
            managed(BOUNDARY, allow("logs:*", "s3:*")),
            *policies,
        ],
        "IsTruncated": False,
    }
    listed = [function("attacked", "attacker"), function("deploy", "admin-lambda"), *functions]
    capture = MemoryCapture(
        facts(),
        [
            ok("lambda:ListFunctions", {"Functions": listed}),
            ok("iam:GetAccountAuthorizationDetails", details, location=GLOBAL),
            *organization,
        ],
    )
    aws = provider(Cloud.AWS)
    return derived(change(aws.normalize(capture)), capture, {Cloud.AWS: aws}).inventory


def permissions(inventory: Inventory, name: str = "attacked") -> EffectivePermissions:
    """What was derived of one function."""
    return next(each for each in inventory.functions if each.name == name).effective_permissions.need()


def told(found: EffectivePermissions) -> tuple[str, str, bool]:
    """The first path: its technique, the name of what it reaches, and whether something has to hold besides."""
    path = found.escalation[0]
    return path.steps[0].technique, path.target.rpartition("/")[2], bool(path.conditions)
