"""Data folders and servers of their own for the tests of the runtime."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.runtime import postgres

SMALL = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A data folder that the server's user can walk to (pytest's own are private); its server is stopped."""
    top = Path(tempfile.mkdtemp(prefix="regulars-", dir="/var/tmp"))
    top.chmod(0o711)
    home = top / "home"
    yield home
    postgres.stop(home)
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def filled() -> Iterator[Path]:
    """A data folder as an installation leaves it that has run before: with all tables, its server stopped."""
    top = Path(tempfile.mkdtemp(prefix="regulars-", dir="/var/tmp"))
    top.chmod(0o711)
    done = regulars("migrate", home=top / "home")
    assert done.returncode == 0, done.stderr
    yield top / "home"
    shutil.rmtree(top)


@pytest.fixture
def old_home(new_home: Path, filled: Path) -> Path:
    """A copy of it, for those who need not watch how tables are made: that takes ten times as long."""
    subprocess.run(["cp", "-a", filled, new_home], check=True)  # with their owners, which Python does not copy
    return new_home


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with a cluster, shared by the tests of one module."""
    top = Path(tempfile.mkdtemp(prefix="regulars-", dir="/var/tmp"))
    top.chmod(0o711)
    postgres.start(top / "home", SMALL)
    yield top / "home"
    postgres.stop(top / "home")
    shutil.rmtree(top)


def regulars(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, on the embedded server of a home."""
    return subprocess.run(
        [sys.executable, "-m", "regulars.runtime.cli", *arguments],
        env=environment_of(home, **environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh shell that knows nothing but its home."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "REGULARS_HOME": str(home), **more}
