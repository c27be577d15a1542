"""Files that go out: what can be exported (`kinds`), which columns there are, and how each format is written."""
