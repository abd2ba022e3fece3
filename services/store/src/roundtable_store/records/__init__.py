"""The store's core: records, the state machine of a run's log, and the ports."""
