"""The main job on a bundled sample world: stand-in servers, a fictional county, one command."""
