"""The commands, one module a group: each reads its options, opens the house and calls one operation."""
