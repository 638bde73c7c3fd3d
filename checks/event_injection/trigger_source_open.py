"""Flags functions whose event source is writable by the public or by external principals."""

from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis import sites, source_policies
from auditor.analysis.binding_removal import Removal, for_each, named, removal
from auditor.analysis.gateway_routes import CONNECT_SIGNED, REST_SIGNED, ROUTE_SIGNED
from auditor.analysis.policy_statements import Stated
from auditor.analysis.source_policies import outside_writers, policy_holder, says_itself, taking_back
from auditor.analysis.source_routes import (
    open_source_routes,
    source_route_locus,
    source_route_name,
    source_route_site,
    source_route_values,
)
from auditor.analysis.triggers import NOTIFICATIONS, Placed, heavier, known_triggers, raise_unread, source_name
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Unanswered
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import Certainty, Trigger

_NAMESPACE = Removal(
    "az resource update --ids <namespace-id> --set properties.disableLocalAuth=true properties.publicNetworkAccess=Disabled",
    {},
)
_AT = {"servicebus": _NAMESPACE, "eventhubs": _NAMESPACE}
"""On Azure: the command for what is no storage account."""

FIX = {
    Cloud.AWS: Fix(
        text="Remove the statement from the policy of the source, then admit the senders that need it by their ARNs: a role"
        " of this account needs no statement, a service one with aws:SourceArn. If an account is known, add it to"
        " trusted_accounts in the configuration. Close self-registration of a user pool, and receipt rules, that no"
        " outsider needs; where they do, validate every field in the code. Where a route of an API writes to the source,"
        " require authorization on the route and deploy the stage again.",
        breaks="Senders that only this statement admits are rejected; where the whole policy is removed, so are all that"
        " need one, such as the topics and buckets that feed a queue.",
        command="aws sqs remove-permission --region {location} --queue-url {queue} --label {sid}",
        terraform="""\
resource "{policy_kind}" "source" { # in place of the policy with statement "{sid}"
  {policy_key} = "{policy_of}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "<ARN of the one sender>" }
      Action    = "{sends}"
      Resource  = "{source}"
    }]
  })
}""",
    ),
    Cloud.AZURE: Fix(
        text="Restrict the source: no anonymous containers, no shared keys, network rules for the senders. Senders"
        " authenticate with identities that have a role on the one queue, hub or container.",
        breaks="Senders that use anonymous access or a shared key are rejected, and so is every app whose triggers"
        " or host storage use a key of this account.",
        command="az storage account update --ids <storage-account-id> --allow-blob-public-access false --allow-shared-key-access false"
        " --default-action Deny",
        terraform="""\
resource "azurerm_storage_account" "source" { # {source}
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
}""",
    ),
    Cloud.GCP: Fix(
        text="Remove the permission to publish or create from those members and grant it to known senders.",
        breaks="Senders without a grant of their own are rejected: grant it to the known ones first.",
        command="gcloud pubsub topics remove-iam-policy-binding {source} --member={member} --role=<role>",
        terraform="""\
resource "google_pubsub_topic_iam_member" "sender" { # in place of the grant to {member}
  topic  = "{source}" # a bucket: google_storage_bucket_iam_member with bucket, roles/storage.objectCreator
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:<the sender>"
}""",
    ),
}


