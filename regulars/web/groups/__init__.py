"""Groups of customers: who is in them, how they are filled, what they are promised on prices."""
