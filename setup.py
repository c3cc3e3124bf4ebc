"""Build the native extension if cargo is installed, and warn if it is not.

The extension itself is declared in `pyproject.toml`; `native/accelerated/setup.py` is a link to
this file.
"""

import os
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools_rust import build_rust

REQUIRED = os.environ.get("ACCELERATED_REQUIRE_NATIVE") == "1"


class BuildRust(build_rust):
    """Compile the extension; if that is not possible, continue unless it is required."""

    def run(self):
        """Build, and warn once if there is no extension afterwards."""
        for extension in self.extensions:
            extension.optional = not REQUIRED
        built = [Path(self.get_dylib_ext_path(each, each.name)) for each in self.extensions]
        for path in built:
            path.unlink(missing_ok=True)  # do not mistake an older file for the new one
        if REQUIRED or shutil.which(self.cargo):
            super().run()
            reason = "cargo failed, see above"
        else:
            reason = f"{self.cargo} is not on PATH"
        warned = getattr(self.distribution, "lacks_native", False)
        self.distribution.lacks_native = not all(path.exists() for path in built)
        if self.distribution.lacks_native and not warned:
            print(
                f"warning: {self.distribution.get_name()} is built WITHOUT its native extension"
                f" ({reason}): install Rust (https://rustup.rs) and reinstall with --no-cache-dir",
                file=sys.stderr,
            )


class Wheel(bdist_wheel):
    """Tag a wheel without an extension for any Python and platform."""

    def run(self):
        """Build from scratch, so that modules deleted from the sources are not in the wheel."""
        shutil.rmtree(self.get_finalized_command("build").build_lib, ignore_errors=True)
        super().run()

    def get_tag(self):
        """Return the tag: `py3-none-any` without an extension."""
        if getattr(self.distribution, "lacks_native", False):
            self.root_is_pure = True
        return super().get_tag()


setup(
    cmdclass={"bdist_wheel": Wheel, "build_rust": BuildRust},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
