"""The policy as a program: pure, without database, network or clock."""

from . import compiled

compiled.use()
