"""Signing in, first run, invitations, one-time links."""
