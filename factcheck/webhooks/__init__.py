"""Telling other services what is published and what is disputed, by signed deliveries."""
