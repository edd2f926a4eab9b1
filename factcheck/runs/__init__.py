"""Long runs: what takes minutes, how far it is, what went wrong in it, and stopping it."""
