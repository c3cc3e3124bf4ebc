"""The rules that the analyzer tests use: SkyPilot's functions and what replaces them."""

from __future__ import annotations

from workbench.analyzers.rules import Rule

_COMMON = (
    "read_last_n_lines hash_file find_free_port base36_encode format_float "
    "truncate_long_string get_cpu_count get_mem_size_gb"
)
_SUBPROCESS = "get_parallel_threads is_process_alive get_max_workers_for_file_mounts"

RULES = tuple(
    Rule(f"sky.utils.{module}.{name}", f"accelerated.{name}", name)
    for module, names in (("common_utils", _COMMON), ("subprocess_utils", _SUBPROCESS))
    for name in names.split()
)
