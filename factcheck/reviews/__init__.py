"""Reviewing: the queue, seats in a round, reviews, and the sources that they cite."""
