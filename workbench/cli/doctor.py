"""``workbench doctor``."""

from __future__ import annotations

import click

from workbench.cli import _shared


@click.command("doctor")
@click.option("--require-native", is_flag=True, help="Exit 1 if native is not in use.")
def command(require_native: bool) -> int:
    """Check the installation: versions, extras, tools, and each utility once.

    Exits 1 if there is a problem; missing optional parts are not problems.

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
