"""What the commands do, a module each. Every `run_*` returns the exit status."""
