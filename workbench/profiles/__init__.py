"""Read profiles of a program: its calls of replaced functions, their callers and times."""

from __future__ import annotations

from workbench.profiles.model import Profile, ProfiledCalls
from workbench.profiles.read import load_profile

__all__ = ["Profile", "ProfiledCalls", "load_profile"]
