"""People: profiles, addresses, tags, groups, notes."""
