"""Tools that have never heard of a shop: the bottom floor, imported by everyone, importing no one."""
