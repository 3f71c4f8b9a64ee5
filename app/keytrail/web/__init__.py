"""Request handling shared by both audiences: dependencies, headers, errors, pages."""
