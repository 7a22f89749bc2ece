"""Which networks there are."""
