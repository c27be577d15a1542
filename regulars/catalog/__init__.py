"""Products, as far as orders and views name them."""
