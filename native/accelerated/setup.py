"""Compile the extension when a Rust toolchain is there; go on without when it is not."""

import os

from setuptools import setup
from setuptools_rust import Binding, RustExtension

setup(
    rust_extensions=[
        RustExtension(
            "accelerated._native",
            path="Cargo.toml",
            binding=Binding.PyO3,
            features=["python"],
            debug=False,
            py_limited_api=True,
            optional=os.environ.get("ACCELERATED_REQUIRE_NATIVE") != "1",
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)
