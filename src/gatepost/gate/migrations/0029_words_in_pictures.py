"""How much of a picture is words, and which: beside what else is known of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0028_seen_before")]

    operations = [
        migrations.AddField("mediafact", "text_share", models.FloatField(null=True)),
        migrations.AddField("mediafact", "words", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("mediafact", "words_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "mediafact", "unread", models.CharField(max_length=200, blank=True, default=""), preserve_default=False
        ),
    ]
