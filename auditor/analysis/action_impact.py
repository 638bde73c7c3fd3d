"""What an action leads to when it may be done to every resource, and how bad that is.

Access levels and services are AWS's (:mod:`.service_authorization`). The tables below name what the levels do not
tell: which actions hand out credentials or secrets, which run code under another identity, which are the platform's
own needs. Sources, as of 2026-10: Service Authorization Reference; Lambda Developer Guide, "Lambda execution role",
"Giving Lambda functions access to resources in an Amazon VPC", the event source mapping pages ("execution role
permissions"); IAM User Guide, "Grant a user permissions to pass a role".
"""

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache

from auditor.analysis.service_authorization import AccessLevel, Action
from auditor.model.severity import Severity
from auditor.model.wildcards import covers


class Impact(Enum):
    """What an action amounts to on every resource, worst first."""

    IDENTITY = "changes identities or takes them"
    SECRETS = "reads secrets or credentials"
    KEYS = "uses or manages keys"
    CODE = "runs code under other identities"
    SHARING = "opens resources to others"
    WRITE = "changes or deletes data"
    READ = "reads data"
    PUBLISH = "sends messages, or polls for them"
    METADATA = "lists and describes"
    ORDINARY = "writes logs, traces and metrics, connects to a network, or works on what it is given"

    @property
    def severity(self) -> Severity | None:
        """How bad it is; None where ``*`` is what the platform's own documentation tells everybody to grant."""
        return _SEVERITIES[self]


_SEVERITIES = {
    **dict.fromkeys((Impact.IDENTITY, Impact.SECRETS, Impact.KEYS, Impact.CODE, Impact.SHARING), Severity.HIGH),
    **dict.fromkeys((Impact.WRITE, Impact.READ), Severity.MEDIUM),
    **dict.fromkeys((Impact.PUBLISH, Impact.METADATA), Severity.LOW),
    Impact.ORDINARY: None,
}
_ORDER = list(Impact)

_TABLE = {
    Impact.ORDINARY: """
        logs:createloggroup logs:createlogstream logs:putlogevents logs:describelog*
        xray:put* xray:getsampling* cloudwatch:putmetricdata
        ec2:createnetworkinterface ec2:deletenetworkinterface ec2:detachnetworkinterface
        ec2:assignprivateipaddresses ec2:unassignprivateipaddresses
        lambda:checkpointdurableexecution lambda:getdurableexecutionstate
        s3-object-lambda:writegetobjectresponse
    """,
    Impact.SECRETS: """
        secretsmanager:getsecretvalue secretsmanager:batchgetsecretvalue
        ssm:getparameter ssm:getparameters ssm:getparametersbypath ssm:getparameterhistory ssm:putparameter
        rds-db:connect dsql:dbconnect* redshift:getclustercredentials* redshift-serverless:getcredentials
        codeartifact:getauthorizationtoken codestar-connections:useconnection codeconnections:useconnection
        ec2:getpassworddata lightsail:getinstanceaccessdetails lightsail:downloaddefaultkeypair
        iot:assumerolewithcertificate
    """,
    Impact.CODE: """
        lambda:createfunction lambda:updatefunctioncode lambda:updatefunctionconfiguration
        cloudformation:createstack* cloudformation:updatestack* cloudformation:createchangeset
        cloudformation:executechangeset
        codebuild:createproject codebuild:updateproject codebuild:startbuild* codecommit:gitpush
        codepipeline:createpipeline codepipeline:updatepipeline
        ecr:putimage ecs:executecommand ecs:registertaskdefinition ecs:runtask ecs:starttask ecs:createservice
        ecs:updateservice
        ec2:runinstances ec2:modifyinstanceattribute ec2-instance-connect:send*
        ssm:sendcommand ssm:startsession ssm:startautomationexecution ssm:createassociation*
        glue:createjob glue:updatejob glue:createdevendpoint glue:updatedevendpoint glue:createsession
        glue:runstatement
        sagemaker:createnotebookinstance* sagemaker:updatenotebookinstance* sagemaker:createpresignednotebook*
        sagemaker:createtrainingjob sagemaker:createprocessingjob
        states:createstatemachine states:updatestatemachine batch:submitjob batch:registerjobdefinition
        apprunner:createservice apprunner:updateservice
        elasticmapreduce:runjobflow elasticmapreduce:addjobflowsteps
    """,
    Impact.PUBLISH: """
        sns:publish* sqs:sendmessage* events:putevents events:putpartnerevents kinesis:putrecord* firehose:putrecord*
        iot:publish mobiletargeting:sendmessages
        sqs:receivemessage* sqs:deletemessage* sqs:changemessagevisibility*
        kinesis:getrecords kinesis:getsharditerator kinesis:subscribetoshard
        dynamodb:getrecords dynamodb:getsharditerator
        bedrock:invokemodel* execute-api:manageconnections
    """,
    Impact.READ: """
        lambda:getfunction lambda:getfunctionconfiguration cloudformation:gettemplate codecommit:gitpull
        s3:getdataaccess
    """,
}
"""Patterns of actions, in lower case. Publishing includes polling an event source, which Lambda does for a function."""

