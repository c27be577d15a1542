"""Pages that make one customer of several, and several of one again."""
