"""Fixtures for every test. The database server is started by tests/bootstrap.py."""
