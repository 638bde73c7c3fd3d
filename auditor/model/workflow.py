"""A state machine that starts a function, as its own service answers."""

from auditor.model.base import frozen
from auditor.model.observed import Observed


@frozen
class Workflow:
    """How a state machine is set up."""

    express: Observed[bool]
    """It keeps no history of its executions."""
    log_level: Observed[str]
    """What of an execution is logged: `ALL`, `ERROR`, `FATAL` or `OFF`."""
    traced: Observed[bool]
    """Executions are traced."""
    customer_key: Observed[bool]
    """A key of the customer encrypts its definition and the data of executions."""
    credentials: Observed[tuple[str, ...]]
    """Places in its definition that hold a credential; never the credential itself."""
