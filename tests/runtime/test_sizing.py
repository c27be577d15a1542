"""Settings that suit the machine."""

import pytest

from regulars.runtime import sizing
from regulars.runtime.sizing import GIB, MIB


class TestSizing:
    def test_a_quarter_of_the_memory_is_for_shared_buffers(self):
        assert sizing.sized(memory=8 * GIB, disk=100 * GIB)["shared_buffers"] == "2048MB"

    @pytest.mark.parametrize("memory", [512 * MIB, GIB, 8 * GIB, 256 * GIB])
    def test_sixty_four_sorts_at_once_fit_into_the_memory(self, memory):
        found = sizing.sized(memory=memory, disk=100 * GIB)

        buffers, work = (int(found[name].removesuffix("MB")) * MIB for name in ("shared_buffers", "work_mem"))
        assert buffers + 64 * work <= memory

    def test_the_log_leaves_nine_tenths_of_the_free_disk(self):
        assert sizing.sized(memory=8 * GIB, disk=20 * GIB)["max_wal_size"] == "2048MB"

    def test_a_container_counts_only_what_it_may_use(self, monkeypatch, tmp_path):
        limit = tmp_path / "memory.max"
        limit.write_text(f"{512 * MIB}\n")
        monkeypatch.setattr(sizing, "CGROUP_LIMITS", (limit,))

        assert sizing.machine_memory() == 512 * MIB

    def test_no_limit_is_no_limit(self, monkeypatch, tmp_path):
        limit = tmp_path / "memory.max"
        limit.write_text("max\n")
        monkeypatch.setattr(sizing, "CGROUP_LIMITS", (limit,))

        assert sizing.machine_memory() > 512 * MIB
