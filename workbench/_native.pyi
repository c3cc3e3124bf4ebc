"""What the workbench's own extension offers."""

def floor_seconds(name: str, path: str, loops: int) -> float: ...
def search_files(
    roots: list[str],
    needles: list[bytes],
    excludes: list[str],
    suffixes: list[str],
    follow_ignore: bool,
) -> tuple[bytes, list[tuple[int, list[int]]], list[tuple[str, str]]]: ...
