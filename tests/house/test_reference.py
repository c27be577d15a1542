"""Documents that are written from the code say what the code says."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts/reference.py"


def test_the_page_of_fields_is_up_to_date():
    module = runpy.run_path(str(SCRIPT))

    assert module["TARGET"].read_text() == module["rendered"](), "run: .venv/bin/python scripts/reference.py"
