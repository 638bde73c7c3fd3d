"""CycloneDX 1.6 of the components of a package."""

import json
from collections.abc import Iterable
from typing import Any, Final, cast
from uuid import UUID, uuid5

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as BomComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from auditor import __version__
from auditor.model.code_analysis import Component

_NAMESPACE: Final = UUID("b3a3b8b0-6c55-4c0e-9d8a-0d4f3c1a7e55")


def cyclonedx(name: str, components: Iterable[Component]) -> dict[str, Any]:
    """The bill of materials of a package: the same for the same components, so it has no time of making."""
    rows = list(components)
    bom = Bom(serial_number=uuid5(_NAMESPACE, json.dumps([each.purl for each in rows])))
    package = BomComponent(name=name, type=ComponentType.APPLICATION, bom_ref="package")
    bom.metadata = BomMetaData(component=package)
    bom.metadata.tools.components.add(
        BomComponent(name="serverless-auditor", version=__version__, type=ComponentType.APPLICATION, bom_ref="auditor")
    )
    made = [_component(row) for row in rows]
    for component in made:
        bom.components.add(component)
    # how they depend on one another is not known; the package depends on all of them
    bom.register_dependency(package, made)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    document.get("metadata", {}).pop("timestamp", None)
    return cast("dict[str, Any]", document)


def _component(row: Component) -> BomComponent:
    purl = row.purl
    return BomComponent(
        name=row.name,
        version=row.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL.from_string(purl),
        bom_ref=purl,
        properties=[
            Property(name="serverless-auditor:evidence", value=row.evidence.value),
            Property(name="serverless-auditor:path", value=row.path),
        ],
    )