_IDENTITY_SERVICES = frozenset({"iam", "sts", "sso", "sso-directory", "identitystore", "organizations"})
_NO_CREDENTIALS = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})
"""They only accompany another call, which is what hands out credentials."""
_CHANGES = (AccessLevel.WRITE, AccessLevel.PERMISSIONS)
_CONTENT = re.compile(
    r"Object|Item|Record|Result|Content|Message|Event|Document|File|Image|Download|Query|Scan|Select|Search"
    r"|Artifact|Log|Media|Archive|Row|Transcript|Snapshot|Export|Retrieve|Read|Http|Mount|Shadow|History|User|Contact"
    r"|Profile|Shard|Data(?!base|set|source|catalog|lake)"
)
"""Words in the name of an action of level Read that say it hands out what is stored, not what it is stored in."""
_DESCRIBES = re.compile(r"(Describe|List|Lookup|Head|Check|Validate|Test|Count|Estimate|Preview|Verify)[A-Z]")
_DESCRIBED = re.compile(
    r".*(Attributes?|Tags?|Tagging|Location|Url|Uri|Status|Polic(y|ies)|Acl|Configurations?|Config|Encryption"
    r"|Versioning|Metadata|Summary|Settings|Limits|Quotas?|Statistics|Endpoints?|Schema|Logging|Notification)"
)
_PROCESSES = re.compile(
    r"Detect|Analyze|Recognize|Compare|Classify|Contains|Translate|Synthesize|Infer|Convert|Geocode"
)
"""They work on what the caller sends, and give away nothing that is stored."""


@cache
def impact(action: Action) -> Impact:
    """What the action amounts to on every resource."""
    for found, pattern in _patterns().get(action.service, ()):
        if covers(pattern, action.key):
            return found
    if action.service in _IDENTITY_SERVICES and action.level in _CHANGES:
        return Impact.METADATA if action.key in _NO_CREDENTIALS else Impact.IDENTITY
    if action.service == "kms" and action.level in _CHANGES:
        return Impact.KEYS
    if action.service == "secretsmanager" and action.level in _CHANGES:
        return Impact.SECRETS
    if action.level is AccessLevel.PERMISSIONS:
        return Impact.SHARING
    if action.level is AccessLevel.WRITE:
        return Impact.WRITE
    if action.level is AccessLevel.READ and _PROCESSES.match(action.name) and not action.required:
        return Impact.ORDINARY
    return Impact.READ if action.level is AccessLevel.READ and _reads_content(action.name) else Impact.METADATA


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of several; Impact.ORDINARY of none."""
    return min(impacts, key=_ORDER.index, default=Impact.ORDINARY)


@cache
def _patterns() -> dict[str, list[tuple[Impact, str]]]:
    """The rows of the table by service."""
    made: dict[str, list[tuple[Impact, str]]] = {}
    for found, text in _TABLE.items():
        for pattern in text.split():
            made.setdefault(pattern.partition(":")[0], []).append((found, pattern))
    return made


def _reads_content(name: str) -> bool:
    return _CONTENT.search(name) is not None and not (_DESCRIBES.match(name) or _DESCRIBED.fullmatch(name))
