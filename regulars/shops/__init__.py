"""Shops, their staff, roles and settings."""
