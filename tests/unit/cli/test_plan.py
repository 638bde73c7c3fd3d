"""``auditor plan`` prints the fix plan of a finished report."""

import json
from pathlib import Path

import pytest

from auditor.cli.main import run
from tests.unit.cli.finished import written

COMMAND = "aws lambda update-function-url-config --function-name orders-service-for-the-warehouse-0 --auth-type AWS_IAM"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["plan", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["plan", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith("auditor: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("columns", [80, 120])
def test_each_change_is_told_whole_and_fits_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    path = written(60, tmp_path / "out")
    monkeypatch.setenv("COLUMNS", str(columns))
    out = printed(capsys, str(path))
    assert COMMAND in out
    prose = [line for line in out.splitlines() if "aws lambda" not in line]
    assert max(map(len, prose)) <= columns
    assert "CRITICAL  Function URL is public: invocation requires no authentication" in out
    assert "Could break: callers that send no signature are refused" in " ".join(out.split())
    assert "Closes 1 finding on 1 function: orders-service-for-the-warehouse-0." in " ".join(out.split())


def test_what_several_functions_share_is_one_change_that_names_a_few(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = printed(capsys, str(written(300, tmp_path)), "--format", "json", "--top", "9")
    rows = json.loads(out)
    assert [row["rank"] for row in rows] == list(range(1, 10))
    assert rows == json.loads((tmp_path / "report.json").read_text())["plan"][:9]
    text = printed(capsys, str(tmp_path), "--top", "9")
    assert "Closes 12 findings on 12 functions: " in text
    assert " and 7 more functions." in text


@pytest.mark.parametrize("form", ["text", "md"])
def test_what_a_change_makes_less_grave_is_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    path = written(3, tmp_path)
    document = json.loads(path.read_text())
    first, second = document["plan"][:2]
    first["eases"] = second["closes"][:1]
    path.write_text(json.dumps(document))
    out = " ".join(printed(capsys, str(path), "--format", form).split())
    assert out.count("less grave") == 1
    assert "Makes 1 other finding less grave." in out.partition(" 2. ")[0]


def test_markdown_formats_nothing_that_a_name_asks_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(2, tmp_path)
    document = json.loads(path.read_text())
    document["plan"][0]["message"] = "<img src=x> [here](https://a.example) `x` *y*"
    document["plan"][0]["command"] = "echo '```'"
    path.write_text(json.dumps(document))
    out = printed(capsys, str(path), "--format", "md")
    assert "\\<img src=x\\> \\[here\\](https\\://a.example) \\`x\\` \\*y\\*" in out
    assert "````sh\necho '```'\n````" in out


def test_the_usual_output_directory_is_the_default(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "There is no report at auditor-report: run 'auditor scan' first" in refused(capsys)
    written(2, tmp_path / "auditor-report")
    assert "Function URL is public" in printed(capsys)
    written(1, tmp_path / "audits" / "latest")
    (tmp_path / "auditor.toml").write_text("output-dir = 'audits/{date}'")
    assert "of 3 findings" in printed(capsys)
    monkeypatch.setenv("AUDITOR_OUTPUT_DIR", "auditor-report")
    assert "of 3 findings" in printed(capsys)


def test_what_there_is_no_plan_of_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "There is no report in" in refused(capsys, str(tmp_path))
    assert "There is no report at nowhere" in refused(capsys, "nowhere")
    path = written(2, tmp_path)
    assert "--top 200: the plan of" in refused(capsys, str(path), "--top", "200")
    document = json.loads(path.read_text())
    del document["plan"]
    path.write_text(json.dumps(document))
    assert "holds no fix plan, it was written by an older version" in refused(capsys, str(path))
    assert "did you mean json?" in refused(capsys, str(path), "--format", "jsn")


def test_nothing_to_change(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert printed(capsys, str(written(0, tmp_path))) == "Nothing to change: no open cause lowers the score.\n"
