"""Many documents through one model: nothing is lost, nothing is paid for twice."""

from extractor.bulk.estimate import Ask, Estimate, estimate
from extractor.bulk.fallback import CLASSES, Class, Fallback
from extractor.bulk.runner import Outcome, Plan, annotate
from extractor.bulk.stopping import Gate, GatedModel, Limits

__all__ = [
    "CLASSES",
    "Ask",
    "Class",
    "Estimate",
    "Fallback",
    "Gate",
    "GatedModel",
    "Limits",
    "Outcome",
    "Plan",
    "annotate",
    "estimate",
]
