"""Local clouds and the made-up companies deployed into them, for the demo and the tests."""
