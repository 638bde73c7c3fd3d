"""Credentials in the code of a package and of its layers: told by file, line and verdict."""

from dataclasses import replace
from typing import Any

from auditor.model.code import NOT_READ
from auditor.model.code_analysis import NOT_ANALYSED, CodeAnalysis, CodeFinding, CodeStep
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.insecure_configuration.secret_in_code import secret_in_code
from tests.unit.checks.build import CLEAN, code, found, layer, make, only, unknown, verdicts
from tests.unit.checks.repairs import repairs

SOURCE = "lambda:GetFunctionCode"
LAYER_SOURCE = "lambda:GetLayerVersionCode"
WRITTEN = CodeFinding(
    rule="hardcoded-credential",
    cwe=798,
    language="python",
    file="app.py",
    line=4,
    handler="",
    source="",
    sink="password in DB_PASSWORD",
    triggers=(),
    steps=(CodeStep(file="app.py", line=4, text="a credential is written here"),),
    confidence=Confidence.MEDIUM,
    digest="0" * 64,
)


def analysis(*findings: CodeFinding, **changes: Any) -> CodeAnalysis:
    return replace(CLEAN, findings=findings, **changes)


def function(of: CodeAnalysis, *layers: Any) -> Function:
    return make(code=code(analysis=Known(of, SOURCE), layers=Known(layers, "lambda:ListFunctions")))


WITH_IT = layer(analysis=Known(analysis(WRITTEN), LAYER_SOURCE))
SUBJECTS: dict[str, tuple[Function, Status]] = {
    "written": (function(analysis(WRITTEN)), Status.FAIL),
    "written in a layer": (function(analysis(), WITH_IT), Status.FAIL),
    "sound": (function(analysis()), Status.PASS),
    "with an injection": (function(analysis(replace(WRITTEN, rule="sql-injection"))), Status.PASS),
    "layer of the vendor": (function(analysis(), replace(WITH_IT, vendor=True)), Status.PASS),
    "without a handler": (function(analysis(code_incomplete=("the handler was not found",))), Status.PASS),
    "not asked for": (make(code=code(analysis=NOT_READ)), Status.NOT_EXAMINED),
    "known by a report": (function(analysis(code_incomplete=(NOT_ANALYSED,))), Status.NOT_EXAMINED),
    "refused": (make(code=code(analysis=unknown(SOURCE))), Status.UNKNOWN),
    "read in part": (function(analysis(unread=("app.py: it is encrypted.",))), Status.UNKNOWN),
    "searched in part": (function(analysis(unsearched=("data.json: it is large.",))), Status.UNKNOWN),
    "layer that was not read": (function(analysis(), layer(analysis=unknown(LAYER_SOURCE))), Status.UNKNOWN),
    "layers that were not read": (
        make(code=code(analysis=Known(analysis(), SOURCE), layers=unknown("lambda:ListFunctions"))),
        Status.UNKNOWN,
    ),
}


def test_verdicts() -> None:
    asked = {name: function for name, (function, _) in SUBJECTS.items()}
    assert verdicts(secret_in_code, asked) == {name: status for name, (_, status) in SUBJECTS.items()}


def test_what_is_told_is_the_place_and_the_verdict() -> None:
    hit = only(secret_in_code, function(analysis(WRITTEN)))
    assert hit.message == "Function orders has a credential (password in DB_PASSWORD) written in app.py:4"
    assert (hit.locus, hit.confidence) == ("app.py password in DB_PASSWORD", Confidence.MEDIUM)
    assert [(each.source, each.detail) for each in hit.evidence] == [(SOURCE, "app.py:4: password in DB_PASSWORD")]
    assert secret_in_code.severity is Severity.HIGH
    assert repairs(secret_in_code, function(analysis(WRITTEN)))


def test_a_credential_in_a_layer_is_another_than_that_in_the_package() -> None:
    in_package, in_layer = found(secret_in_code, function(analysis(WRITTEN), WITH_IT))
    assert in_layer.locus == f"{in_package.locus} in {WITH_IT.id}"
    assert in_layer.site == f"layer {WITH_IT.id}"
    assert in_layer.message.endswith(f"written in app.py:4 of layer {WITH_IT.id}")
    assert in_layer.evidence[0].source == LAYER_SOURCE
