"""Points: a ledger of what customers were given, what was taken, and what expired."""
