"""The stages of the panel process, a module each.

A stage takes the proceedings, has done what is not in the record yet, and returns its
entry in the manifest. It asks nothing twice: turns are named by what they ask.
"""
