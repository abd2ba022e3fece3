"""Persona, panel and rubric packs: YAML files, checked once and then immutable."""
