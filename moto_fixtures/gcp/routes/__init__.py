"""What the emulated Google Cloud answers: one module a group of services. Importing this loads them all."""

from moto_fixtures.gcp.routes import functions, projects, referred, telemetry

__all__ = ["functions", "projects", "referred", "telemetry"]
