"""Diagrams of the pages, drawn from ``docs/assets/diagrams/*.toml``: one module for each kind."""
