"""What the words of an article are: its units, its claims, its passages found again.

Everything in this room is pure: text in, values out. Nothing here knows the clock, the
settings, the database or the web. Offsets count Unicode code points, end excluded.
"""
