"""The record types, each a task: its questions, and records from the answers."""

from extractor.tasks.base import Built, Question, Task
from extractor.tasks.entities import EntityTask
from extractor.tasks.events import EventTask
from extractor.tasks.figures import FigureTask
from extractor.tasks.header import HeaderTask
from extractor.tasks.methods import MethodTask
from extractor.tasks.quotations import QuotationTask

# Task and the version of its prompt that is in use.
TASKS: dict[str, tuple[Task, str]] = {
    task.name: (task, prompt)
    for task, prompt in (
        (HeaderTask(), "header/v1"),
        (FigureTask(), "figures/v1"),
        (QuotationTask(), "quotations/v1"),
        (EntityTask(), "entities/v1"),
        (EventTask(), "events/v1"),
        (MethodTask(), "methods/v1"),
    )
}

__all__ = ["TASKS", "Built", "Question", "Task"]
