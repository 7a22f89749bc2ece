"""People's data: what is held about somebody outside, how long, and how it is found, handed over and erased."""
