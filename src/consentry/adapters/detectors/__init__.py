"""Detectors behind ``guard.detector.Detector``: one file for each part that looks at pixels."""
