"""Pure reasoning over what was collected."""
