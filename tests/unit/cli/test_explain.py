"""``auditor explain`` decides offline, from what a run collected."""

import json

import pytest

from auditor.cli.main import run
from tests.bench.account import ACCOUNT
from tests.bench.replay import write_snapshot
from tests.unit.cli.finished import written

BUCKET = "arn:aws:s3:::bucket-0/report"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    root = tmp_path_factory.mktemp("explain")
    write_snapshot(root / "snapshot", 2)
    return str(root)


def said(capsys, code, *arguments):
    assert run(["explain", *arguments]) == code
    return capsys.readouterr()


def test_the_decision_and_its_chain(result, capsys):
    asked = ("--function", "svc-fn-00000", "--action", "s3:GetObject", "--resource", BUCKET)
    out = said(capsys, 0, result, *asked).out
    assert f"runs as  arn:aws:iam::{ACCOUNT}:role/fn-role-00000" in out
    assert "YES. Statement 1 of fn-role-00000/inline (identity policy) allows it, and nothing denies it." in out
    assert "  1. identity policy allows: statement 1 of fn-role-00000/inline\n" in out
    assert '     {"Action":["s3:GetObject"],"Effect":"Allow","Resource":"arn:aws:s3:::bucket-0/*"}' in out
    assert "before organisation policies and the policy of the resource" in out


def test_the_same_as_json(result, capsys):
    asked = ("--function", "svc-fn-00001", "--action", "s3:PutObject", "--resource", BUCKET, "--format", "json")
    row = json.loads(said(capsys, 0, result, *asked).out)
    assert (row["answer"], row["why"]) == ("no", "No identity policy allows it.")
    assert row["function_id"].endswith(":function:svc-fn-00001")
    assert row["identity"] == f"arn:aws:iam::{ACCOUNT}:role/fn-role-00000"
    assert row["proof"] == [
        {"layer": "identity policy", "effect": None, "source": "", "statement": "", "conditions": [], "text": ""}
    ]
    assert row["before"] == ["the policy of the resource"]
    assert row["gap"] is None


def test_a_service_that_is_newer_than_the_reference_is_named_as_such(result, capsys):
    asked = ("--function", "svc-fn-00000", "--action", "qqzzx:Thing", "--resource", "*")
    assert "qqzzx is no service of the Service Authorization Reference of 20" in said(capsys, 0, result, *asked).out


def test_a_finding_with_what_it_stands_on(capsys, tmp_path):
    document = json.loads(written(3, tmp_path / "out").read_text("utf-8"))
    finding = document["findings"][0]
    out = said(capsys, 0, finding["fingerprint"], str(tmp_path / "out")).out
    seen = finding["evidence"][0]
    assert f"{finding['severity'].upper()} {finding['title']} ({finding['check_id']})" in " ".join(out.split())
    assert f"  1. {seen['source']}: {seen['detail']}" in out
    assert finding["remediation"]["command"].splitlines()[0] in out
    row = json.loads(said(capsys, 0, finding["fingerprint"], str(tmp_path / "out"), "--format", "json").out)
    assert row["finding"]["fingerprint"] == finding["fingerprint"]
    assert finding["fingerprint"] in row["cause"]["findings"]
    assert "holds no finding 'beef'" in said(capsys, 2, "beef", str(tmp_path / "out")).err


def test_a_question_that_cannot_be_asked_is_one_sentence(result, tmp_path, capsys):
    asked = ("--action", "s3:GetObject", "--resource", "*")
    cases = {
        ("--function", "svc-fn-0000", *asked): "did you mean svc-fn-0000",
        ("--function", "svc-fn-00000", *asked, "--context", "x"): "is not KEY=VALUE",
        ("--function", "svc-fn-00000", "--action", "s3", "--resource", "*"): "is not one action of AWS",
        ("--function", "svc-fn-00000", *asked, "--context", "aws:SourceIp=notanip"): "is no IP address",
        ("--function", "svc-fn-00000", "--action", "s3:GetObject", "--resource", "arn:\naws"): "write it on one line",
    }
    cases |= {
        ("--function", "svc-fn-00000"): "--action and --resource are missing",
        ("--function", "svc-fn-00000", *asked, "more"): "one RESULT, please",
    }
    for arguments, sentence in cases.items():
        err = said(capsys, 2, result, *arguments).err
        assert sentence in err
        assert err.count("\n") == 1
    assert "Name the fingerprint of a finding, or a question" in said(capsys, 2).err
    assert "holds no snapshot" in said(capsys, 2, str(tmp_path), "--function", "a", *asked).err
