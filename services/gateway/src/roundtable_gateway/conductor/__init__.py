"""Drives runs turn by turn: lease, turns, events, decision, take-over.

All state lies in the store's log; a conductor that dies is followed by another that
goes on where the log ends.
"""
