"""Compile the workbench's own extension when a Rust toolchain is there; go on without when not."""

import os

from setuptools import setup
from setuptools_rust import Binding, RustExtension

setup(
    # An editable installation finds top-level modules by this list alone.
    py_modules=["workbench_native"],
    rust_extensions=[
        RustExtension(
            "workbench_native",
            path="native/workbench/Cargo.toml",
            binding=Binding.PyO3,
            features=["python"],
            debug=False,
            py_limited_api=True,
            optional=os.environ.get("ACCELERATED_REQUIRE_NATIVE") != "1",
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
