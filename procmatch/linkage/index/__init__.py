"""The register laid out in arrays: built once, saved, memory-mapped, searched."""
