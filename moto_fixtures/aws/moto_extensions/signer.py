"""AWS Signer: profiles, their end, and signing jobs, so that an artifact can be signed or not."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import identifier, now, partition
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer


@dataclass
class SignerMemory:
    """Profiles by name, and signed objects by bucket and key."""

    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)


def _memory(call: Call, account: Account) -> SignerMemory:
    return account.of(SignerMemory, call.region)


def signature_of(account: Account, region: str, code: dict[str, Any]) -> dict[str, str]:
    """The signing members Lambda shows for code a signing job has put at this bucket and key."""
    place = {"bucketName": code.get("S3Bucket"), "key": code.get("S3Key")}
    for job in account.of(SignerMemory, region).jobs.values():
        if job["signedObject"] == {"s3": place}:
            return {"SigningJobArn": job["arn"], "SigningProfileVersionArn": job["profileVersionArn"]}
    return {}


@completes("signer", "PutSigningProfile")
def put_profile(call: Call, account: Account) -> Answer:
    """Creates an active profile."""
    name, body = call.labels["profileName"], call.json()
    arn = f"arn:{partition(call.region)}:signer:{call.region}:{account.id}:/signing-profiles/{name}"
    version = identifier("profile", name).replace("-", "")[:10]
    _memory(call, account).profiles[name] = {
        "profileName": name,
        "profileVersion": version,
        "profileVersionArn": f"{arn}/{version}",
        "arn": arn,
        "platformId": body["platformId"],
        "platformDisplayName": "AWS Lambda",
        "signatureValidityPeriod": body.get("signatureValidityPeriod", {"value": 135, "type": "MONTHS"}),
        "status": "Active",
        "tags": body.get("tags", {}),
    }
    return as_json({"arn": arn, "profileVersion": version, "profileVersionArn": f"{arn}/{version}"})


def _profile(call: Call, account: Account) -> dict[str, Any]:
    owner = call.argument("profileOwner")
    profile = _memory(call, account).profiles.get(call.labels["profileName"])
    if profile is None or owner not in (None, account.id):
        raise ServiceError("ResourceNotFoundException", "Signing profile not found.", 404)
    return profile


@completes("signer", "GetSigningProfile")
def get_profile(call: Call, account: Account) -> Answer:
    """One profile of this account."""
    return as_json(_profile(call, account))


@completes("signer", "ListSigningProfiles")
def list_profiles(call: Call, account: Account) -> Answer:
    """Active profiles, and the ended ones where asked."""
    everyone = (call.argument("includeCanceled") or "").lower() == "true"
    rows = _memory(call, account).profiles.values()
    return as_json({"profiles": [row for row in rows if everyone or row["status"] == "Active"]})


@completes("signer", "CancelSigningProfile")
def cancel_profile(call: Call, account: Account) -> Answer:
    """Ends a profile; what it signed stays valid."""
    _profile(call, account)["status"] = "Canceled"
    return nothing()


@completes("signer", "RevokeSigningProfile")
def revoke_profile(call: Call, account: Account) -> Answer:
    """Revokes a profile; its signatures fail from the effective time on."""
    profile = _profile(call, account)
    profile["status"] = "Revoked"
    profile["revocationRecord"] = {
        "revocationEffectiveFrom": call.json()["effectiveTime"],
        "revokedAt": now().timestamp(),
        "revokedBy": account.id,
    }
    return nothing()


@completes("signer", "StartSigningJob")
def start_job(call: Call, account: Account) -> Answer:
    """Signs an object at once; the signed copy lies under the destination's prefix, named after the job."""
    body = call.json()
    kept = _memory(call, account)
    job = identifier("job", call.region, len(kept.jobs))
    target = body["destination"]["s3"]
    profile = kept.profiles[body["profileName"]]
    kept.jobs[job] = {
        "jobId": job,
        "arn": f"arn:{partition(call.region)}:signer:{call.region}:{account.id}:/signing-jobs/{job}",
        "profileVersionArn": profile["profileVersionArn"],
        "profileName": profile["profileName"],
        "source": body["source"],
        "signedObject": {"s3": {"bucketName": target["bucketName"], "key": f"{target.get('prefix', '')}{job}.zip"}},
        "status": "Succeeded",
        "platformId": profile["platformId"],
    }
    return as_json({"jobId": job, "jobOwner": account.id})


@completes("signer", "DescribeSigningJob")
def describe_job(call: Call, account: Account) -> Answer:
    """One finished job."""
    job = _memory(call, account).jobs.get(call.labels["jobId"])
    if job is None:
        raise ServiceError("ResourceNotFoundException", "Signing job not found.", 404)
    return as_json({name: value for name, value in job.items() if name != "arn"})
