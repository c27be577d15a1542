"""Orders, payments, returns, debts."""
