"""A scan of one cloud imports that cloud's SDK and no other's; what follows collection imports none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.model.ids import Cloud
from moto_fixtures.company import start

SDKS = {Cloud.AWS: ("boto3", "botocore"), Cloud.AZURE: ("azure",), Cloud.GCP: ("google.auth", "google.cloud", "grpc")}
PROBE = """
import sys
from auditor.cli.main import run
code = run(sys.argv[1:])
print("IMPORTED", *sorted(sys.modules))
sys.exit(code)
"""


def imported(arguments: list[str], environment: dict[str, str]) -> set[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AZURE_", "GOOGLE_", "AUDITOR_"))}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("IMPORTED ")[2].split())


@pytest.mark.parametrize("cloud", [Cloud.AZURE, Cloud.GCP], ids=str)
def test_only_the_sdk_of_the_cloud_that_is_read(cloud: Cloud, tmp_path: Path) -> None:
    emulator = start(cloud)
    try:
        modules = imported(
            ["scan", "--provider", cloud.value, "--depth", "quick", "-o", str(tmp_path), "--quiet"],
            dict(emulator.environment),
        )
    finally:
        emulator.stop()
    assert set(SDKS[cloud]) & modules
    others = {name for other, names in SDKS.items() if other is not cloud for name in names}
    assert not others & modules
    replayed = imported(["evaluate", str(tmp_path), "-o", str(tmp_path / "again"), "--quiet"], {})
    assert not {name for names in SDKS.values() for name in names} & replayed
