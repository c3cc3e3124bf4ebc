"""``workbench doctor``."""

from __future__ import annotations

import click

from workbench.cli import _shared


@click.command("doctor")
@click.option("--require-native", is_flag=True, help="Fail when native is not in use.")
def command(require_native: bool) -> int:
    """Check the installation: versions, backend, toolchain, and each utility once.

    Exits 1 when something is wrong.

    \b
    Examples:
      workbench doctor
      workbench doctor --require-native
    """
    from workbench import doctor
    from workbench.cli import texts

    with _shared.progress("doctor") as show:
        found = doctor.examine(require_native=require_native, progress=show)
    _shared.show(texts.diagnosis(found))
    return found.exit_code
