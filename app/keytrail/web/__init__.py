"""What both audiences share on the way in and out: dependencies, headers, errors, pages."""
