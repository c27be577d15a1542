"""Regulars: customer management for online and omnichannel shops."""

__version__ = "0.1.0"
