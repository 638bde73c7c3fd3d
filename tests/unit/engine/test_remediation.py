"""A fix is filled so that a hostile name stays a name."""

import shlex
import subprocess

from auditor.check import Fix, Hit
from auditor.engine.remediation import fill
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known
from tests.unit.checks import gcp
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import identity, location, make

HOSTILE = 'x"; rm -rf ~; echo $(id) ${var.x} %{if}\n\x1b[31m'


def test_values_are_quoted_for_the_shell() -> None:
    fix = Fix(text="About {name}.", command="printf %s {name}", terraform='name = "{name}"')
    filled = fill(fix, make(HOSTILE), Hit("m", ()))
    assert shlex.split(filled["command"]) == ["printf", "%s", HOSTILE]
    printed = subprocess.run(["/bin/sh", "-c", filled["command"]], capture_output=True, check=True)  # type: ignore[list-item]
    assert printed.stdout.decode() == HOSTILE


def test_values_are_escaped_for_hcl() -> None:
    filled = fill(Fix(text="t", no_command="none", terraform='name = "{name}"'), make(HOSTILE), Hit("m", ()))
    text = filled["terraform"]
    assert '\\"; rm' in text
    assert "$${var.x}" in text
    assert "%%{if}" in text
    assert "\\u001b" in text
    assert "\n" not in text


def test_placeholders_of_the_subject_and_of_the_hit() -> None:
    fix = Fix(
        text="{name} {location} {account} {partition} {role} {locus} {bucket} {unheard_of}",
        no_command="n",
        no_terraform="n",
    )
    function = make("orders", identity=Known(identity(name="orders-role"), "iam"))
    filled = fill(fix, function, Hit("m", (), locus="Sid1", values={"bucket": "b"}))
    assert filled["text"] == "orders us-east-1 111122223333 aws orders-role Sid1 b {unheard_of}"
    assert filled["command"] == "# n"


def test_a_place_has_its_partition() -> None:
    fix = Fix(text="{partition}:{location}:{account}", no_command="n", no_terraform="n")
    assert fill(fix, location(location="cn-north-1"), Hit("m", ()))["text"] == "aws-cn:cn-north-1:111122223333"


def test_an_app_has_its_group_and_name_and_a_slot_its_option() -> None:
    fix = Fix(text="{group} {app} {slot}", command="az x -g {group} -n {app}{of_slot} --set y", no_terraform="n")
    app = fill(fix, make_azure("orders"), Hit("m", ()))
    slot = fill(fix, make_azure("orders", "staging"), Hit("m", ()))
    assert (app["text"], slot["text"]) == ("orders-prod orders ", "orders-prod orders staging")
    assert app["command"] == "az x -g orders-prod -n orders --set y"
    assert slot["command"] == "az x -g orders-prod -n orders --slot staging --set y"


def test_a_hostile_slot_stays_a_slot() -> None:
    fix = Fix(text="t", command="printf %s x{of_slot}", no_terraform="n")
    filled = fill(fix, make_azure("orders", "a; rm -rf ~ $(id)"), Hit("m", ()))
    assert shlex.split(filled["command"]) == ["printf", "%s", "x", "--slot", "a; rm -rf ~ $(id)"]


def test_an_id_with_another_spelling_gives_the_group_as_it_is_written() -> None:
    fix = Fix(text="{group}|{app}", no_command="n", no_terraform="n")
    spelled = make_azure("orders", id="/subscriptions/s/resourceGroups/Shop-Prod/providers/Microsoft.Web/sites/Orders")
    assert fill(fix, spelled, Hit("m", ()))["text"] == "Shop-Prod|orders"
    assert fill(fix, make("orders"), Hit("m", ()))["text"] == "|orders"


DEPLOYED = Fix(
    text="t",
    command="gcloud functions deploy {name} --memory=<half>",
    terraform='resource "google_cloudfunctions2_function" "this" {}',
)


def lines(kind: HostingKind, form: str) -> list[str]:
    function = gcp.make_gcp(hosting=Known(gcp.hosting(kind), "functions:ListFunctions"))
    return (fill(DEPLOYED, function, Hit("m", ()))[form] or "").splitlines()


def test_a_repair_says_what_another_generation_changes_about_it() -> None:
    assert lines(HostingKind.SECOND_GENERATION, "terraform") == ['resource "google_cloudfunctions2_function" "this" {}']
    first = lines(HostingKind.FIRST_GENERATION, "terraform")[0]
    assert first.startswith("# of the first generation: google_cloudfunctions_function")
    assert "google_cloud_run_v2_service" in lines(HostingKind.SERVICE, "terraform")[0]


def test_a_deployment_warns_of_the_current_directory() -> None:
    assert lines(HostingKind.SECOND_GENERATION, "command")[0].startswith("# run it where the function's source is")


EITHER = Fix(
    text="t",
    command="gcloud run services update {run_service} --iap\ngcloud functions deploy {name}",
    no_terraform="n",
)


def test_a_command_of_another_generation_is_left_out() -> None:
    def commands(kind: HostingKind, fix: Fix = EITHER) -> list[str]:
        function = gcp.make_gcp("my_orders", hosting=Known(gcp.hosting(kind), "functions:ListFunctions"))
        return [line for line in (fill(fix, function, Hit("m", ()))["command"] or "").splitlines() if line[0] != "#"]

    assert commands(HostingKind.FIRST_GENERATION) == ["gcloud functions deploy my_orders"]
    assert commands(HostingKind.SERVICE) == ["gcloud run services update my-orders --iap"]
    assert len(commands(HostingKind.SECOND_GENERATION)) == 2
    only_run = Fix(text="t", command="gcloud run services update {run_service} --iap", no_terraform="n")
    assert commands(HostingKind.FIRST_GENERATION, only_run) == []


def test_a_hit_may_bring_the_command_that_mends_it() -> None:
    fix = Fix(text="t", command="aws one {name}", no_terraform="n")
    hit = Hit("m", (), values={"policy": "p"}, command="aws two {name} {policy}")
    assert fill(fix, make("orders"), hit)["command"] == "aws two orders p"
