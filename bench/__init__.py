"""What `make bench` runs: one file a figure of the targets, each beside its rival or limit."""
