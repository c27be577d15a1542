"""What is measured, in the order of the table. Pages first, while the web server runs; then it stops."""

from bench.measure import Scenario
from bench.scenarios import bulk, counts, files, likeness, lists, pages, questions, recording, search, segments

ALL: tuple[Scenario, ...] = (
    *lists.SCENARIOS,
    *search.SCENARIOS,
    *counts.SCENARIOS,
    *questions.SCENARIOS,
    *pages.SCENARIOS,
    likeness.PAGE,
    *segments.SCENARIOS,
    *likeness.SCENARIOS,
    *recording.SCENARIOS,
    *bulk.SCENARIOS,
    *files.SCENARIOS,
)
