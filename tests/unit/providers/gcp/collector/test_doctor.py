"""``auditor doctor``: what works, what does not, and which permission would help."""

from providers.gcp.provider import GcpProvider
from tests.unit.providers.gcp.collector.company import PROJECT, legacy, scripts
from tests.unit.providers.gcp.collector.conftest import Google, declared, denied, off, options


def lines(**settings: str) -> dict[str, tuple[bool, str, str | None]]:
    probes = GcpProvider().doctor(options(settings=settings))
    return {probe.subject: (probe.ok, probe.text, probe.permission) for probe in probes}


def test_projects_and_calls_are_told_with_what_is_missing(google: Google) -> None:
    google.scripts = scripts()
    google.scripts[f"v1/projects/{PROJECT}/secrets"] = denied("secretmanager.secrets.list")
    google.scripts[f"v1/projects/{PROJECT}/assets#RESOURCE"] = off()
    told = lines()
    assert told["projects"] == (True, PROJECT, None)
    assert told["functions:ListFunctions"][0]
    ok, text, permission = told["secretmanager:ListSecrets"]
    assert (ok, permission) == (False, "secretmanager.secrets.list")
    assert text.startswith("DENIED: IAM_PERMISSION_DENIED: Permission")
    ok, text, permission = told["asset:ListResources"]
    assert (ok, permission) == (False, None)
    assert text.startswith("NOT_OFFERED: SERVICE_DISABLED: ")
    assert told["run:GetIamPolicy"][0]
    assert told["resourcemanager:GetFolderPolicy"][0]
    assert [asked.path for asked in google.log if not declared(asked)] == []


def test_a_first_generation_function_is_probed_by_its_own_policy(google: Google) -> None:
    google.scripts = scripts()
    google.scripts[f"v2/projects/{PROJECT}/locations/-/functions"] = {"functions": [legacy()]}
    told = lines(project_id=PROJECT)
    assert told["functions:GetIamPolicy"][0]
    assert "run:GetIamPolicy" not in told


def test_a_search_that_is_denied_is_one_line(google: Google) -> None:
    google.scripts["v3/projects:search"] = denied("resourcemanager.projects.get")
    told = lines()
    assert list(told) == ["projects"]
    assert not told["projects"][0]
