"""Credentials by which others sign in as a function's identity."""

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import FederatedCredential, IdentityKey, RoleAssignment, RolePower
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.over_privilege.federated_credential_broad import federated_credential_broad
from checks.over_privilege.service_account_key_exists import service_account_key_exists
from checks.over_privilege.service_account_key_old import service_account_key_old
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import SITES, make_azure
from tests.unit.checks.build import only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, make_gcp
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
KEYS = "iam:ListServiceAccountKeys"


def key(created: str, *, expires: str | None = None, enabled: bool = True, uploaded: bool = False) -> IdentityKey:
    name = f"projects/{gcp.PROJECT}/serviceAccounts/orders@{gcp.PROJECT}.iam.gserviceaccount.com/keys/4f0c"
    return IdentityKey(id=name, created=created, expires=expires, enabled=enabled, uploaded=uploaded)


def keyed(*keys: IdentityKey, role: RoleAssignment | None = None) -> Function:
    roles = () if role is None else (role,)
    return make_gcp(identity=Known(gcp.identity(*roles, keys=(Known(keys, KEYS),)), LISTED))


def test_keys_of_a_service_account_that_still_work() -> None:
    gone = gcp.identity(exists=Known(False, "iam:ListServiceAccounts"), keys=(Known((), KEYS),))
    subjects = {
        "fresh": keyed(key("2026-11-01")),
        "old": keyed(key("2025-11-01")),
        "ninety-days": keyed(key("2026-08-25")),
        "uploaded-until": keyed(key("2026-11-01", expires="2027-02-01", uploaded=True)),
        "disabled": keyed(key("2025-11-01", enabled=False)),
        "expired": keyed(key("2025-11-01", expires="2026-11-01")),
        "none": keyed(),
        "old-and-one-unread": make_gcp(
            identity=Known(gcp.identity(keys=(Known((key("2025-11-01"),), KEYS), unknown(KEYS))), LISTED)
        ),
        "fresh-and-one-unread": make_gcp(
            identity=Known(gcp.identity(keys=(Known((key("2026-11-01"),), KEYS), unknown(KEYS))), LISTED)
        ),
        "unread": make_gcp(identity=Known(gcp.identity(keys=(unknown(KEYS),)), LISTED)),
        "account-gone": make_gcp(identity=Known(gone, LISTED)),
        "identity-unread": make_gcp(identity=unknown(LISTED)),
    }
    assert gcp.AROUND.today.isoformat() == "2026-11-23"
    assert verdicts(service_account_key_exists, subjects, gcp.AROUND) == {
        "fresh": FAIL,
        "old": FAIL,
        "ninety-days": FAIL,
        "uploaded-until": FAIL,
        "disabled": PASS,
        "expired": PASS,
        "none": PASS,
        "old-and-one-unread": FAIL,
        "fresh-and-one-unread": FAIL,
        "unread": UNKNOWN,
        "account-gone": OUTSIDE,
        "identity-unread": UNKNOWN,
    }
    assert verdicts(service_account_key_old, subjects, gcp.AROUND) == {
        "fresh": PASS,
        "old": FAIL,
        "ninety-days": PASS,
        "uploaded-until": PASS,
        "disabled": PASS,
        "expired": PASS,
        "none": PASS,
        "old-and-one-unread": FAIL,
        "fresh-and-one-unread": UNKNOWN,
        "unread": UNKNOWN,
        "account-gone": OUTSIDE,
        "identity-unread": UNKNOWN,
    }
    shown = only(service_account_key_exists, subjects["uploaded-until"], gcp.AROUND)
    assert shown.message.endswith("has key 4f0c, which was uploaded on 2026-11-01 and expires on 2027-02-01")
    mended = repairs(service_account_key_exists, subjects["old"], context=gcp.AROUND)
    deletes = (
        "gcloud iam service-accounts keys delete 4f0c --iam-account=orders@fernhollow-orders.iam.gserviceaccount.com"
    )
    assert any(deletes in form for form in mended)
    assert repairs(service_account_key_old, subjects["old"], context=gcp.AROUND)


def test_a_key_of_an_administrator_is_worse() -> None:
    cases = {
        "plain": (gcp.binding(), Severity.MEDIUM),
        "viewer": (gcp.binding("viewer", RolePower.BASIC), Severity.MEDIUM),
        "editor": (gcp.binding("editor", RolePower.BASIC), Severity.HIGH),
        "impersonates": (gcp.binding("iam.serviceAccountTokenCreator", RolePower.TAKEOVER), Severity.HIGH),
    }
    found = {
        name: only(service_account_key_exists, keyed(key("2026-11-01"), role=role), gcp.AROUND).severity
        for name, (role, _) in cases.items()
    }
    assert found == {name: None if worst is Severity.MEDIUM else worst for name, (_, worst) in cases.items()}


CREDENTIALS = "msi:ListFederatedCredentials"
GITHUB = "https://token.actions.githubusercontent.com"
TENANT = "0b6d2f4e-1111-4222-8333-444455556666"


