"""Sources of functions: fetched by the signed address, analysed, recorded without address or code.

The request and its answer (``downloadUrl``) are those of the discovery documents of the functions API, v1 and v2.
"""

import io
import json
import zipfile
from typing import Any

from auditor.model.capture import Envelope, Outcome
from auditor.model.observed import Known, Unknown
from auditor.model.secret import Treatment
from providers.answers.code_analysis import SHAPE
from providers.gcp.collect.packages import ADDRESS, SOURCE_CODE
from providers.gcp.normalize import normalize
from providers.gcp.operations import BY_ID
from tests.unit.providers.gcp.collector.company import ALONE, LEGACY, ORDERS, scripts
from tests.unit.providers.gcp.collector.conftest import Google, Kept, denied
from tests.unit.providers.gcp.normalize.capture import ORDERS as RECORDED
from tests.unit.providers.gcp.normalize.capture import RESIZE, capture, ok

SECRET_LINE = "the line of code that nobody may keep"
SIGNATURE = "X-Goog-" + "Signature=0123456789abcdef"


def source() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("main.py", f"# {SECRET_LINE}\nimport os\ndef go(request):\n    os.system(request.args['x'])\n")
    return out.getvalue()


def scripted(google: Google, **answers: Any) -> None:
    """Each function's source by the version of the API that its generation has."""
    address = {"downloadUrl": f"{google.url}/source.zip?{SIGNATURE}"}
    told = {f"v2/{ORDERS}": address, f"v1/{LEGACY}": address, **answers}
    paths = {f"{name}:generateDownloadUrl": answer for name, answer in told.items()}
    google.scripts = {**scripts(), **paths, "source.zip": source()}


def of(kept: Kept, operation: str) -> dict[str, Envelope]:
    return {one.subject: one for one in kept.of(operation)}


def test_what_is_inside_the_sources_of_both_generations_is_recorded(google: Google, run, kept: Kept, enricher) -> None:
    scripted(google)
    run(tiers=("packages",), enricher=enricher)
    found = of(kept, SOURCE_CODE)
    assert set(found) == {ORDERS, LEGACY}, f"nothing hands out the source of {ALONE}"
    for envelope in found.values():
        assert SHAPE.breach(envelope.body) is None
        assert [(one["file"], one["rule"]) for one in envelope.body["Findings"]] == [("main.py", "command-injection")]
    assert BY_ID[ADDRESS].redact == {"downloadUrl": Treatment.URL}, "what holds an address is stored without it"
    said = json.dumps([envelope.body for envelope in kept.envelopes if envelope.operation != ADDRESS])
    assert SECRET_LINE not in said
    assert "Signature" not in said


def test_a_source_that_cannot_be_read_is_a_gap_with_its_reason(google: Google, run, kept: Kept, enricher) -> None:
    elsewhere = {"downloadUrl": f"http://198.51.100.7/source.zip?{SIGNATURE}"}
    refused = denied("cloudfunctions.functions.sourceCodeGet")
    scripted(google, **{f"v2/{ORDERS}": refused, f"v1/{LEGACY}": elsewhere})
    run(tiers=("packages",), enricher=enricher)
    told = {one.subject: (str(one.reason), one.permission) for one in kept.of(SOURCE_CODE)}
    permission = "cloudfunctions.functions.sourceCodeGet"
    assert told == {ORDERS: ("DENIED", permission), LEGACY: ("MALFORMED", permission)}
    assert of(kept, ADDRESS)[ORDERS].outcome is Outcome.GAP
    assert SIGNATURE not in "".join(one.message or "" for one in kept.envelopes)


def test_no_source_is_asked_for_unless_the_run_says_so(google: Google, run, kept: Kept) -> None:
    scripted(google)
    run()
    assert kept.of(SOURCE_CODE) == kept.of(ADDRESS) == []
    assert not any(path.endswith(":generateDownloadUrl") for path in google.paths())


def test_a_recorded_analysis_is_the_fact_and_what_was_not_asked_for_says_why() -> None:
    body = {"Components": [], "Vulnerabilities": [], "Findings": [], "Incomplete": [], "Judged": True}
    damaged = {**body, "Components": [{"purl": 1}]}
    recorded = capture(ok(SOURCE_CODE, body, RECORDED), ok(SOURCE_CODE, damaged, RESIZE))
    inside = {one.name: one.code.analysis for one in normalize(recorded).functions}
    assert isinstance(inside["orders"], Known)
    assert isinstance(inside["resize"], Unknown)
    assert inside["resize"].gap.reason == "MALFORMED"
    assert inside["checkout"].gap.message.startswith("the functions API does not know it")
    unasked = {one.name: one.code.analysis for one in normalize(capture()).functions}
    assert (unasked["orders"].gap.reason, unasked["orders"].gap.message) == (
        "NOT_IN_TIER",
        "asked only with --tier packages",
    )
