from typing import Any

from auditor.model.deployment import Deployment, Revisions
from auditor.model.environment import StoredSecret
from auditor.model.finding import Status
from auditor.model.function import Alias, Function
from auditor.model.observed import GapReason, Known
from auditor.model.secret import Reference, ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence, Severity
from checks.insecure_configuration.env_count_excessive import env_count_excessive
from checks.insecure_configuration.env_kms_external_account import env_kms_external_account
from checks.insecure_configuration.env_kms_rotation_off import env_kms_rotation_off
from checks.insecure_configuration.env_no_cmk import env_no_cmk
from checks.insecure_configuration.env_secret_value import env_secret_value
from checks.insecure_configuration.env_ssm_ref_plain_string import env_ssm_ref_plain_string
from checks.insecure_configuration.revision_secret import revision_secret
from checks.insecure_configuration.stored_secret_default_key import stored_secret_default_key
from checks.insecure_configuration.stored_secret_not_rotated import stored_secret_not_rotated
from checks.insecure_configuration.stored_secret_public import stored_secret_public
from checks.insecure_configuration.stored_secret_unused import stored_secret_unused
from checks.transport.env_sensitive_not_client_encrypted import env_sensitive_not_client_encrypted
from tests.unit.checks.build import (
    FOREIGN,
    LISTED,
    environment,
    found,
    key,
    make,
    only,
    settings,
    stored_parameter,
    stored_secret,
    unknown,
    variable,
    verdicts,
)
from tests.unit.checks.repairs import repairs

SECRET = SecretVerdict.SECRET
PARAMETERS = "ssm:DescribeParameters"
SECRETS = "secretsmanager:DescribeSecret"
POLICY = "secretsmanager:GetResourcePolicy"
ROTATION = "kms:GetKeyRotationStatus"

EMPTY = make(environment=Known(environment(), LISTED), environment_key=Known(None, LISTED))
DENIED = make(environment=unknown(), environment_key=Known(None, LISTED))
UNLISTED_KEY = make(environment_key=unknown())
UNKEYED = make(environment=Known(environment(variable("LEVEL")), LISTED), environment_key=Known(None, LISTED))


def with_variables(*variables: Any) -> Function:
    return make(environment=Known(environment(*variables), LISTED))


def keyed(**changes: Any) -> Function:
    return make(
        environment=Known(environment(variable("LEVEL")), LISTED), environment_key=Known(key(**changes), LISTED)
    )


def referring(*stored: StoredSecret) -> Function:
    return make(environment=Known(environment(variable("REFERENCE"), stored=stored), LISTED))


