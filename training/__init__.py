"""Trains the reader that ships in gatepost.policy.reading. Not part of the package."""
