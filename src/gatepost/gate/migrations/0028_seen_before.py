from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gate', '0027_what_was_shown'),
    ]

    operations = [
        migrations.AddField(
            model_name='seen',
            name='before',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='seen',
            name='before_at',
            field=models.DateTimeField(null=True),
        ),
    ]
