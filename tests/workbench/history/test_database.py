from __future__ import annotations

import pytest

from tests.workbench.history.history_samples import make_run
from tests.workbench.history.postgresql_server import ESCAPED, PASSWORD, Cluster
from workbench import history
from workbench.errors import WorkbenchError


def errors_of(store: str) -> list[str]:
    found = []
    for use in (history.load, lambda place: history.add(make_run(1), place)):
        with pytest.raises(WorkbenchError) as caught:
            use(store)
        assert caught.value.exit_code == 2
        assert caught.value.__cause__ is None
        found.append(str(caught.value))
        assert "\n" not in found[-1]
    return found


def test_errors_of_a_server_do_not_show_passwords(cluster: Cluster) -> None:
    stores = {
        cluster.url(password="WRONG-1234"): "password authentication failed",
        cluster.url("nowhere"): 'database "nowhere" does not exist',
        f"postgresql://workbench@127.0.0.1:{cluster.port}/x?password=WRONG-1234": "authentication",
        f"postgresql://me:WRONG-1234@127.0.0.1:{cluster.port}/x?nothing=1": "nothing",
        f"{cluster.url()}?connect_timeout=WRONG-1234": "cannot use",
        "postgresql://me:WRONG-1234@127.0.0.1:1/x": "refused",
        "postgresql://me:WRONG-1234@/x?host=/no/such/directory": "/no/such/directory",
    }
    for store, reason in stores.items():
        for error in errors_of(store):
            assert error.startswith("cannot use postgresql://")
            assert reason in error
            assert PASSWORD not in error
            assert ESCAPED not in error
            assert "connect_timeout" in store or "WRONG-1234" not in error


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from workbench.history import database

    monkeypatch.setattr(database, "_CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for error in errors_of(f"postgresql://me:WRONG-1234@127.0.0.1:{port}/x"):
            assert "timeout" in error
            assert "WRONG" not in error
