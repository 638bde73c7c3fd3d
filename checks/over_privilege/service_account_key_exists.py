"""Flags functions whose service account has user-managed keys."""

from collections.abc import Iterator

from auditor.analysis.identity_keys import is_privileged, short_name, until_ordinary, usable_keys
from auditor.analysis.roles import acting_role
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Find out who uses the key (Policy Analyzer shows its last authentication), move them to service account"
        " impersonation or workload identity federation, then disable and delete the key.",
        breaks="Everything that signs in with the key is refused at once.",
        command="gcloud iam service-accounts keys disable {key} --iam-account={service_account} --project={owner}\n"
        "gcloud iam service-accounts keys delete {key} --iam-account={service_account} --project={owner}",
        no_terraform="delete the google_service_account_key resource that created it, where there is one; there is no setting to add",
    ),
}


@check(
    id="service-account-key-exists",
    title="Service account of the function has user-managed keys",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-sa-key-exists-on-function-sa",),
    references=(
        "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
        "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys/list",
    ),
    cwe=522,
)
def service_account_key_exists(function: Function, context: Context) -> Iterator[Hit]:
    """A function obtains its tokens from the metadata server and never needs a key. A key is a credential without a
    second factor that works from anywhere, until somebody deletes it, with every permission of the function. Keys
    that Google creates and rotates itself, disabled and expired keys are not reported. High where the account
    administers something or can take over other identities.
    """
    account = acting_role(function.identity.need())
    if isinstance(account, str):
        raise NotApplicable(account)
    for fact, key in usable_keys(account, context.today):
        made = "was uploaded" if key.uploaded else "was created"
        ends = f"expires on {key.expires}" if key.expires else "never expires"
        yield Hit(
            message=f"Service account {account.name} of {function.name} has key {short_name(key)}, which {made} on"
            f" {key.created} and {ends}",
            evidence=(
                cite(fact, f"{key.id}: keyType USER_MANAGED, validAfterTime {key.created}"),
                cite(function.identity, f"serviceAccountEmail: {account.name}"),
            ),
            locus=key.id,
            site=key.id,
            severity=Severity.HIGH if is_privileged(account) else None,
            depends=until_ordinary(account, Severity.MEDIUM),
            values={"key": short_name(key), "service_account": account.name, "owner": account.account},
        )
    account.exists.need()  # of an account that may not exist nothing is proved
