"""The tables of circulars, by noun."""

from amanat.desk.circulars.models.circulars import Circular, Enclosure, Text
from amanat.desk.circulars.models.copies import Copy, Dispatch, Reminder
from amanat.desk.circulars.models.lists import DistributionList, NumberFormat
from amanat.desk.circulars.models.quizzes import Answer, Question
from amanat.desk.circulars.models.readers import Acknowledgement, Addressee, Sheet
from amanat.desk.circulars.models.rhythms import Rhythm

__all__ = [
    "Acknowledgement",
    "Addressee",
    "Answer",
    "Circular",
    "Copy",
    "Dispatch",
    "DistributionList",
    "Enclosure",
    "NumberFormat",
    "Question",
    "Reminder",
    "Rhythm",
    "Sheet",
    "Text",
]
