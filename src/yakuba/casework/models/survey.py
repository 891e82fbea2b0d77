"""Surveys of damaged dwellings (住家の被害認定調査): houses, teams, visits, results."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yakuba.base.ids import uuid7
from yakuba.base.tenancy import TenantModel
from yakuba.casework.models.case import Case
from yakuba.casework.models.municipal import Disaster
from yakuba.casework.staff.models import Staff


class SurveyHouse(TenantModel):
    """One building that applications of a disaster name. ``key``: its address, folded, without the room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    disaster = models.ForeignKey(Disaster, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    district = models.CharField(max_length=60)

    class Meta:
        db_table = "casework_survey_house"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "disaster", "key"], name="survey_house_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "disaster", "district", "key"], name="survey_house_district")
        ]


class SurveyHouseCase(TenantModel):
    """An application that names a house. ``told``: the result that stands in the case as its step; None: not yet."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="survey_house")
    house = models.ForeignKey(SurveyHouse, on_delete=models.CASCADE, related_name="cases")
    told = models.UUIDField(null=True)

    class Meta:
        db_table = "casework_survey_house_case"


class SurveyTeam(TenantModel):
    """A team of surveyors (調査班)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    disaster = models.ForeignKey(Disaster, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    members = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "casework_survey_team"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "disaster", "name"], name="survey_team_once")
        ]


class SurveyVisit(TenantModel):
    """A house on a team's list of a day. ``objection``: what the resident objects to, for a survey made again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    house = models.ForeignKey(SurveyHouse, on_delete=models.CASCADE, related_name="visits")
    team = models.ForeignKey(SurveyTeam, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField()
    method = models.CharField(max_length=6)  # "first": 外観, "second": 内部立入
    objection = models.CharField(max_length=300, blank=True)
    planned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    done = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_survey_visit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["house"], condition=Q(done=False), name="survey_one_open_visit")
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "day", "team"], name="survey_visit_day")]


class SurveyResult(TenantModel):
    """What was found at a visit. ``id`` is made where it is written (form or tablet), so that it is kept once.

    ``state``: ``accepted``; ``waiting`` for a person, because another result of the visit stands; ``set_aside``.
    """

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(SurveyVisit, on_delete=models.CASCADE, related_name="results")
    percent = models.IntegerField()
    surveyed_on = models.DateField()
    photos = models.JSONField(default=list)  # [{"name": …, "note": …}]: the files stay with the survey team
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10)
    judged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_survey_result"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(state="accepted"), name="survey_one_accepted"
            ),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="survey_percent"),
        ]


class SurveyCheckout(TenantModel):
    """A team's list of a day, taken out on a tablet until ``expires_at``; ended at once if the tablet is lost."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(SurveyTeam, on_delete=models.PROTECT, related_name="checkouts")
    day = models.DateField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_survey_checkout"
        indexes: ClassVar = [models.Index(fields=["municipality", "team", "day"], name="survey_checkout_day")]
