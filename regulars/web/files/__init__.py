"""Imports & exports: files on their way in, files that went out, templates to fill in."""
