"""The record type as a user of pydantic writes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Shipment(BaseModel):
    """A shipment of crates."""

    carrier: str
    crates: int
    place: str
    state: Literal["arrived", "lost"]


class Shipments(BaseModel):
    """What a model answers for one document."""

    records: list[Shipment]
