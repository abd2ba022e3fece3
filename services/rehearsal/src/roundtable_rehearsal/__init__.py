"""Rule-based engine behind the Messages API for a machine with no Claude account."""
