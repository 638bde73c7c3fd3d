"""What is said of a function that is stopped: its exposure is latent, and says so."""

from auditor.check import Check
from auditor.engine.evaluate import judge
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.hosting import ServiceState
from auditor.model.observed import Known, Observed
from auditor.model.severity import Severity
from checks.exposure.anonymous_endpoint_effective import anonymous_endpoint_effective
from checks.exposure.ingress_open import ingress_open
from checks.exposure.url_auth_none import url_auth_none
from checks.insecure_configuration.interactive_shell_on import interactive_shell_on
from tests.unit.checks.azure import AROUND, SITES, hosting, http, make_public
from tests.unit.checks.build import unknown

ANYONE = http("webhook", HandlerAuth.ANONYMOUS)


def public(state: Observed[ServiceState], reason: str = "") -> Function:
    described = hosting(state=state, state_reason=reason, interactive_shell=Known(True, SITES))
    return make_public(ANYONE, hosting=Known(described, SITES))


def weighed(check: Check, function: Function) -> tuple[Status, Severity | None]:
    judgement = judge(check, function, AROUND)
    [hit] = judgement.hits
    return judgement.status, hit.severity


def test_z4_a_stopped_function_is_exposed_as_soon_as_it_is_started() -> None:
    stopped = public(Known(ServiceState.STOPPED, SITES), "state Stopped")
    for check in (anonymous_endpoint_effective, url_auth_none, ingress_open):
        assert weighed(check, stopped) == (Status.FAIL, Severity.LOW), check.id
    [hit] = judge(anonymous_endpoint_effective, stopped, AROUND).hits
    assert hit.message.endswith("The function is stopped (state Stopped): this holds as soon as it is started again")
    assert (hit.evidence[-1].source, hit.evidence[-1].detail) == (SITES, "stopped (state Stopped)")


def test_z4_what_runs_and_what_is_not_known_to_be_stopped_keeps_its_weight() -> None:
    running = public(Known(ServiceState.ACTIVE, SITES))
    for function in (running, public(unknown(SITES)), make_public(ANYONE, hosting=unknown(SITES))):
        assert weighed(anonymous_endpoint_effective, function) == (Status.FAIL, None)


def test_z4_a_defect_that_does_harm_at_rest_keeps_its_weight() -> None:
    assert not interactive_shell_on.while_running
    assert anonymous_endpoint_effective.while_running
