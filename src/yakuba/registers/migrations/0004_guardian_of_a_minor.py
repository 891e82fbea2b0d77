from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0003_named_person'),
    ]

    operations = [
        migrations.AlterField(
            model_name='guardianship',
            name='kind',
            field=models.CharField(choices=[('guardian', '成年後見人'), ('curator', '保佐人'), ('assistant', '補助人'), ('minor', '未成年後見人')], max_length=10, verbose_name='種別'),
        ),
    ]
