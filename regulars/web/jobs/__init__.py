"""Running work in the top bar: the ring, its list, cancel and undo."""
