"""The gateway's panel as tools for agents, by the Model Context Protocol.

Nothing outside this package imports the protocol's SDK: loading it takes longer than
all other commands' work.
"""