def accepting(subject: str = "", issuer: str = GITHUB, *, expression: str = "") -> Function:
    credential = FederatedCredential(
        id=f"{azure.attached().id}/federatedidentitycredentials/ci",
        name="ci",
        issuer=issuer,
        subject=subject or None,
        expression=expression or None,
        audiences=("api://AzureADTokenExchange",),
    )
    identity = azure.attached(federated=(Known((credential,), CREDENTIALS),), tenant=Known(TENANT, "graph:Identities"))
    return make_azure(attached=Known((identity,), SITES))


def matching(value: str, issuer: str = GITHUB) -> Function:
    return accepting(issuer=issuer, expression=f"claims['sub'] matches '{value}'")


GITLAB, TERRAFORM, CIRCLE = "https://gitlab.com", "https://app.terraform.io", "https://oidc.circleci.com/org/ab"
BUILDKITE, CLUSTER = "https://agent.buildkite.com", "https://oidc.prod-aks.azure.com/5d1c0b6a/"
DIRECTORY = "https://login.microsoftonline.com"


def test_how_much_a_federated_credential_trusts() -> None:
    critical, high, medium, low = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
    broad = {
        "any-repository": (matching("repo:*"), critical),
        "everything": (matching("*"), critical),
        "environment-of-anybody": (accepting("environment:production"), critical),
        "any-issuer": (accepting("x", "https://*.example.com"), critical),
        "any-subject-of-a-cluster": (matching("*", CLUSTER), critical),
        "organisation-by-prefix": (matching("repo:fern*/orders:ref:refs/heads/main"), critical),
        "any-repository-of-one": (matching("repo:fernhollow/*:ref:refs/heads/main"), high),
        "gitlab-group": (matching("project_path:fernhollow/*:ref_type:branch:ref:main", GITLAB), high),
        "workspaces": (matching("organization:fern:project:*:workspace:*:run_phase:apply", TERRAFORM), high),
        "pipelines": (matching("organization:fern:pipeline:*:ref:refs/heads/main:*", BUILDKITE), high),
        "circle-projects": (matching("org/ab/project/*/user/*", CIRCLE), high),
        "namespaces": (matching("system:serviceaccount:*:worker", CLUSTER), high),
        "pull-request": (accepting("repo:fernhollow/orders:pull_request"), medium),
        "every-branch": (matching("repo:fernhollow/orders:ref:refs/heads/*"), medium),
        "every-run": (matching("repo:fernhollow/orders:*"), medium),
        "gitlab-branches": (matching("project_path:fernhollow/shop:ref_type:branch:ref:*", GITLAB), medium),
        "other-directory": (accepting("0d", f"{DIRECTORY}/9a/v2.0"), medium),
        "literal-wildcard": (accepting("repo:fernhollow/*"), low),
    }
    found = {
        name: only(federated_credential_broad, function, azure.AROUND).severity for name, (function, _) in broad.items()
    }
    assert found == {name: severity for name, (_, severity) in broad.items()}
    narrow = {
        "branch": accepting("repo:fernhollow/orders:ref:refs/heads/main"),
        "environment": accepting("repo:fernhollow/orders:environment:production"),
        "by-expression": accepting(expression="claims['sub'] eq 'repo:fernhollow/orders:environment:production'"),
        "by-a-second-claim": accepting(
            expression="claims['sub'] matches 'repo:fernhollow/*'"
            " and claims['job_workflow_ref'] eq 'fernhollow/release/.github/workflows/go.yml@refs/heads/main'"
        ),
        "workspace": accepting("organization:fern:project:p:workspace:prod:run_phase:apply", TERRAFORM),
        "circle-project": matching("org/ab/project/12/user/*", CIRCLE),
        "workload": accepting("system:serviceaccount:media:worker", CLUSTER),
        "own-directory": accepting("0d", f"{DIRECTORY}/{TENANT.upper()}/v2.0"),
    }
    assert verdicts(federated_credential_broad, narrow, azure.AROUND) == dict.fromkeys(narrow, PASS)
    shown = only(federated_credential_broad, broad["any-repository-of-one"][0], azure.AROUND)
    assert shown.message == (
        "Federated credential ci of identity id-orders (orders) accepts tokens of every repository of fernhollow on"
        " GitHub Actions"
    )
    mended = repairs(federated_credential_broad, broad["pull-request"][0], context=azure.AROUND)
    assert any("az identity federated-credential create" in form for form in mended)


def test_federated_credentials_that_cannot_be_judged() -> None:
    gone = azure.attached(exists=Known(False, "msi:GetIdentity"), federated=(unknown(CREDENTIALS),))
    subjects = {
        "strange-expression": accepting(expression="claims['sub'] startsWith 'repo:fernhollow/'"),
        "unread": make_azure(attached=Known((azure.attached(federated=(unknown(CREDENTIALS),)),), SITES)),
        "attached-unread": make_azure(attached=unknown(SITES)),
        "identity-gone": make_azure(attached=Known((gone,), SITES)),
        "system-assigned-only": make_azure(),
        "without": make_azure(identity=Known(None, SITES), attached=Known((), SITES)),
    }
    assert verdicts(federated_credential_broad, subjects, azure.AROUND) == {
        "strange-expression": UNKNOWN,
        "unread": UNKNOWN,
        "attached-unread": UNKNOWN,
        "identity-gone": PASS,
        "system-assigned-only": OUTSIDE,
        "without": OUTSIDE,
    }
