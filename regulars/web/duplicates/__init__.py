"""The queue of customers who may be one, side by side, and what is decided about them."""
