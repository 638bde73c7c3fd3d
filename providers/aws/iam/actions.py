"""What the actions of a statement let a caller do to the resource.

Source: Service Authorization Reference, access levels Write and Permissions management, as of 2026-10.
"""

from collections.abc import Iterable, Mapping

from auditor.model.wildcards import covers
from providers.aws.iam.document import Statement
from providers.aws.iam.patterns import covers_action
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.iam.principals import Atom, Who

EXCEPTION = "everything but "
"""How an action excluded by NotAction is written in ``AccessGrant.actions``."""
INVOKE = "lambda:InvokeFunction"
INVOKE_URL = "lambda:InvokeFunctionUrl"
ASSUME = "sts:AssumeRole"
_ASSUME_WITH_TOKEN = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
INVOKES = (INVOKE, INVOKE_URL, "lambda:InvokeAsync")

_FUNCTION = (
    "UpdateFunctionCode UpdateFunctionConfiguration AddPermission RemovePermission PutResourcePolicy "
    "DeleteResourcePolicy CreateFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig DeleteFunction "
    "CreateAlias UpdateAlias DeleteAlias PublishVersion PutFunctionConcurrency DeleteFunctionConcurrency "
    "PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig "
    "PutRuntimeManagementConfig PutFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig "
    "PutFunctionRecursionConfig PutFunctionScalingConfig PutProvisionedConcurrencyConfig "
    "DeleteProvisionedConcurrencyConfig"
)
_TABLE_WRITES = "PutItem UpdateItem DeleteItem BatchWriteItem PartiQLInsert PartiQLUpdate PartiQLDelete"
_MODIFIES = {
    ResourceKind.FUNCTION: _FUNCTION,
    ResourceKind.ALIAS: _FUNCTION,
    ResourceKind.LAYER: "AddLayerVersionPermission RemoveLayerVersionPermission DeleteLayerVersion",
    ResourceKind.QUEUE: "SetQueueAttributes AddPermission RemovePermission DeleteQueue PurgeQueue",
    ResourceKind.TOPIC: "SetTopicAttributes AddPermission RemovePermission DeleteTopic",
    ResourceKind.EVENT_BUS: "PutPermission RemovePermission DeleteEventBus UpdateEventBus PutRule PutTargets",
    ResourceKind.API: "",
    ResourceKind.BUCKET: "PutBucketPolicy DeleteBucketPolicy PutBucketAcl DeleteBucket PutObject DeleteObject",
    ResourceKind.STREAM: "PutResourcePolicy DeleteResourcePolicy DeleteStream UpdateShardCount UpdateStreamMode",
    ResourceKind.TABLE: (f"PutResourcePolicy DeleteResourcePolicy DeleteTable UpdateTable {_TABLE_WRITES}"),
    ResourceKind.REPOSITORY: (
        "PutImage CompleteLayerUpload SetRepositoryPolicy DeleteRepositoryPolicy DeleteRepository BatchDeleteImage "
        "PutImageTagMutability PutLifecyclePolicy"
    ),
    ResourceKind.KEY: "PutKeyPolicy ScheduleKeyDeletion DisableKey CreateGrant UpdatePrimaryRegion",
    ResourceKind.SECRET: (
        "PutResourcePolicy DeleteResourcePolicy PutSecretValue UpdateSecret DeleteSecret RotateSecret "
        "UpdateSecretVersionStage"
    ),
    ResourceKind.LOG: "PutResourcePolicy DeleteResourcePolicy DeleteLogGroup DeleteLogStream PutRetentionPolicy",
    ResourceKind.FILE_SYSTEM: "PutFileSystemPolicy DeleteFileSystemPolicy DeleteFileSystem ClientWrite",
    ResourceKind.ROLE_TRUST: "",
}

SENDS: Mapping[ResourceKind, tuple[str, ...]] = {
    ResourceKind.QUEUE: ("sqs:SendMessage",),
    ResourceKind.TOPIC: ("sns:Publish",),
    ResourceKind.EVENT_BUS: ("events:PutEvents",),
    ResourceKind.BUCKET: ("s3:PutObject", "s3:ReplicateObject"),
    ResourceKind.STREAM: ("kinesis:PutRecord", "kinesis:PutRecords"),
    ResourceKind.TABLE: tuple(f"dynamodb:{name}" for name in _TABLE_WRITES.split()),
}
"""The actions by which an event enters a source."""


def names(patterns: Iterable[str], action: str) -> bool:
    """Whether one of the action patterns means the action."""
    return any(covers_action(pattern, action) for pattern in patterns)


def grants(statement: Statement, action: str) -> bool:
    """Whether the statement's Action or NotAction means the action."""
    if statement.not_actions:
        return not names(statement.not_actions, action)
    return names(statement.actions, action)


def applies(statement: Statement, home: PolicyOwner) -> bool:
    """Whether any of its actions is one of the resource's service; others cannot be done to it."""
    if statement.not_actions:
        return True
    prefixes = (action.partition(":")[0].lower() for action in statement.actions)
    return any(covers(prefix, home.kind.service) for prefix in prefixes)


def hands_out_credentials(statement: Statement, atom: Atom) -> bool:
    """Whether a statement of a trust policy lets the principal take the role.

    Federated identities come with a token (AssumeRoleWithSAML, AssumeRoleWithWebIdentity), all others without
    (AssumeRole); TagSession, SetSourceIdentity and SetContext only go with one of these.
    """
    if atom.who is Who.ANYONE:
        return any(grants(statement, action) for action in (ASSUME, *_ASSUME_WITH_TOKEN))
    wanted = _ASSUME_WITH_TOKEN if atom.who is Who.FEDERATED else (ASSUME,)
    return any(grants(statement, action) for action in wanted)


def invokes(statement: Statement, home: PolicyOwner) -> bool:
    """Whether it lets the caller run the function."""
    return home.kind.invokable and any(grants(statement, action) for action in INVOKES)


def modifies(statement: Statement, home: PolicyOwner) -> bool:
    """Whether it lets the caller change the resource's content, configuration or policy."""
    service = home.kind.service
    return any(grants(statement, f"{service}:{name}") for name in _MODIFIES[home.kind].split())


def takes_unsigned(statement: Statement, home: PolicyOwner) -> bool:
    """Whether it can admit a call that nobody signed by itself.

    For a function such a call comes through a URL, and needs lambda:InvokeFunctionUrl whatever else is granted.
    """
    return home.kind.takes_unsigned and (not home.kind.invokable or grants(statement, INVOKE_URL))


def only_through_url(statement: Statement, home: PolicyOwner) -> bool:
    """Whether every action it grants can be used only through a function URL."""
    if not home.kind.invokable or statement.not_actions:
        return False
    return bool(statement.actions) and all(covers_action(INVOKE_URL, action) for action in statement.actions)


def phrase(statement: Statement, home: PolicyOwner) -> str:
    """What a caller may do, for a sentence."""
    runs, changes = invokes(statement, home), modifies(statement, home)
    if home.kind is ResourceKind.ROLE_TRUST:
        return "take the role"
    noun = home.kind.noun
    if not home.kind.invokable:
        return f"use and change the {noun}" if changes else f"use the {noun}"
    if runs and changes:
        return f"invoke the {noun} and change its code, configuration or policy"
    if runs:
        return f"invoke the {noun}"
    return f"change the {noun}'s code, configuration or policy" if changes else f"use the {noun}"
