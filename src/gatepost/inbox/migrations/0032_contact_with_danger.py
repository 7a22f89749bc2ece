"""The messages of the people of a name are put in order without being fetched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0031_threes_elsewhere")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_contact"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["contact", "-received_at", "-id"], include=("danger",), name="message_contact"
            ),
        ),
    ]
