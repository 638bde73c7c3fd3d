"""What the emulated Google Cloud answers: one module a group of services. Importing this loads them all."""

from moto_fixtures.gcp.routes import dependencies, functions, projects, telemetry

__all__ = ["dependencies", "functions", "projects", "telemetry"]
