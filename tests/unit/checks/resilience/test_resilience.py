from typing import Any

from auditor.model.code import SnapStart
from auditor.model.environment import KeyState
from auditor.model.finding import Status
from auditor.model.function import Alias, Function
from auditor.model.observed import Known
from checks.resilience.arch_not_arm64 import arch_not_arm64
from checks.resilience.code_unversioned import code_unversioned
from checks.resilience.concurrency_zero import concurrency_zero
from checks.resilience.env_kms_key_gone import env_kms_key_gone
from checks.resilience.env_secret_ref_unreadable import env_secret_ref_unreadable
from checks.resilience.loggroup_orphan import loggroup_orphan
from checks.resilience.role_missing import role_missing
from checks.resilience.snapstart_config import snapstart_config
from checks.resilience.snapstart_off_on_java import snapstart_off_on_java
from tests.unit.checks.build import (
    LISTED,
    ROLES,
    code,
    environment,
    grant,
    identity,
    key,
    limits,
    location,
    log_group,
    make,
    make_image,
    only,
    stored_parameter,
    stored_secret,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

ALIASES = "lambda:ListAliases"


def test_arch_not_arm64() -> None:
    x86 = make(architectures=Known(("x86_64",), LISTED))
    assert verdicts(arch_not_arm64, {"x86": x86, "arm": make(), "denied": make(architectures=unknown())}) == {
        "x86": Status.FAIL,
        "arm": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(arch_not_arm64, x86).evidence[0].detail == "Architectures = x86_64"
    assert repairs(arch_not_arm64, x86)


def snapped(configured: bool = True, active: bool = False, **changes: Any) -> Function:
    setting = Known(SnapStart(configured=configured, active=active), LISTED)
    return make(code=code(snapstart=setting), **({"runtime": Known("java21", LISTED)} | changes))


def test_snapstart_config_needs_a_published_version_and_a_supported_runtime() -> None:
    subjects = {
        "nothing-published": snapped(aliases=Known((), ALIASES)),
        "alias-of-latest": snapped(aliases=Known((Alias(name="dev", version="$LATEST", weights=()),), ALIASES)),
        "wrong-runtime": snapped(runtime=Known("nodejs22.x", LISTED)),
        "in-effect": snapped(),
        "not-configured": snapped(configured=False),
        "aliases-denied": snapped(aliases=unknown(ALIASES)),
        "wrong-runtime-aliases-denied": snapped(runtime=Known("nodejs22.x", LISTED), aliases=unknown(ALIASES)),
        "runtime-denied": snapped(runtime=unknown()),
        "setting-denied": make(code=code(snapstart=unknown())),
    }
    assert verdicts(snapstart_config, subjects) == {
        "nothing-published": Status.FAIL,
        "alias-of-latest": Status.FAIL,
        "wrong-runtime": Status.FAIL,
        "in-effect": Status.PASS,
        "not-configured": Status.NOT_APPLICABLE,
        "aliases-denied": Status.UNKNOWN,
        "wrong-runtime-aliases-denied": Status.FAIL,
        "runtime-denied": Status.UNKNOWN,
        "setting-denied": Status.UNKNOWN,
    }
    assert "no alias points to one" in only(snapstart_config, subjects["nothing-published"]).message
    assert "not offered for runtime nodejs22.x" in only(snapstart_config, subjects["wrong-runtime"]).message
    assert repairs(snapstart_config, subjects["nothing-published"])


def test_snapstart_off_on_java() -> None:
    off = snapped(configured=False)
    subjects = {
        "java-without": off,
        "java-with": snapped(),
        "python": make(),
        "image": make_image(),
        "runtime-denied": snapped(runtime=unknown()),
        "setting-denied": make(code=code(snapstart=unknown()), runtime=Known("java21", LISTED)),
    }
    assert verdicts(snapstart_off_on_java, subjects) == {
        "java-without": Status.FAIL,
        "java-with": Status.PASS,
        "python": Status.NOT_APPLICABLE,
        "image": Status.NOT_APPLICABLE,
        "runtime-denied": Status.UNKNOWN,
        "setting-denied": Status.UNKNOWN,
    }
    assert only(snapstart_off_on_java, off).message == "Function orders on runtime java21 does not use SnapStart"
    assert repairs(snapstart_off_on_java, off)


def encrypted(state: Any) -> Function:
    return make(environment_key=Known(key(state=state), LISTED))


def test_env_kms_key_gone() -> None:
    subjects = {
        **{s.value: encrypted(Known(s, "kms:DescribeKey")) for s in KeyState},
        "own-key-of-the-cloud": make(environment_key=Known(None, LISTED)),
        "key-denied": encrypted(unknown("kms:DescribeKey")),
        "variables-not-decrypted": make(
            environment=unknown(), environment_key=Known(key(state=Known(KeyState.DISABLED, "kms:DescribeKey")), LISTED)
        ),
        "list-denied": make(environment_key=unknown()),
    }
    assert verdicts(env_kms_key_gone, subjects) == {
        "enabled": Status.PASS,
        "disabled": Status.FAIL,
        "pending-deletion": Status.FAIL,
        "unavailable": Status.FAIL,
        "missing": Status.FAIL,
        "own-key-of-the-cloud": Status.NOT_APPLICABLE,
        "key-denied": Status.UNKNOWN,
        "variables-not-decrypted": Status.FAIL,
        "list-denied": Status.UNKNOWN,
    }
    hit = only(env_kms_key_gone, subjects["pending-deletion"])
    assert hit.message == f"Key {key().id} of function orders is pending-deletion"
    assert [e.source for e in hit.evidence] == [LISTED, "kms:DescribeKey"]
    assert repairs(env_kms_key_gone, subjects["pending-deletion"])


def test_env_secret_ref_unreadable_joins_references_with_the_role() -> None:
    secret, parameter = stored_secret(), stored_parameter()

    def referring(*stored: Any, may: Any = (), **role: Any) -> Function:
        return make(
            environment=Known(environment(stored=stored), LISTED),
            identity=Known(identity(*(may or (grant(),)), **role), LISTED),
        )

    reads_all = grant(("secretsmanager:getsecretvalue", "ssm:get*"), ("*",))
    suffix_free = stored_secret(id=secret.id.removesuffix("-AbCdEf"))
    subjects = {
        "secret-not-allowed": referring(secret),
        "parameter-not-allowed": referring(parameter),
        "allowed": referring(secret, parameter, may=(reads_all,)),
        "allowed-by-name": referring(parameter, may=(grant(("ssm:getparameter",), (parameter.id,)),)),
        "allowed-by-suffix-pattern": referring(
            suffix_free, may=(grant(("secretsmanager:getsecretvalue",), (f"{suffix_free.id}-??????",)),)
        ),
        "bare-parameter-name": referring(
            stored_parameter(id="/prod/db/url"), may=(grant(("ssm:getparameters",), (parameter.id,)),)
        ),
        "secret-gone": referring(stored_secret(exists=Known(False, "secretsmanager:DescribeSecret"))),
        "existence-denied": referring(stored_secret(exists=unknown("secretsmanager:DescribeSecret"))),
        "existence-denied-though-allowed": referring(
            stored_secret(exists=unknown("secretsmanager:DescribeSecret")), may=(reads_all,)
        ),
        "existence-of-another-denied": referring(secret, stored_parameter(exists=unknown("ssm:DescribeParameters"))),
        "no-reference": make(),
        "document-denied": referring(secret, statements=(unknown(ROLES),)),
        "environment-denied": make(environment=unknown()),
        "role-gone": referring(secret, exists=Known(False, ROLES)),
    }
    assert verdicts(env_secret_ref_unreadable, subjects) == {
        "secret-not-allowed": Status.FAIL,
        "parameter-not-allowed": Status.FAIL,
        "allowed": Status.PASS,
        "allowed-by-name": Status.PASS,
        "allowed-by-suffix-pattern": Status.PASS,
        "bare-parameter-name": Status.PASS,
        "secret-gone": Status.NOT_APPLICABLE,
        "existence-denied": Status.UNKNOWN,
        "existence-denied-though-allowed": Status.UNKNOWN,
        "existence-of-another-denied": Status.FAIL,
        "no-reference": Status.NOT_APPLICABLE,
        "document-denied": Status.UNKNOWN,
        "environment-denied": Status.UNKNOWN,
        "role-gone": Status.NOT_APPLICABLE,
    }
    hit = only(env_secret_ref_unreadable, subjects["secret-not-allowed"])
    assert hit.message == (
        f"Variable DB_SECRET_ARN of function orders references {secret.id}, which role orders-role cannot read"
        " (secretsmanager:GetSecretValue)"
    )
    assert [e.source for e in hit.evidence] == [LISTED, secret.exists.source, ROLES]
    assert repairs(env_secret_ref_unreadable, subjects["secret-not-allowed"])


def test_code_unversioned() -> None:
    latest = Known((Alias(name="dev", version="$LATEST", weights=()),), ALIASES)
    subjects = {
        "no-alias": make(aliases=Known((), ALIASES)),
        "alias-of-latest": make(aliases=latest),
        "alias-of-version": make(),
        "denied": make(aliases=unknown(ALIASES)),
    }
    assert verdicts(code_unversioned, subjects) == {
        "no-alias": Status.FAIL,
        "alias-of-latest": Status.FAIL,
        "alias-of-version": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(code_unversioned, subjects["no-alias"]).evidence[0].source == ALIASES
    assert repairs(code_unversioned, subjects["no-alias"])


def test_role_missing() -> None:
    gone = make(identity=Known(identity(exists=Known(False, ROLES)), LISTED))
    subjects = {
        "gone": gone,
        "present": make(),
        "roles-denied": make(identity=Known(identity(exists=unknown(ROLES)), LISTED)),
        "denied": make(identity=unknown()),
        "none": make(identity=Known(None, LISTED)),
    }
    assert verdicts(role_missing, subjects) == {
        "gone": Status.FAIL,
        "present": Status.PASS,
        "roles-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
        "none": Status.NOT_APPLICABLE,
    }
    assert (
        only(role_missing, gone).message
        == "Role arn:aws:iam::111122223333:role/orders-role of function orders does not exist"
    )
    assert repairs(role_missing, gone)


def test_concurrency_zero() -> None:
    off = make(limits=limits(reserved_concurrency=Known(0, "lambda:GetFunction")))
    subjects = {
        "off": off,
        "reserved": make(),
        "unreserved": make(limits=limits(reserved_concurrency=Known(None, "lambda:GetFunction"))),
        "denied": make(limits=limits(reserved_concurrency=unknown("lambda:GetFunction"))),
    }
    assert verdicts(concurrency_zero, subjects) == {
        "off": Status.FAIL,
        "reserved": Status.PASS,
        "unreserved": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert "every invocation is throttled" in only(concurrency_zero, off).message
    assert repairs(concurrency_zero, off)


def test_loggroup_orphan() -> None:
    left = location(
        orphaned_logs=Known((log_group("/aws/lambda/retired", retention_days=None),), "logs:DescribeLogGroups")
    )
    denied = location(orphaned_logs=unknown("lambda:ListFunctions"))
    assert verdicts(loggroup_orphan, {"left": left, "clean": location(), "denied": denied}) == {
        "left": Status.FAIL,
        "clean": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert (
        only(loggroup_orphan, left).message
        == "Log group /aws/lambda/retired belongs to no function and keeps its logs without expiry"
    )
    assert any("--log-group-name /aws/lambda/retired" in form for form in repairs(loggroup_orphan, left))