@check(
    id="trigger-source-open",
    title="Event source is publicly writable",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=(
        "az-func-untrusted-event-source",
        "gcp-fn-event-trigger-source-public",
        "sqs-public",
        "sns-public",
        "eventbus-public",
        "s3-trigger-public-acl",
        "trigger-resource-public-join",
    ),
    references=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html",
        "https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent",
        "https://cloud.google.com/pubsub/docs/access-control",
        "https://cloud.google.com/storage/docs/public-access-prevention",
    ),
    cwe=346,
)
def trigger_source_open(function: Function, context: Context) -> Iterator[Hit]:
    """The function trusts its queue, topic or bucket, and every principal that can write there chooses its input,
    even if the function has no public endpoint. The access to the source itself is judged. On AWS, its resource policy,
    with its conditions and Deny statements: of queues, topics, event buses, and the Kinesis and DynamoDB streams of event
    source mappings; of buckets also the access control list, as far as public access is not blocked. High where
    everyone can write; medium for another account, unless it is audited or in trusted_accounts, for a service on
    anybody's behalf, and where only a condition such as an address narrows everyone; low for an organization that is not
    known to be the account's own, for a source named without its account, and where anyone may sign up to a Cognito user
    pool or send e-mail to an SES receipt rule, which have no policy. A route of a public API of API Gateway that asks
    nothing of its callers and writes to the source by an integration, without a function, opens it to everyone: high too. On Azure and Google Cloud: anonymous access, public network access with shared keys, members of other organizations,
    allUsers and allAuthenticatedUsers. On Azure it is medium where a leaked key is still needed.
    """
    gap: Gap | None = None
    holders: set[str] = set()
    for placed in known_triggers(function):
        holder = policy_holder(placed[1])
        if function.cloud is Cloud.AWS and holder in holders:
            continue  # another rule of the same bus, say
        holders.add(holder)
        try:
            if function.cloud is not Cloud.AWS:
                yield from _open(function, placed)
            elif says_itself(placed[1]):
                yield from _by_design(function, placed)
            else:
                yield from _of_policy(function, context, placed)
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
        try:
            yield from _of_routes(function, placed)
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
    raise_unread(function, gap, services=_WRITTEN_TO)


def _of_policy(function: Function, context: Context, placed: Placed) -> Iterator[Hit]:
    """AWS: the statements of the source's own policy."""
    group, trigger, locus = placed
    holder = policy_holder(trigger)
    shown = source_name(replace(trigger, source=holder))
    for stated in outside_writers(trigger):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach is Reach.CROSS_ACCOUNT and grant.accounts and not foreign:
            continue
        yield Hit(
            message=f"{stated.label} in the policy of {shown} lets {_whom(stated, foreign)} write to an"
            f" event source of {function.name}. {stated.told}",
            evidence=(cite(stated.fact, grant.text), cite(group, locus), *_sends(trigger)),
            locus=f"{holder}/{stated.locus}",
            severity=_SEVERITIES.get(grant.reach),
            confidence=Confidence.MEDIUM if grant.reach is Reach.CONDITIONAL else None,
            values=source_policies.policy_values(stated, holder),
            site=sites.source_policy(trigger, stated),
            command=taking_back(stated, holder),
        )


def _of_routes(function: Function, placed: Placed) -> Iterator[Hit]:
    """AWS: routes of public APIs that hand what anyone sends to the source, with API Gateway's own permission."""
    group, trigger, locus = placed
    for fact in open_source_routes(trigger):
        way = fact.value
        name = source_route_name(way)
        shown = source_name(replace(trigger, source=policy_holder(trigger)))
        yield Hit(
            message=f"{name} writes what anyone sends, without credentials, to {shown}, an event source of"
            f" {function.name}",
            evidence=(
                cite(
                    fact, f"{way.route.method} {way.route.path}: authorization NONE, writes to {policy_holder(trigger)}"
                ),
                cite(way.public, f"{way.gateway}: public"),
                cite(group, locus),
                *_sends(trigger),
            ),
            locus=f"{source_route_locus(way)} to {policy_holder(trigger)}",
            site=source_route_site(way),
            command=_SIGNED[way.kind],
            terraform=_ROUTE,
            values=source_route_values(way, trigger),
        )


def _sends(trigger: Trigger) -> Iterator[Evidence]:
    """Which bucket it is, the policy of the function need not say: the bucket does."""
    if trigger.service == "s3" and trigger.certainty is not Certainty.FUNCTION_ONLY:
        yield Evidence(NOTIFICATIONS, f"{trigger.source} sends its events to the function")


_SIGNED = {"rest": REST_SIGNED, "http": ROUTE_SIGNED, "websocket": CONNECT_SIGNED}
"""The command that asks the callers of a route for signatures, by kind of API."""
_ROUTE = """\
resource "aws_apigatewayv2_route" "this" { # it writes to {source}; a REST API: aws_api_gateway_method with authorization
  api_id             = "{api}"
  route_key          = "{route}"
  authorization_type = "AWS_IAM"
}"""


