"""What the workbench's own extension offers."""

def floor_seconds(name: str, path: str, loops: int) -> float: ...
def find_candidates(
    roots: list[str],
    needles: list[bytes],
    excludes: list[str],
    suffixes: list[str],
    follow_ignore: bool,
) -> tuple[int, list[str], list[tuple[str, str]]]: ...
