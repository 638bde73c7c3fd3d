"""Event sources of AWS that others may write to, by the policies of queues, topics, buses and streams."""

from typing import Any

from auditor.model.exposure import Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from checks.event_injection.trigger_source_open import trigger_source_open
from tests.unit.checks.build import (
    arn,
    found,
    make,
    only,
    settings,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

QUEUES = "sqs:GetQueueAttributes"
PARTNER = "444455556666"


def source(*reaches: Reach, of: str = "", **changes: Any) -> Trigger:
    """A queue (or what ``of`` names) with one statement for each reach."""
    name = of or arn("sqs", "orders-in")
    given: dict[str, Any] = {"accounts": (), "principals": ("*",), "invokes": False, "text": '{"Effect":"Allow"}'}
    given |= {"reason": "Everyone can use the queue", **changes}
    grants = tuple(statement(reach, **({"sid": f"s{number}"} | given)) for number, reach in enumerate(reaches))
    return trigger(service=name.split(":")[2], source=name, source_grants=Known(grants, QUEUES))


def fed(*sources: Trigger) -> Function:
    return make(triggers=triggers(*sources))


def test_sources_of_aws_are_judged_by_who_may_write_to_them() -> None:
    unread = trigger(source=arn("sqs", "dark"), source_grants=unknown(QUEUES))
    gateway = trigger(
        TriggerKind.HTTP, service="apigateway", via=TriggerVia.POLICY, source_grants=not_offered(QUEUES, "none")
    )
    subjects = {
        "everyone": fed(source(Reach.ANONYMOUS)),
        "any account": fed(source(Reach.ANY_PRINCIPAL)),
        "partner": fed(source(Reach.CROSS_ACCOUNT, accounts=(PARTNER,), principals=(PARTNER,))),
        "any topic": fed(source(Reach.SERVICE_WITHOUT_SOURCE, services=("sns.amazonaws.com",))),
        "an address": fed(source(Reach.CONDITIONAL)),
        "an organization": fed(source(Reach.ORGANISATION)),
        "our organization": fed(source(Reach.ORGANISATION, own_organization=True)),
        "nobody": fed(source()),
        "behind a gateway": fed(gateway),
        "not told": fed(source(Reach.UNRECOGNISED)),
        "unread": fed(unread),
        "unread and open": fed(unread, source(Reach.ANONYMOUS)),
        "unread and switched off": fed(trigger(enabled=False, source_grants=unknown(QUEUES))),
        "lists unread": make(triggers=(unknown("lambda:ListEventSourceMappings"),)),
    }
    assert verdicts(trigger_source_open, subjects) == {
        "everyone": Status.FAIL,
        "any account": Status.FAIL,
        "partner": Status.FAIL,
        "any topic": Status.FAIL,
        "an address": Status.FAIL,
        "an organization": Status.FAIL,
        "our organization": Status.PASS,
        "nobody": Status.PASS,
        "behind a gateway": Status.PASS,
        "not told": Status.UNKNOWN,
        "unread": Status.UNKNOWN,
        "unread and open": Status.FAIL,
        "unread and switched off": Status.PASS,
        "lists unread": Status.UNKNOWN,
    }
    assert {
        name: only(trigger_source_open, subjects[name]).severity
        for name in ("everyone", "any account", "partner", "any topic", "an address", "an organization")
    } == {
        "everyone": None,  # the check's own: high
        "any account": None,
        "partner": Severity.MEDIUM,
        "any topic": Severity.MEDIUM,
        "an address": Severity.MEDIUM,
        "an organization": Severity.LOW,
    }
    assert trigger_source_open.severity is Severity.HIGH
    assert only(trigger_source_open, subjects["an address"]).confidence is Confidence.MEDIUM


def test_a_trusted_account_may_write() -> None:
    subjects = {"partner": fed(source(Reach.CROSS_ACCOUNT, accounts=(PARTNER,)))}
    trusting = settings(trusted_accounts=(PARTNER,))
    assert verdicts(trigger_source_open, subjects, trusting) == {"partner": Status.PASS}


def test_the_message_names_the_statement_the_source_and_who_writes() -> None:
    hit = only(trigger_source_open, fed(source(Reach.ANONYMOUS)))
    assert hit.message == (
        "Statement “s0” in the policy of SQS queue orders-in lets anyone, without credentials, write to an event source of"
        " orders. Everyone can use the queue."
    )
    assert hit.site == f"s0 in the policy of {arn('sqs', 'orders-in')}"
    assert [evidence.source for evidence in hit.evidence] == [QUEUES, "lambda:ListEventSourceMappings"]
    assert hit.evidence[0].detail == '{"Effect":"Allow"}'


def test_two_rules_of_one_bus_are_told_once() -> None:
    rules = (arn("events", "rule/partners/a"), arn("events", "rule/partners/b"))
    hits = found(trigger_source_open, fed(*(source(Reach.ANY_PRINCIPAL, of=rule) for rule in rules)))
    assert [hit.locus for hit in hits] == [f"{arn('events', 'event-bus/partners')}/s0"]
    assert "in the policy of event bus partners lets principals of any AWS account write" in hits[0].message


def test_the_command_takes_the_statement_from_the_source_it_is_on() -> None:
    commands = {
        arn("sqs", "in"): "aws sqs remove-permission",
        arn("sns", "news"): "aws sns remove-permission",
        arn("events", "rule/partners/a"): "--event-bus-name partners --statement-id s0",
        arn("kinesis", "stream/visits"): "aws kinesis delete-resource-policy",
        arn("dynamodb", "table/stock/stream/2026"): f"--resource-arn {arn('dynamodb', 'table/stock')}",
    }
    for of, words in commands.items():
        printed = repairs(trigger_source_open, fed(source(Reach.ANONYMOUS, of=of)))
        assert any(words in form for form in printed), (words, printed)
    bucket = "arn:aws:s3:::uploads"
    of_bucket = {
        "put-public-access-block --bucket uploads": source(Reach.ANONYMOUS, of=bucket),
        "put-bucket-policy --bucket uploads": source(Reach.CROSS_ACCOUNT, of=bucket, accounts=(PARTNER,)),
        "put-bucket-acl --bucket uploads --acl private": source(
            Reach.CROSS_ACCOUNT, of=bucket, sid="access-control-list"
        ),
    }
    for words, opened in of_bucket.items():
        assert any(words in form for form in repairs(trigger_source_open, fed(opened))), words
    assert only(trigger_source_open, fed(source(Reach.ANONYMOUS, of=bucket))).site == f"public access to {bucket}"
    unnamed = repairs(trigger_source_open, fed(source(Reach.ANONYMOUS, sid="")))
    assert any("""--attributes '{"Policy":""}'""" in form for form in unnamed)


def test_a_source_without_a_policy_that_takes_what_anyone_sends_is_low() -> None:
    without = not_offered(QUEUES, "no policy of its own")

    def told(service: str, source: str, *who: str) -> Trigger:
        return trigger(
            TriggerKind.IDENTITY, service=service, source=source, source_grants=without, open_to=Known(who, "describe")
        )

    pool, rule = arn("cognito-idp", "userpool/p1"), arn("ses", "receipt-rule-set/in:receipt-rule/all")
    subjects = {
        "sign-up": fed(told("cognito-idp", pool, "anyone who signs up")),
        "administered": fed(told("cognito-idp", pool)),
        "mail": fed(told("ses", rule, "anyone who sends e-mail")),
        "pool unread": make(triggers=(unknown("cognito-idp:DescribeUserPool"),)),
        "rotation unread": make(triggers=(unknown("secretsmanager:ListSecrets"),)),
    }
    assert verdicts(trigger_source_open, subjects) == {
        "sign-up": Status.FAIL,
        "administered": Status.PASS,
        "mail": Status.FAIL,
        "pool unread": Status.UNKNOWN,
        "rotation unread": Status.PASS,  # nobody writes to a rotation
    }
    hit = only(trigger_source_open, subjects["sign-up"])
    assert (hit.message, hit.severity) == (
        "Anyone who signs up can choose what Cognito user pool p1 sends to orders",
        Severity.LOW,
    )
    assert any("--user-pool-id p1" in form for form in repairs(trigger_source_open, subjects["sign-up"]))
    closed = repairs(trigger_source_open, subjects["mail"])
    assert any("--rule-set-name in --rule-name all" in form for form in closed)
