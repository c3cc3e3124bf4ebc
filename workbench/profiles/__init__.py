"""Profiles of a program: what it calls of the replaced functions, from where, and how often."""

from __future__ import annotations

from workbench.profiles.model import Profile, ProfiledCalls
from workbench.profiles.read import load_profile

__all__ = ["Profile", "ProfiledCalls", "load_profile"]
