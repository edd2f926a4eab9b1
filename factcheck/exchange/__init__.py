"""Data out and in: rows as files for other programs, and a whole installation as one archive."""
