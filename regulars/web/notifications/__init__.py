"""The bell: what a member of staff was told, and what of it they have not read."""
