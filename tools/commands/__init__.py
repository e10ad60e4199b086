"""What people call: ``python -m tools.commands.<name>``, mostly by way of make."""
