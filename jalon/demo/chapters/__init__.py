"""The parts of the demo, one file each."""
