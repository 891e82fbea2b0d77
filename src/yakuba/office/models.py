"""What the office remembers about signing in."""

from django.db import models


class SignIn(models.Model):
    """Failures in a row and the last one-time code used, per operator."""

    name = models.CharField(max_length=60, primary_key=True)
    failures = models.IntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "office_sign_in"
