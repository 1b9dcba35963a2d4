"""One file a kind of page: each reads what is asked for, calls a workflow and shows its answer."""
