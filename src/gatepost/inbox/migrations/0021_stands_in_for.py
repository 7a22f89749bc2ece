from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0020_on_call"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="stands_in_for",
            field=models.CharField(blank=True, max_length=160),
        ),
    ]
