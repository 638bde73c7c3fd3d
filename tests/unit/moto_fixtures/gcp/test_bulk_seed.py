"""The seeder builds plausible functions quickly, and the emulator tells of them quickly."""

import http.client
from collections import Counter
from urllib.parse import urlsplit

from moto_fixtures.gcp.bulk_seed import many
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.services import SERVICE
from tests.unit.moto_fixtures.gcp.conftest import asking


def test_a_hundred_functions_are_of_every_sort() -> None:
    estate = many(100, projects=2)
    held = [each for project in estate.projects.values() for kind in (GEN1, GEN2) for each in project.of(kind)]
    assert Counter(each.type for each in held) == {GEN1: 20, GEN2: 70}
    services = [each for project in estate.projects.values() for each in project.of(SERVICE)]
    assert sum("buildConfig" in each.body for each in services) == 10
    assert len({each.location for each in services}) == 4
    assert sum("eventTrigger" in each.body for each in held) == 30
    bulk = estate.projects["fernhollow-bulk-0"]
    emails = {each.body["serviceConfig"]["serviceAccountEmail"] for each in held if bulk.id in each.name}
    assert emails <= {each.body["email"] for each in bulk.of("iam.googleapis.com/ServiceAccount")}


def test_a_thousand_are_built_and_told_in_no_time() -> None:
    estate = many(1000)
    with Server(estate) as server:
        project = estate.projects["fernhollow-bulk-0"].id
        functions = asking(server)(f"v2/projects/{project}/locations/-/functions", pageSize=1000).body["functions"]
        assert len(functions) == 900
        connection = http.client.HTTPConnection(urlsplit(server.endpoint).netloc, timeout=300)
        path = f"/v2/{functions[-1]['name']}:getIamPolicy"
        for _ in range(200):
            connection.request("GET", path)
            connection.getresponse().read()
        connection.close()
