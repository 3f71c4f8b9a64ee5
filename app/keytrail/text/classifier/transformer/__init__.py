"""Fine-tune a transformer from a local checkpoint, with the classifier's gates: `keytrail[transformer]`.

Its libraries are loaded when a model is tuned or used, never on import; nothing is downloaded.
"""
