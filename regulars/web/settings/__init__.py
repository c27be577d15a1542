"""Settings of a shop: the shop itself, who works in it, and its own words for customers and channels."""
