"""The compiled functions, with the signatures of the Python implementation."""

from accelerated._python import *  # noqa: F403 - signatures are stated once

TARGET: str
VERSION: str
