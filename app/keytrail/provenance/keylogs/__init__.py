"""Logs of keys, pastes and copies only, as the 2023 studies kept them."""
