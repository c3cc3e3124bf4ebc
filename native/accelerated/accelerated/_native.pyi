"""The compiled twins: the same signatures as the Python implementation."""

from accelerated._python import *

TARGET: str
