"""Import of what Neptune clients have left in ``.neptune`` folders for servers that no longer exist."""
