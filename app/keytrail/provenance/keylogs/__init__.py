"""Logs of keys, pastes and copies only, as recorded by the 2023 studies."""
