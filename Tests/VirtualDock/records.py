"""What a vault holds that is not of a camera."""

import re


def is_record(path: str) -> bool:
    """Whether an object is part of a docking's custody record."""
    return re.search(r"/\d{8}T\d{6}Z-[0-9a-f]{6}/(custody|coverage|SHA256SUMS)-\d", path) is not None
