from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tests.accelerated.platforms import on_linux

CPU_LIMIT = "SKYPILOT_POD_CPU_CORE_LIMIT"
GB_LIMIT = "SKYPILOT_POD_MEMORY_GB_LIMIT"
BYTES_LIMIT = "SKYPILOT_POD_MEMORY_BYTES_LIMIT"


def test_environment_variables_take_precedence(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = side.get_cpu_count()
    for value, expected in [("3", 3), ("2.9", 2), (" 1e1 ", 10), ("-1", -1), ("1_0", 10)]:
        monkeypatch.setenv(CPU_LIMIT, value)
        assert side.get_cpu_count() == expected
    monkeypatch.delenv(CPU_LIMIT)
    assert side.get_cpu_count() == before


def test_a_replaced_os_environ_is_used(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {CPU_LIMIT: "5", GB_LIMIT: "1.5"})
    assert side.get_cpu_count() == 5
    assert side.get_mem_size_gb() == 1.5


@pytest.mark.parametrize("value", ["", "x", "nan"])
def test_a_bad_cpu_limit_is_rejected(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(CPU_LIMIT, value)
    with pytest.raises(ValueError, match=CPU_LIMIT):
        side.get_cpu_count()


def test_memory_limits_in_the_environment(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BYTES_LIMIT, str(3 * 2**29))
    assert side.get_mem_size_gb() == 1.5
    monkeypatch.setenv(GB_LIMIT, "0.25")
    assert side.get_mem_size_gb() == 0.25
    monkeypatch.setenv(GB_LIMIT, "lots")
    with pytest.raises(ValueError, match=GB_LIMIT):
        side.get_mem_size_gb()


@on_linux
def test_cpu_affinity_is_respected(side: SimpleNamespace) -> None:
    allowed = os.sched_getaffinity(0)
    before = side.get_cpu_count()
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert side.get_cpu_count() == min(before, 1)
        assert side.get_parallel_threads() == max(4, (os.cpu_count() or 1) - 1)
    finally:
        os.sched_setaffinity(0, allowed)
    assert side.get_cpu_count() == before


@on_linux
def test_procfs_path_of_psutil_is_respected(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    meminfo = Path("/proc/meminfo").read_text()
    first, rest = meminfo.split("\n", 1)
    (tmp_path / "meminfo").write_text("MemTotal:        1048576 kB\n" + rest)
    (tmp_path / "stat").write_text(Path("/proc/stat").read_text())
    assert first.startswith("MemTotal:")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))
    assert side.get_mem_size_gb() == 1.0


@pytest.mark.parametrize("cloud", [None, "", "aws", "KUBERNETES", "\u212aubernetes", "kubernetes"])
def test_kubernetes_gets_four_times_the_threads(side: SimpleNamespace, cloud: str | None) -> None:
    usual = max(4, (os.cpu_count() or 1) - 1)
    times = 4 if cloud and cloud.lower() == "kubernetes" else 1
    assert side.get_parallel_threads(cloud) == usual * times
    assert side.get_parallel_threads(cloud_str=cloud) == usual * times


def test_cloud_str_must_be_a_string(side: SimpleNamespace) -> None:
    with pytest.raises(AttributeError):
        side.get_parallel_threads(5)


IN_A_NAMESPACE = """
import os, sys
from pathlib import Path
import accelerated
side = accelerated.functions(sys.argv[1])
root = Path("/sys/fs/cgroup")
def mount(files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
"""

V2 = """
mount({"cgroup.controllers": "cpu memory\\n", "cpu.max": "100000 100000\\n",
       "memory.max": "1073741824\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]())
mount({"cpu.max": "50000 100000\\n", "memory.max": "536870912\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]())
mount({"cpu.max": "1e5 1_00000\\n", "memory.max": "0\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]() == whole)
mount({"cpu.max": "max 100000\\n", "memory.max": "max\\n"})
print(side["get_cpu_count"]() == cpus, side["get_mem_size_gb"]() == whole)
(root / "cpu.max").unlink(); (root / "memory.max").unlink()
"""

V1 = """
mount({"cpu/cpu.cfs_quota_us": "100000\\n", "cpu/cpu.cfs_period_us": "100000\\n",
       "memory/memory.limit_in_bytes": "1073741824\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]())
mount({"cpu/cpu.cfs_period_us": "200000\\n", "memory/memory.limit_in_bytes": "536870912\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]())
mount({"cpu/cpu.cfs_quota_us": "1e5\\n", "cpu/cpu.cfs_period_us": "1_00000",
       "memory/memory.limit_in_bytes": "-1\\n"})
print(side["get_cpu_count"](), side["get_mem_size_gb"]() == whole)
mount({"cpu/cpu.cfs_quota_us": "-1\\n", "memory/memory.limit_in_bytes": "9223372036854771712\\n"})
print(side["get_cpu_count"]() == cpus, side["get_mem_size_gb"]() == whole)
"""

UNLIMITED = """
import psutil
whole = psutil.virtual_memory().total / 2**30
cpus = len(os.sched_getaffinity(0))
"""


@on_linux
@pytest.mark.parametrize("version", [V1, V2], ids=["v1", "v2"])
def test_cgroup_limits_are_read_on_each_call(side: SimpleNamespace, version: str) -> None:
    """Run in a separate mount namespace, with prepared files instead of the cgroup file system."""
    code = textwrap.dedent(IN_A_NAMESPACE + UNLIMITED + version)
    script = 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"'
    unshare = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    command = [*unshare, "sh", "-c", script, "sh", sys.executable, "-c", code, side.backend]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["1 1.0", "0 0.5", "1 True", "True True"]
