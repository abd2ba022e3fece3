"""The serving frame: errors, logs, settings, gRPC servers and channels, health, stop.

It knows no word of the domain; every service stands in it.
"""
