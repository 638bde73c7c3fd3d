"""What sets functions off and where their events go, as a graph: derived from the inventory, never stored."""
