"""Fine-tuning a transformer from a local checkpoint, behind the same gates as the classifier: `keytrail[transformer]`.

Its libraries are loaded when something is tuned or judged, never by an import; nothing is fetched from a network.
"""
