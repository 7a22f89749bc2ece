from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0029_rereading'),
    ]

    operations = [
        migrations.AddField(
            model_name='reread',
            name='failed',
            field=models.IntegerField(default=0),
        ),
    ]
