"""How fast Regulars is, on invented data of a known size: `make bench` (docs/operate/performance.md).

Everything is asked the way people and programs ask it, through HTTP or the command line, and stands beside plain SQL
of the same work. A scenario is one declaration in `bench.scenarios`.
"""
