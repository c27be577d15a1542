"""Points: the ledger of a shop and of a customer, giving and taking, and why a balance is what it is."""
