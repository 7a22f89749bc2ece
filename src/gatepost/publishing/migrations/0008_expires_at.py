"""A post may have an end, signed off with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_compose_links")]

    operations = [migrations.AddField("post", "expires_at", models.DateTimeField(blank=True, null=True))]
