"""The face for programs: HTTP in, JSON out, by keys of the shop. It owns no tables."""
