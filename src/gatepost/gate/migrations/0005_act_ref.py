"""What a network calls something of ours is looked for whenever messages are taken in."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("gate", "0004_worker_beats")]

    operations = [
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["channel", "ref"], name="act_ref", condition=~Q(ref="")),
        ),
    ]
