"""Other shops' systems: what they report, read into the forms that customers and orders are recorded from."""
