from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gate", "0029_words_in_pictures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[("reminder", "Reminder"), ("escalation", "Escalation"), ("unreadable", "Cannot be read")],
                max_length=10,
            ),
        ),
    ]
