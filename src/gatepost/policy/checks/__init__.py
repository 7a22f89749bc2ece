"""The checks of what goes out: one file per group, one table of all."""