def _by_design(function: Function, placed: Placed) -> Iterator[Hit]:
    """AWS: sources without a policy that take what anyone sends: sign-ups and e-mail."""
    group, trigger, locus = placed
    source, admitted = trigger.source or "", trigger.open_to.need()
    for who in admitted:
        yield Hit(
            message=f"{who[0].upper()}{who[1:]} can choose what {source_name(trigger)} sends to {function.name}",
            evidence=(cite(trigger.open_to, f"{source}: {who}"), cite(group, locus)),
            locus=locus,
            severity=Severity.LOW,
            site=sites.by_design(who, trigger),
            command=_CLOSED_BY[trigger.service],
            terraform=_CLOSED_IN[trigger.service],
            values={
                "name_of": source.rpartition("/")[2].rpartition(":")[2],
                "rule_set": source.partition("receipt-rule-set/")[2].partition(":")[0],
            },
        )


_CLOSED_BY = {
    "cognito-idp": "# what is not given is reset: add --lambda-config and the rest as describe-user-pool shows them\n"
    "aws cognito-idp update-user-pool --region {location} --user-pool-id {name_of}"
    " --admin-create-user-config AllowAdminCreateUserOnly=true",
    "ses": "aws ses delete-receipt-rule --region {location} --rule-set-name {rule_set} --rule-name {name_of}",
}
"""Where nobody outside is to send: the command that closes the source."""
_CLOSED_IN = {
    "cognito-idp": """\
resource "aws_cognito_user_pool" "this" { # {name_of}
  admin_create_user_config {
    allow_admin_create_user_only = true
  }
}""",
    "ses": """\
resource "aws_ses_receipt_rule" "this" { # only for as long as e-mail is to start the function
  name          = "{name_of}"
  rule_set_name = "{rule_set}"
  recipients    = ["<address>"]
  scan_enabled  = true
  tls_policy    = "Require"
}""",
}


_WRITTEN_TO = frozenset({"cloudtasks", "cognito-idp", "eventgrid", "events", "s3", "ses", "sns", "workflows"})
"""Services with lists that may hide a source to which others write; nobody writes to a gateway or a schedule."""
_SEVERITIES = {
    Reach.CROSS_ACCOUNT: Severity.MEDIUM,
    Reach.SERVICE_WITHOUT_SOURCE: Severity.MEDIUM,
    Reach.CONDITIONAL: Severity.MEDIUM,
    Reach.ORGANISATION: Severity.LOW,
    Reach.SERVICE_WITHOUT_ACCOUNT: Severity.LOW,
}


def _whom(stated: Stated, foreign: tuple[str, ...]) -> str:
    if stated.grant.reach is Reach.ANONYMOUS:
        return "anyone, without credentials,"
    if stated.grant.reach in (Reach.ANY_PRINCIPAL, Reach.EVERYONE_BUT):
        return "principals of any AWS account"
    if stated.grant.reach is Reach.CROSS_ACCOUNT and foreign:
        return f"account {', '.join(foreign)}"
    if stated.grant.reach is Reach.ORGANISATION:
        return "every account of an organization"
    return stated.who


def _open(function: Function, placed: Placed) -> Iterator[Hit]:
    """Azure and Google Cloud: the principals that the source admits."""
    group, trigger, locus = placed
    admitted = trigger.open_to.need()
    if not admitted:
        return
    writers = ", ".join(admitted)
    azure = function.cloud is Cloud.AZURE
    taken = _AT.get(trigger.service, Removal(None, {})) if azure else removal(trigger.source or "")
    yield Hit(
        message=f"{writers} can write to {trigger.source or trigger.service}, an event source of {function.name}",
        evidence=(cite(trigger.open_to, writers), cite(group, locus)),
        locus=locus,
        severity=Severity.MEDIUM if azure else None,
        values={
            "source": trigger.source or "<source>",
            "member": admitted[0],
            **named(admitted),
            "granted": "<role>",
            **taken.values,
        },
        site=sites.event_source(function, trigger, locus),
        command=taken.command if azure else for_each(taken.command, admitted),
    )
