"""Flags functions whose service account has a key that is older than 90 days."""

from collections.abc import Iterator

from auditor.analysis.identity_keys import MAX_AGE_DAYS, age_in_days, short_name, usable_keys
from auditor.analysis.roles import acting_role
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Move the users of the key to service account impersonation or workload identity federation and delete it;"
        " where that is not possible yet, replace it with a new key.",
        breaks="Everything that still signs in with the old key is refused at once.",
        command="gcloud iam service-accounts keys disable {key} --iam-account={service_account} --project={owner}\n"
        "gcloud iam service-accounts keys delete {key} --iam-account={service_account} --project={owner}",
        no_terraform="replace the google_service_account_key resource that created it, where there is one; there is no setting to add",
    ),
}


@check(
    id="service-account-key-old",
    title="Service account key has not been rotated for 90 days",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-sa-user-managed-keys",),
    facet_of=("service-account-key-exists",),
    references=(
        "https://cloud.google.com/iam/docs/key-rotation",
        "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
    ),
    cwe=324,
)
def service_account_key_old(function: Function, context: Context) -> Iterator[Hit]:
    """The longer a key exists, the more copies of it there are: in pipelines, on laptops, in backups of machines that
    were replaced. None of them ends with the job or the person it was made for. Disabled and expired keys are not
    reported.
    """
    account = acting_role(function.identity.need())
    if isinstance(account, str):
        raise NotApplicable(account)
    for fact, key in usable_keys(account, context.today):
        age = age_in_days(key, context.today)
        if age > MAX_AGE_DAYS:
            yield Hit(
                message=f"Key {short_name(key)} of service account {account.name} ({function.name}) is {age} days old",
                evidence=(
                    cite(fact, f"{key.id}: validAfterTime {key.created}"),
                    cite(function.identity, f"serviceAccountEmail: {account.name}"),
                ),
                locus=key.id,
                site=key.id,
                values={"key": short_name(key), "service_account": account.name, "owner": account.account},
            )
    account.exists.need()  # of an account that may not exist nothing is proved
