"""What may be imported when: start-up stays light, evaluation needs no SDK."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SDKS = ("boto3", "botocore", "azure", "google", "grpc", "moto")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_after(code: str, names: tuple[str, ...]) -> set[str]:
    out = python(f"{code}\nimport sys\nprint(*(n for n in {names!r} if n in sys.modules))")
    return set(out.split())


def test_help_imports_nothing_heavy() -> None:
    code = "from auditor.cli.main import run\nimport io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    run(['--help'])"
    assert loaded_after(code, (*SDKS, "pydantic", "jinja2", "rich", "checks", "providers")) == set()


@pytest.mark.parametrize("verb", ["scan", "evaluate", "collect", "demo", "report"])
def test_a_verbs_help_imports_no_sdk(verb: str) -> None:
    code = f"from auditor.cli.main import run\nimport io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    run(['{verb}', '--help'])"
    assert loaded_after(code, (*SDKS, "jinja2")) == set()


def test_every_check_and_the_catalogue_import_no_sdk() -> None:
    assert loaded_after("from auditor import plugins\nplugins.checks()", SDKS) == set()


def test_declaring_operations_and_normalising_import_no_sdk() -> None:
    code = "from auditor import plugins\nfrom auditor.model.ids import Cloud\nplugins.provider(Cloud.AWS)\nimport providers.aws.normalize"
    assert loaded_after(code, SDKS) == set()


def test_no_wrong_names() -> None:
    root = Path(__file__).parents[2]
    packages = ("auditor", "providers", "checks", "reports", "moto_fixtures")
    names = {path.stem for package in packages for path in (root / package).rglob("*.py")}
    assert not names & {"utils", "helpers", "common", "manager", "misc"}


def literals(path: Path) -> Iterator[str]:
    """Every string of a module that is not a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value


def test_no_literal_partition_or_host_in_the_product() -> None:
    root = Path(__file__).parents[2]
    # a service principal such as lambda.amazonaws.com is spelled alike in every partition; a host is not
    literal = re.compile(r"arn:aws:|https?://[\w.-]*amazonaws")
    guilty = {
        (str(path.relative_to(root)), text)
        for package in ("auditor", "providers", "checks")
        for path in (root / package).rglob("*.py")
        for text in literals(path)
        if literal.search(text)
    }
    assert guilty == set()
