"""What procmatch is about, as frozen dataclasses that do no I/O."""
