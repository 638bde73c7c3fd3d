"""Exposure paths: from the internet to what the role can do, as one finding whose severity joins reach and power."""

from dataclasses import replace

from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Route
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.exposure.exposure_path import exposure_path
from tests.unit.analysis.permissions.lab import ATTACKER, EVERYTHING, account, allow
from tests.unit.checks.build import ROLES, endpoint, make, only, policies, statement, unknown, verdicts
from tests.unit.checks.repairs import repairs

URLS = "lambda:ListFunctionUrlConfigs"
ROUTES = "apigatewayv2:GetRoutes"
API = Gateway(
    id="arn:aws:apigateway:us-east-1::/apis/a1b2c3",
    name="shop",
    kind="http",
    public=Known(True, ROUTES),
    routes=(Route(method="POST", path="/orders", auth=AuthMode.NONE, authorizer=None),),
)
OPEN = endpoint(auth=AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"))


def behind(*statements: object, public: bool = True) -> Function:
    """The attacked function of the lab, behind a public URL or behind none."""
    inventory = account(*statements)  # type: ignore[arg-type]
    found = next(function for function in inventory.functions if function.name == "attacked")
    return replace(make(), effective_permissions=found.effective_permissions, endpoints=Known((OPEN,) * public, URLS))


def test_exposure_path() -> None:
    subjects = {
        "public administrator": behind(EVERYTHING),
        "private administrator": behind(EVERYTHING, public=False),
        "public and harmless": behind(allow("dynamodb:PutItem", on="arn:aws:dynamodb:*:*:table/orders")),
        "public, permissions unread": make(effective_permissions=unknown(ROLES), endpoints=Known((OPEN,), URLS)),
        "entry unread": make(endpoints=unknown(URLS)),
        "routes unread": make(gateways=unknown(ROUTES)),
        "public API": replace(behind(EVERYTHING, public=False), gateways=Known((API,), ROUTES)),
    }
    assert verdicts(exposure_path, subjects) == {
        "public administrator": Status.FAIL,
        "private administrator": Status.PASS,
        "public and harmless": Status.PASS,
        "public, permissions unread": Status.UNKNOWN,
        "entry unread": Status.UNKNOWN,
        "routes unread": Status.UNKNOWN,
        "public API": Status.FAIL,
    }


def test_the_severity_is_that_of_reach_and_power() -> None:
    severities = {
        "administrator": only(exposure_path, behind(EVERYTHING)).severity,
        "becomes one": only(exposure_path, behind(allow("iam:PutRolePolicy", on=ATTACKER))).severity,
        "may become one": only(exposure_path, behind(allow("ssm:SendCommand"))).severity,
        "one secret": only(
            exposure_path, behind(allow("secretsmanager:GetSecretValue", on="arn:aws:secretsmanager:*:*:secret:pay"))
        ).severity,
        "all data": only(exposure_path, behind(allow("dynamodb:Scan"))).severity,
        "every function": only(exposure_path, behind(allow("lambda:InvokeFunction"))).severity,
    }
    assert severities == {
        "administrator": Severity.CRITICAL,
        "becomes one": Severity.CRITICAL,
        "may become one": Severity.HIGH,
        "one secret": Severity.HIGH,
        "all data": Severity.HIGH,
        "every function": Severity.MEDIUM,
    }


def test_the_path_is_told_hop_by_hop_with_its_proofs() -> None:
    subject = behind(allow("secretsmanager:GetSecretValue"))
    hit = only(exposure_path, subject)
    assert hit.message == (
        f"Internet → function orders ({OPEN.url} accepts unauthenticated requests) → role orders-role → read-secrets on"
        " * (secretsmanager:GetSecretValue)"
    )
    assert [item.source for item in hit.evidence] == ["lambda:GetPolicy", ROLES]
    assert "secretsmanager:GetSecretValue" in hit.evidence[1].detail
    assert "--auth-type AWS_IAM" in repairs(exposure_path, subject)[1]


def test_what_closes_a_public_statement_names_it_and_no_url() -> None:
    public = statement(Reach.ANY_PRINCIPAL, sid="everyone")
    subject = replace(behind(allow("secretsmanager:GetSecretValue"), public=False), policies=policies(public))
    told = repairs(exposure_path, subject)
    assert any("--statement-id everyone" in form for form in told)
    assert not [form for form in told if "url-config" in form or "aws_lambda_function_url" in form]
