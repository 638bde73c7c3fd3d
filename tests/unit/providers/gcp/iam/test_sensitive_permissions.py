"""What the shipped table says of predefined roles and the permissions that lead to more."""

import pytest

from auditor.analysis.permissions.role_techniques import permissions_of, techniques
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from providers.gcp.iam.predefined_roles import holders_of, is_listed
from providers.gcp.iam.roles import Roles, is_known

ROLES = Roles({})


def held(role: str) -> set[str]:
    found = ROLES.holds(role, permissions_of(Cloud.GCP))
    assert isinstance(found, Known)
    return set(found.value)


@pytest.mark.parametrize(
    ("role", "holds", "lacks"),
    [
        ("roles/owner", {"resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.actAs"},
         {"iam.serviceAccounts.getAccessToken", "resourcemanager.folders.setIamPolicy"}),
        ("roles/editor", {"iam.serviceAccounts.actAs", "cloudfunctions.functions.update", "iam.serviceAccountKeys.create"},
         {"resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.setIamPolicy"}),
        ("roles/viewer", set(), {"iam.serviceAccounts.actAs", "secretmanager.versions.access"}),
        ("roles/iam.serviceAccountUser", {"iam.serviceAccounts.actAs"}, {"iam.serviceAccounts.getAccessToken"}),
        ("roles/iam.serviceAccountTokenCreator",
         {"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.signJwt", "iam.serviceAccounts.implicitDelegation"},
         {"iam.serviceAccounts.actAs", "iam.serviceAccountKeys.create"}),
        ("roles/iam.serviceAccountKeyAdmin", {"iam.serviceAccountKeys.create"}, {"iam.serviceAccounts.actAs"}),
        ("roles/cloudfunctions.developer", {"cloudfunctions.functions.update"}, {"iam.serviceAccounts.actAs"}),
        ("roles/logging.configWriter", {"logging.sinks.delete"}, {"logging.logs.delete"}),
        ("roles/iam.roleAdmin", {"iam.roles.update"}, {"resourcemanager.projects.setIamPolicy"}),
    ],
)  # fmt: skip
def test_what_predefined_roles_hold(role: str, holds: set[str], lacks: set[str]) -> None:
    assert holds - held(role) == set()
    assert lacks & held(role) == set()


def test_every_permission_of_a_technique_is_one_that_some_predefined_role_holds() -> None:
    """A misspelt permission would never match."""
    known = set().union(*map(held, ("roles/owner", "roles/iam.securityAdmin", "roles/iam.serviceAccountTokenCreator",
                                    "roles/resourcemanager.organizationAdmin", "roles/orgpolicy.policyAdmin",
                                    "roles/iam.serviceAccountOpenIdTokenCreator", "roles/storage.admin",
                                    "roles/compute.osAdminLogin", "roles/logging.admin", "roles/datastore.user",
                                    "roles/secretmanager.admin", "roles/bigquery.dataEditor")))  # fmt: skip
    assert permissions_of(Cloud.GCP) - known == set()
    assert len({technique.id for technique in techniques(Cloud.GCP)}) == len(techniques(Cloud.GCP))


def test_the_table_of_all_permissions_says_what_that_of_the_sensitive_ones_says() -> None:
    """``auditor explain`` and the checks may not disagree about a role."""
    roles = [name for name in holders_of("resourcemanager.projects.get") or () if is_known(f"roles/{name}")]
    assert {"owner", "editor", "viewer", "writer", "run.admin"} <= set(roles)
    for permission in permissions_of(Cloud.GCP):
        holders = holders_of(permission)
        assert holders is not None, permission
        assert {name for name in roles if name in holders} == {
            name for name in roles if permission in held(f"roles/{name}")
        }, permission
    assert (is_listed("run.invoker"), is_listed("tea.brewer"), holders_of("tea.pots.brew")) == (True, False, None)
