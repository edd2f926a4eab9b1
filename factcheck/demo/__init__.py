"""The demo: one short, messy article and its people, taken through the real path."""
