"""A notice that is adopted again: what changes, what stays, and that it is told before."""
