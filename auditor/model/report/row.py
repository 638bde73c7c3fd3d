"""What every row of the report has in common."""

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """Readers tolerate keys added later."""

    model_config = ConfigDict(frozen=True, extra="allow")
