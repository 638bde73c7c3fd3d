"""Who can run code as a function's role without being allowed what the role is."""

import json
import shlex

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.over_privilege.escalation_path import escalation_path
from checks.over_privilege.function_takeover import function_takeover
from tests.unit.analysis.permissions import lab
from tests.unit.analysis.permissions.lab import ATTACKER, account, allow, document, iam, role, trust
from tests.unit.checks.build import ROLES, effective_permissions, found, make, only, unknown, verdicts
from tests.unit.checks.repairs import repairs

SECRETS = allow("secretsmanager:GetSecretValue")
CODE = allow("lambda:UpdateFunctionCode", on="arn:aws:lambda:*:*:function:attacked")


def user(name: str, *statements: object, **more: object) -> dict[str, object]:
    policies = [{"PolicyName": "own", "PolicyDocument": document(*statements)}]  # type: ignore[arg-type]
    return {"Arn": iam("user", name), "UserPolicyList": policies} | more


def attacked(*users: object, roles: tuple[object, ...] = ()) -> Function:
    inventory = account(SECRETS, users=users, roles=roles)
    return next(function for function in inventory.functions if function.name == "attacked")


def test_function_takeover() -> None:
    subjects = {
        "a user writes its code": attacked(user("dev", CODE)),
        "the user can do the same": attacked(user("dev", CODE, SECRETS)),
        "nobody": attacked(user("dev", allow("lambda:InvokeFunction"))),
        "denied": make(effective_permissions=unknown(ROLES)),
        "undecided": make(effective_permissions=Known(effective_permissions(takers_complete=unknown(ROLES)), ROLES)),
    }
    assert verdicts(function_takeover, subjects) == {
        "a user writes its code": Status.FAIL,
        "the user can do the same": Status.PASS,
        "nobody": Status.PASS,
        "denied": Status.UNKNOWN,
        "undecided": Status.UNKNOWN,
    }


def test_the_principal_its_path_and_what_it_gains_are_named() -> None:
    subject = attacked(user("dev", CODE))
    hit = only(function_takeover, subject)
    assert hit.message == (
        "User dev can run code as role attacker of attacked, which can do more (read-secrets on *): it replaces the code"
        " of function attacked"
    )
    assert (hit.severity, hit.locus, hit.site) == (
        Severity.MEDIUM,
        iam("user", "dev"),
        f"{iam('user', 'dev')}/own/statement 1",
    )
    command = repairs(function_takeover, subject)[1]
    assert "put-user-policy --user-name dev" in command
    (denied,) = json.loads(shlex.split(command)[-1])["Statement"]
    assert ([denied["Action"]], denied["Resource"]) == (CODE["Action"], CODE["Resource"])


def test_groups_are_resolved_and_chains_are_shown() -> None:
    helper = role("helper", trust(principals=[iam("user", "dev")]), CODE)
    by_group = user("dev", GroupList=["staff"])
    hits = {hit.locus: hit.message for hit in found(function_takeover, attacked(by_group, roles=(helper,)))}
    assert set(hits) == {iam("role", "helper"), iam("user", "dev")}
    assert "it assumes role helper, then as role helper replaces the code" in hits[iam("user", "dev")]


def test_a_condition_lowers_it() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    hit = only(function_takeover, attacked(user("dev", allow("iam:UpdateAssumeRolePolicy", on=ATTACKER, when=office))))
    assert (hit.severity, hit.confidence) == (Severity.LOW, Confidence.MEDIUM)


def test_every_path_to_the_function_is_denied_at_once() -> None:
    helper = role("helper", trust(principals=[iam("user", "dev")]), CODE)
    several = user(
        "dev",
        CODE,
        allow("iam:PassRole", on=ATTACKER),
        allow("lambda:CreateFunction", "lambda:InvokeFunction"),
        allow("iam:UpdateAssumeRolePolicy", on=ATTACKER),
        allow("iam:UpdateAssumeRolePolicy", on=iam("role", "gone")),
    )
    subject = attacked(several, roles=(helper,))
    (hit,) = (hit for hit in found(function_takeover, subject) if hit.locus == iam("user", "dev"))
    command = repairs(function_takeover, subject, hit)[1]
    denied = {each["Action"]: each["Resource"] for each in json.loads(shlex.split(command)[-1])["Statement"]}
    assert denied == {
        "iam:PassRole": ATTACKER,
        "iam:UpdateAssumeRolePolicy": ATTACKER,
        "lambda:UpdateFunctionCode": CODE["Resource"],
        "sts:AssumeRole": iam("role", "helper"),
    }


def test_what_one_statement_of_a_functions_role_opens_is_one_cause() -> None:
    """By the site that findings about the role itself have: inline, of a policy of one's own, and of one of AWS."""
    power = "arn:aws:iam::aws:policy/PowerUserAccess"
    everything_else = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    worker = role("worker", trust("lambda.amazonaws.com"), CODE)
    shared = role("shared", trust("lambda.amazonaws.com"), **lab.attached(iam("policy", "deploy")))
    strong = role("strong", trust("lambda.amazonaws.com"), **lab.attached(power))
    inventory = account(
        SECRETS,
        roles=[worker, shared, strong, role("admin", trust("lambda.amazonaws.com"), lab.EVERYTHING)],
        policies=[lab.managed(iam("policy", "deploy"), CODE), lab.managed(power, everything_else)],
        functions=[
            *(lab.function(f"f-{name}", name) for name in ("worker", "shared", "strong")),
            lab.function("attractive", "admin"),
        ],
    )
    for taken in ("attacked", "attractive"):
        subject = next(each for each in inventory.functions if each.name == taken)
        for hit in found(function_takeover, subject):
            own = next(each for each in inventory.functions if each.name == f"f-{hit.locus.rpartition('/')[2]}")
            sites = {each.site for each in found(escalation_path, own)}
            assert hit.site in sites, hit.locus
