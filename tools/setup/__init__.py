"""What make calls before anything else can run."""
