from dataclasses import replace
from typing import Any

from auditor.model.exposure import AccessGrant, AuthMode, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.exposure.internet_reachable import internet_reachable
from checks.exposure.policy_bloat import policy_bloat
from checks.exposure.policy_conditional_public import policy_conditional_public
from checks.exposure.policy_cross_account import policy_cross_account
from checks.exposure.policy_no_condition import policy_no_condition
from checks.exposure.policy_notprincipal import policy_notprincipal
from checks.exposure.policy_public import policy_public
from checks.exposure.policy_source_not_fixed import policy_source_not_fixed
from tests.unit.checks.build import (
    FOREIGN,
    arn,
    endpoint,
    found,
    make,
    only,
    policies,
    settings,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

NOT_READ = make("policy-denied", policies=unknown("lambda:GetPolicy"))
NEWER = make("newer-element", policies=policies(statement(Reach.UNRECOGNISED, reason="an element we do not know")))


def anyone(reach: Reach = Reach.ANY_PRINCIPAL, **changes: Any) -> AccessGrant:
    defaults: dict[str, Any] = {
        "sid": "Open",
        "principals": ("*",),
        "accounts": (),
        "reason": "any principal of any account",
    }
    return replace(statement(reach), **(defaults | changes))


def through_url(auth: AuthMode | None = AuthMode.NONE) -> AccessGrant:
    return anyone(
        Reach.ANONYMOUS, through_endpoint=auth, endpoint_only=True, condition_keys=("lambda:FunctionUrlAuthType",)
    )


def half_read(good: AccessGrant) -> Function:
    known = QualifiedPolicy(qualifier=None, statements=Known((good,), "lambda:GetPolicy"))
    hidden = QualifiedPolicy(qualifier="live", statements=unknown("lambda:GetPolicy"))
    return make("half-read", policies=Known((known, hidden), "lambda:ListAliases"))


def test_policy_public_judges_every_qualifier_and_says_unknown_for_what_it_cannot_read() -> None:
    assert verdicts(
        policy_public,
        {
            "own-account": make(policies=policies(statement())),
            "no-policy": make(),
            "anyone": make(policies=policies(anyone())),
            "anyone-on-alias": make(policies=policies(anyone(qualifier="live"), qualifier="live")),
            "everyone-but": make(policies=policies(anyone(Reach.EVERYONE_BUT, not_principal=True))),
            "one-public-address": make(policies=policies(anyone(Reach.CONDITIONAL))),
            "denied": NOT_READ,
            "newer-element": NEWER,
            "alias-denied": half_read(statement()),
            "anyone-and-alias-denied": half_read(anyone()),
        },
    ) == {
        "own-account": Status.PASS,
        "no-policy": Status.PASS,
        "anyone": Status.FAIL,
        "anyone-on-alias": Status.FAIL,
        "everyone-but": Status.FAIL,
        "one-public-address": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
        "alias-denied": Status.UNKNOWN,
        "anyone-and-alias-denied": Status.FAIL,
    }


def test_policy_public_names_the_alias_the_statement_and_the_proof() -> None:
    function = make("checkout", policies=policies(anyone(qualifier="live", text='{"Sid":"Open"}'), qualifier="live"))
    hit = only(policy_public, function)
    assert hit.locus == "live/Open"
    assert "of “live” in the policy of checkout grants public access: any principal" in hit.message
    assert [(e.source, e.detail) for e in hit.evidence] == [("lambda:GetPolicy", '{"Sid":"Open"}')]
    assert any(
        "remove-permission --region us-east-1 --function-name checkout:live --statement-id Open" in f
        for f in repairs(policy_public, function)
    )


def test_policy_public_weighs_grants_that_count_only_through_a_url() -> None:
    open_url = endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"))
    url: dict[str, Any] = {"endpoints": Known((open_url,), "lambda:ListFunctionUrlConfigs")}
    cases = {
        "direct": make(policies=policies(anyone())),
        "live": make(policies=policies(through_url()), **url),
        "as-open-as-the-url": make(policies=policies(through_url(None)), **url),
        "dormant-no-url": make(policies=policies(through_url())),
        "dormant-other-auth": make(policies=policies(through_url(AuthMode.IAM)), **url),
        "dormant-other-alias": make(
            policies=policies(replace(through_url(), qualifier="live"), qualifier="live"), **url
        ),
        "urls-denied": make(policies=policies(through_url()), endpoints=unknown("lambda:ListFunctionUrlConfigs")),
        "urls-denied-signed": make(
            policies=policies(replace(through_url(AuthMode.IAM), reach=Reach.ANY_PRINCIPAL)),
            endpoints=unknown("lambda:ListFunctionUrlConfigs"),
        ),
        "reads-code": make(policies=policies(anyone(invokes=False, actions=("lambda:GetFunction",)))),
    }
    assert {name: only(policy_public, case).severity for name, case in cases.items()} == {
        "direct": Severity.CRITICAL,
        "live": Severity.HIGH,
        "as-open-as-the-url": Severity.HIGH,
        "dormant-no-url": Severity.LOW,
        "dormant-other-auth": Severity.LOW,
        "dormant-other-alias": Severity.LOW,
        "urls-denied": Severity.CRITICAL,
        "urls-denied-signed": Severity.HIGH,
        "reads-code": Severity.HIGH,
    }
    assert "It is not effective now" in only(policy_public, cases["dormant-no-url"]).message
    assert "could not be read" in only(policy_public, cases["urls-denied"]).message


def test_a7_a_grant_through_a_url_that_answers_nobody_is_low() -> None:
    why = "The URL is dormant: lambda:InvokeFunction is not granted."
    asleep = endpoint(AuthMode.NONE, reach=Known(Reach.NONE, "lambda:GetPolicy"), reach_reason=why)
    hit = only(policy_public, make(policies=policies(through_url()), endpoints=Known((asleep,), "urls")))
    assert hit.severity is Severity.LOW
    assert why in hit.message
    unread = endpoint(AuthMode.NONE, reach=unknown("lambda:GetPolicy"))
    unclear = make(policies=policies(through_url()), endpoints=Known((unread,), "urls"))
    assert only(policy_public, unclear).severity is Severity.HIGH


def test_a_statement_that_cannot_be_judged_hides_none_that_can() -> None:
    puzzling = statement(Reach.UNRECOGNISED, sid="Puzzling", reason="an element we do not know")
    both = make(policies=policies(puzzling, anyone()))
    assert verdicts(policy_public, {"both": both, "puzzling": make(policies=policies(puzzling))}) == {
        "both": Status.FAIL,
        "puzzling": Status.UNKNOWN,
    }


def test_policy_conditional_public_names_the_condition() -> None:
    fixed = anyone(Reach.CONDITIONAL, condition_keys=("aws:SourceIp",), reason="from one fixed public address")
    function = make(policies=policies(fixed))
    assert verdicts(
        policy_conditional_public,
        {
            "one-public-address": function,
            "plainly-public": make(policies=policies(anyone())),
            "own-account": make(policies=policies(statement())),
            "denied": NOT_READ,
            "newer-element": NEWER,
        },
    ) == {
        "one-public-address": Status.FAIL,
        "plainly-public": Status.PASS,
        "own-account": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
    }
    assert (
        "restricts public access only by aws:SourceIp. from one fixed public address"
        in only(policy_conditional_public, function).message
    )
    assert repairs(policy_conditional_public, function)


def test_policy_source_not_fixed_points_at_wildcards_in_sources() -> None:
    pattern = statement(
        Reach.SERVICE_WITHOUT_SOURCE,
        sid="AnyRule",
        source_wildcard=True,
        sources=("arn:aws:events:*:*:rule/*",),
        services=("events.amazonaws.com",),
    )
    function = make(policies=policies(pattern))
    assert verdicts(
        policy_source_not_fixed,
        {"any-rule": function, "one-api": make(policies=policies(statement())), "denied": NOT_READ},
    ) == {"any-rule": Status.FAIL, "one-api": Status.PASS, "denied": Status.UNKNOWN}
    assert "rule/*" in only(policy_source_not_fixed, function).message
    assert policy_source_not_fixed.severity is Severity.LOW
    assert any("--principal events.amazonaws.com" in form for form in repairs(policy_source_not_fixed, function))


def cross(**changes: Any) -> AccessGrant:
    defaults: dict[str, Any] = {
        "sid": "Partner",
        "principals": (f"arn:aws:iam::{FOREIGN}:root",),
        "accounts": (FOREIGN,),
        "reason": "another account",
    }
    return replace(statement(Reach.CROSS_ACCOUNT), **(defaults | changes))


def test_policy_cross_account_accepts_trusted_accounts_only() -> None:
    subjects = {
        "partner-invokes": make(policies=policies(cross())),
        "partner-replaces-code": make(policies=policies(cross(modifies=True))),
        "organisation-invokes": make(policies=policies(anyone(Reach.ORGANISATION))),
        "organisation-replaces-code": make(policies=policies(anyone(Reach.ORGANISATION, modifies=True))),
        "own-account": make(policies=policies(statement())),
        "denied": NOT_READ,
        "newer-element": NEWER,
    }
    assert verdicts(policy_cross_account, subjects) == {
        "partner-invokes": Status.FAIL,
        "partner-replaces-code": Status.FAIL,
        "organisation-invokes": Status.FAIL,
        "organisation-replaces-code": Status.FAIL,
        "own-account": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
    }
    trusting = settings(trusted_accounts=(FOREIGN,))
    assert verdicts(policy_cross_account, {"partner": subjects["partner-invokes"]}, trusting) == {
        "partner": Status.PASS
    }
    hit = only(policy_cross_account, subjects["partner-replaces-code"])
    assert hit.severity is Severity.CRITICAL
    assert f"allows account {FOREIGN} to" in hit.message
    assert "change its code" in hit.message
    assert only(policy_cross_account, subjects["partner-invokes"]).severity is Severity.HIGH
    assert repairs(policy_cross_account, subjects["partner-invokes"])


def test_a10_an_organisation_is_weighed_by_whose_it_is_and_what_it_may_do() -> None:
    own = anyone(Reach.ORGANISATION, own_organization=True)
    service = statement(
        Reach.ORGANISATION, principals=("s3.amazonaws.com",), services=("s3.amazonaws.com",), accounts=()
    )
    member = cross(reach=Reach.ORGANISATION)
    cases = {
        "own": own,
        "unread": anyone(Reach.ORGANISATION),
        "own-changes": replace(own, modifies=True),
        "service": service,
        "member": member,
    }
    hits = {name: only(policy_cross_account, make(policies=policies(grant))) for name, grant in cases.items()}
    assert {name: hit.severity for name, hit in hits.items()} == {
        "own": Severity.LOW,
        "unread": Severity.MEDIUM,
        "own-changes": Severity.HIGH,
        "service": Severity.MEDIUM,
        "member": Severity.MEDIUM,
    }
    assert "allows every principal of this account's organization to invoke the function" in hits["own"].message
    assert "allows every principal of an organization to invoke the function" in hits["unread"].message
    assert "allows s3.amazonaws.com, for every account of an organization, to invoke" in hits["service"].message
    assert f"allows account {FOREIGN}, as a member of an organization, to invoke" in hits["member"].message


def test_a8_a_public_grant_that_no_url_takes_unsigned_calls_for_says_so() -> None:
    both = anyone(Reach.ANONYMOUS, actions=("lambda:*",))
    url: dict[str, Any] = {"endpoints": Known((endpoint(AuthMode.NONE),), "lambda:ListFunctionUrlConfigs")}
    assert "every call" not in only(policy_public, make(policies=policies(both), **url)).message
    closed = only(policy_public, make(policies=policies(both)))
    assert "No URL accepts unsigned requests now, so callers need credentials of any AWS account" in closed.message
    assert closed.severity is Severity.CRITICAL


def test_policy_notprincipal_is_about_the_form() -> None:
    excepted = anyone(Reach.EVERYONE_BUT, not_principal=True)
    subjects = {
        "excepted": make(policies=policies(excepted)),
        "named": make(policies=policies(statement())),
        "denied": NOT_READ,
    }
    assert verdicts(policy_notprincipal, subjects) == {
        "excepted": Status.FAIL,
        "named": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert "every principal except those in NotPrincipal" in only(policy_notprincipal, subjects["excepted"]).message
    assert repairs(policy_notprincipal, subjects["excepted"])


def test_policy_no_condition_spares_named_principals_of_the_own_account() -> None:
    bare = statement(
        Reach.SERVICE_WITHOUT_SOURCE, sid="S3", services=("s3.amazonaws.com",), principals=("s3.amazonaws.com",)
    )
    subjects = {
        "bare-service": make(policies=policies(bare)),
        "conditioned": make(policies=policies(replace(bare, condition_keys=("aws:SourceArn",)))),
        "own-account": make(policies=policies(statement())),
        "denied": NOT_READ,
    }
    assert verdicts(policy_no_condition, subjects) == {
        "bare-service": Status.FAIL,
        "conditioned": Status.PASS,
        "own-account": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert (
        "allows s3.amazonaws.com to invoke the function without a condition"
        in only(policy_no_condition, subjects["bare-service"]).message
    )
    assert repairs(policy_no_condition, subjects["bare-service"])


def test_policy_bloat_counts_each_qualifier_by_itself() -> None:
    many = make(
        "crowded", policies=policies(*(statement(sid=f"Route{n}", index=n) for n in range(11)), qualifier="live")
    )
    subjects = {"crowded": many, "sound": make(policies=policies(statement())), "denied": NOT_READ}
    assert verdicts(policy_bloat, subjects) == {"crowded": Status.FAIL, "sound": Status.PASS, "denied": Status.UNKNOWN}
    assert (
        only(policy_bloat, many).message == "The resource policy of crowded:live has 11 statements; the threshold is 10"
    )
    assert verdicts(policy_bloat, {"crowded": many}, settings(max_policy_statements=20)) == {"crowded": Status.PASS}
    assert repairs(policy_bloat, many)


def test_internet_reachable_lists_the_ways_in() -> None:
    api = trigger(
        TriggerKind.HTTP, service="apigateway", source=arn("execute-api", "abc123/*/GET/x"), via=TriggerVia.POLICY
    )
    subjects = {
        "url": make(endpoints=Known((endpoint(),), "lambda:ListFunctionUrlConfigs")),
        "api": make(triggers=triggers(api)),
        "open-policy": make(policies=policies(anyone())),
        "queue-only": make(),
        "disabled-api": make(triggers=triggers(replace(api, enabled=False))),
        "urls-denied": make(endpoints=unknown("lambda:ListFunctionUrlConfigs")),
        "api-and-urls-denied": make(triggers=triggers(api), endpoints=unknown("lambda:ListFunctionUrlConfigs")),
    }
    assert verdicts(internet_reachable, subjects) == {
        "url": Status.FAIL,
        "api": Status.FAIL,
        "open-policy": Status.FAIL,
        "queue-only": Status.PASS,
        "disabled-api": Status.PASS,
        "urls-denied": Status.UNKNOWN,
        "api-and-urls-denied": Status.FAIL,
    }
    assert [hit.locus for hit in found(internet_reachable, subjects["api"])] == [f"apigateway {api.source}"]
    assert repairs(internet_reachable, subjects["api"])


def test_statements_without_a_sid_keep_their_own_locus() -> None:
    function = make(
        policies=policies(anyone(sid="", index=0), anyone(sid="", index=1), anyone(sid="A"), anyone(sid="A"))
    )
    assert [hit.locus for hit in found(policy_public, function)] == ["statement-1", "statement-2", "A", "A (2)"]


def test_a12_the_caller_is_filled_in_where_there_is_one() -> None:
    cases = {
        "account": cross(accounts=(), principals=(FOREIGN,)),
        "service": statement(Reach.SERVICE_WITHOUT_SOURCE, principals=(), services=("s3.amazonaws.com",)),
        "anyone": anyone(),
        "everyone-but": anyone(Reach.EVERYONE_BUT, not_principal=True, principals=(FOREIGN,)),
    }
    commands = {
        name: repairs(policy_no_condition, make(policies=policies(grant)))[1].splitlines()[0]
        for name, grant in cases.items()
    }
    assert {
        name: command.partition("--principal ")[2].partition(" --source")[0] for name, command in commands.items()
    } == {
        "account": FOREIGN,
        "service": "s3.amazonaws.com",
        "anyone": "'REPLACE-service-or-account-that-calls'",
        "everyone-but": "'REPLACE-service-or-account-that-calls'",
    }