def test_env_secret_value() -> None:
    sure = variable("STRIPE_KEY", SECRET, confidence=Confidence.HIGH, detector="stripe-key", length=32)
    named = variable("DB_PASSWORD", SECRET, confidence=Confidence.MEDIUM, detector="password-name")
    faint = variable("SEED", SECRET, confidence=Confidence.LOW, detector="entropy")
    reference = variable("DB_SECRET", SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.ARN, "arn:aws:x"))
    subjects = {
        "three-kinds": with_variables(sure, named, faint),
        "reference": with_variables(reference),
        "clear": make(),
        "no-variables": EMPTY,
        "denied": DENIED,
    }
    assert verdicts(env_secret_value, subjects) == {
        "three-kinds": Status.FAIL,
        "reference": Status.PASS,
        "clear": Status.PASS,
        "no-variables": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    hits = found(env_secret_value, subjects["three-kinds"])
    assert {hit.locus: (hit.severity, hit.confidence) for hit in hits} == {
        "STRIPE_KEY": (Severity.CRITICAL, Confidence.HIGH),
        "DB_PASSWORD": (Severity.HIGH, Confidence.MEDIUM),
        "SEED": (Severity.MEDIUM, Confidence.LOW),
    }
    assert hits[0].message == "Variable STRIPE_KEY of function orders holds a credential (stripe-key, high confidence)"
    assert hits[0].evidence[0].source == LISTED
    assert hits[0].evidence[0].detail == "Environment.Variables.STRIPE_KEY: 32 characters, not shown"
    assert any("--name orders/STRIPE_KEY" in form for form in repairs(env_secret_value, subjects["three-kinds"]))


def test_env_no_cmk() -> None:
    subjects = {"unkeyed": UNKEYED, "keyed": make(), "no-variables": EMPTY, "denied": DENIED, "key": UNLISTED_KEY}
    assert verdicts(env_no_cmk, subjects) == {
        "unkeyed": Status.FAIL,
        "keyed": Status.PASS,
        "no-variables": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
        "key": Status.UNKNOWN,
    }
    hit = only(env_no_cmk, UNKEYED)
    assert "(1) of function orders are not encrypted with a customer-managed key" in hit.message
    assert hit.evidence[0].detail == "KMSKeyArn is absent"


def test_env_kms_external_account() -> None:
    foreign = keyed(account=FOREIGN)
    subjects = {"foreign": foreign, "own": make(), "unkeyed": UNKEYED, "denied": UNLISTED_KEY}
    assert verdicts(env_kms_external_account, subjects) == {
        "foreign": Status.FAIL,
        "own": Status.PASS,
        "unkeyed": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert FOREIGN in only(env_kms_external_account, foreign).message
    assert found(env_kms_external_account, foreign, settings(trusted_accounts=(FOREIGN,))) == ()


def test_env_kms_rotation_off() -> None:
    subjects = {
        "never-rotated": keyed(rotation=Known(False, ROTATION)),
        "rotated": make(),
        "imported-material": keyed(rotation=Known(None, ROTATION)),
        "unkeyed": UNKEYED,
        "rotation-denied": keyed(rotation=unknown(ROTATION)),
        "denied": UNLISTED_KEY,
    }
    assert verdicts(env_kms_rotation_off, subjects) == {
        "never-rotated": Status.FAIL,
        "rotated": Status.PASS,
        "imported-material": Status.NOT_APPLICABLE,
        "unkeyed": Status.NOT_APPLICABLE,
        "rotation-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(env_kms_rotation_off, subjects["never-rotated"])
    assert (hit.evidence[0].source, hit.evidence[0].detail) == (ROTATION, "KeyRotationEnabled = false")


def test_env_count_excessive() -> None:
    many = with_variables(*(variable(f"SWITCH_{number}") for number in range(21)))
    subjects = {"twenty-one": many, "one": make(), "none": EMPTY, "denied": DENIED}
    assert verdicts(env_count_excessive, subjects) == {
        "twenty-one": Status.FAIL,
        "one": Status.PASS,
        "none": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert "21 environment variables, more than 20" in only(env_count_excessive, many).message
    assert found(env_count_excessive, many, settings(max_variables=21)) == ()


def test_env_ssm_ref_plain_string() -> None:
    plain = Known(False, PARAMETERS)
    password = stored_parameter("/prod/db/password", variable="DB_PARAMETER", encrypted=plain)
    flags = stored_parameter("/prod/feature-flags", variable="FLAGS_PATH", encrypted=plain)
    gone = stored_parameter("/prod/gone", exists=Known(False, PARAMETERS), encrypted=unknown(PARAMETERS))
    hidden = stored_parameter("/prod/hidden", encrypted=unknown(PARAMETERS))
    subjects = {
        "password": referring(password),
        "flags": referring(flags),
        "flags-beside-hidden": referring(hidden, flags),
        "encrypted": referring(stored_parameter()),
        "gone": referring(gone),
        "no-references": make(),
        "hidden": referring(hidden),
        "denied": DENIED,
    }
    assert verdicts(env_ssm_ref_plain_string, subjects) == {
        "password": Status.FAIL,
        "flags": Status.FAIL,
        "flags-beside-hidden": Status.FAIL,
        "encrypted": Status.PASS,
        "gone": Status.NOT_APPLICABLE,
        "no-references": Status.NOT_APPLICABLE,
        "hidden": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(env_ssm_ref_plain_string, subjects["password"])
    named = "SSM parameter /prod/db/password, referenced by variable DB_PARAMETER of function orders"
    assert hit.message == f"{named}, is not a SecureString"
    assert (hit.severity, hit.evidence[0].source) == (Severity.MEDIUM, PARAMETERS)
    dull = only(env_ssm_ref_plain_string, subjects["flags"])
    assert (dull.severity, dull.confidence) == (Severity.LOW, Confidence.LOW)
    assert any("--name /prod/db/password" in form for form in repairs(env_ssm_ref_plain_string, subjects["password"]))


def test_stored_secret_public() -> None:
    public = stored_secret(public_policy=Known(True, POLICY))
    subjects = {
        "public": referring(public),
        "twice-referred-to": referring(public, public),
        "narrow": referring(stored_secret()),
        "parameter-only": referring(stored_parameter()),
        "policy-denied": referring(stored_secret(public_policy=unknown(POLICY))),
        "denied": DENIED,
    }
    assert verdicts(stored_secret_public, subjects) == {
        "public": Status.FAIL,
        "twice-referred-to": Status.FAIL,
        "narrow": Status.PASS,
        "parameter-only": Status.NOT_APPLICABLE,
        "policy-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(stored_secret_public, subjects["twice-referred-to"])
    assert "grants public access" in hit.message
    assert (hit.evidence[0].source, hit.locus) == (POLICY, public.id)


def test_stored_secret_not_rotated() -> None:
    subjects = {
        "static": referring(stored_secret(rotates=Known(False, SECRETS))),
        "rotating": referring(stored_secret()),
        "no-secret": make(),
        "described-denied": referring(stored_secret(rotates=unknown(SECRETS))),
        "deleted": referring(
            stored_secret(exists=Known(False, SECRETS), rotates=unknown(SECRETS, GapReason.NOT_FOUND))
        ),
    }
    assert verdicts(stored_secret_not_rotated, subjects) == {
        "static": Status.FAIL,
        "rotating": Status.PASS,
        "no-secret": Status.NOT_APPLICABLE,
        "described-denied": Status.UNKNOWN,
        "deleted": Status.NOT_APPLICABLE,
    }
    assert "no automatic rotation" in only(stored_secret_not_rotated, subjects["static"]).message


def test_stored_secret_unused() -> None:
    subjects = {
        "old": referring(stored_secret(last_used=Known("2026-07-01", SECRETS))),
        "never": referring(stored_secret(last_used=Known(None, SECRETS))),
        "recent": referring(stored_secret()),
        "no-secret": make(),
        "denied": referring(stored_secret(last_used=unknown(SECRETS))),
    }
    assert verdicts(stored_secret_unused, subjects) == {
        "old": Status.FAIL,
        "never": Status.FAIL,
        "recent": Status.PASS,
        "no-secret": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert "was last read on 2026-07-01" in only(stored_secret_unused, subjects["old"]).message
    assert found(stored_secret_unused, subjects["old"], settings(secret_unused_days=200)) == ()


def test_stored_secret_default_key() -> None:
    subjects = {
        "default-key": referring(stored_secret(customer_key=Known(False, SECRETS))),
        "own-key": referring(stored_secret()),
        "no-secret": make(),
        "denied": referring(stored_secret(customer_key=unknown(SECRETS))),
    }
    assert verdicts(stored_secret_default_key, subjects) == {
        "default-key": Status.FAIL,
        "own-key": Status.PASS,
        "no-secret": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert (
        "is not encrypted with a customer-managed key"
        in only(stored_secret_default_key, subjects["default-key"]).message
    )


def test_env_sensitive_not_client_encrypted() -> None:
    asked = settings(client_encrypted_variables=("API_PIN",))
    cipher = variable("API_PIN", SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.ENCRYPTED, ""))
    subjects = {
        "plain": with_variables(variable("API_PIN", length=8)),
        "ciphertext": with_variables(cipher),
        "lacks-it": make(),
        "denied": DENIED,
    }
    assert verdicts(env_sensitive_not_client_encrypted, subjects, asked) == {
        "plain": Status.FAIL,
        "ciphertext": Status.PASS,
        "lacks-it": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    unasked = {"plain": subjects["plain"]}
    assert verdicts(env_sensitive_not_client_encrypted, unasked) == {"plain": Status.NOT_APPLICABLE}
    hit = only(env_sensitive_not_client_encrypted, subjects["plain"], asked)
    assert "Variable API_PIN of function orders is not client-side encrypted" in hit.message
    assert hit.evidence[0].source == LISTED


def test_revision_secret_of_published_versions() -> None:
    def holding(fact: Any, **changes: Any) -> Any:
        revisions = Revisions(secrets=fact)
        return make(deployment=Known(Deployment(revisions=revisions), LISTED), **changes)

    each = "lambda:ListVersionsByFunction"
    kept = Known(("3/OLD_KEY", "2/OLD_KEY"), each)
    live = Known((Alias(name="live", version="2", weights=()),), "lambda:ListAliases")
    subjects = {
        "unused": holding(kept, aliases=Known((), "lambda:ListAliases")),
        "served": holding(kept, aliases=live),
        "none": holding(Known((), each)),
        "unread": holding(unknown(each)),
    }
    assert verdicts(revision_secret, subjects) == {
        "unused": Status.FAIL,
        "served": Status.FAIL,
        "none": Status.PASS,
        "unread": Status.UNKNOWN,
    }
    unused, served = only(revision_secret, subjects["unused"]), only(revision_secret, subjects["served"])
    assert (unused.severity, served.severity) == (None, Severity.HIGH)
    assert "published version 3 and 1 more of function" in unused.message
    assert "published version 2 and 1 more (alias live) of function" in served.message
    assert any("--qualifier 2" in form for form in repairs(revision_secret, subjects["served"]))
