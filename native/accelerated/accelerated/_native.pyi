"""The compiled twins: the same signatures as the Python implementation."""

from accelerated._python import *  # noqa: F403 - one source of signatures

TARGET: str
VERSION: str
