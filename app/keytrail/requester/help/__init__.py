"""The documentation and the glossary inside the dashboard."""
