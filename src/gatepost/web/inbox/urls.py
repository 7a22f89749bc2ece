from django.urls import path

from gatepost.web.inbox import acting, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("news/", views.news, name="inbox_news"),
    path("counts/<str:what>/", views.counts, name="counts"),
    path("<int:pk>/", views.message, name="message"),
    path("<int:pk>/thread/", views.thread, name="message_thread"),
    path("<int:pk>/state/", views.state, name="message_state"),
    path("<int:pk>/check/", views.check, name="message_check"),
    path("<int:pk>/reply/", acting.reply, name="message_reply"),
    path("<int:pk>/refer/", acting.refer, name="message_refer"),
    path("<int:pk>/moderate/", acting.moderate, name="message_moderate"),
    path("<int:pk>/evidence/", acting.keep_evidence, name="message_evidence"),
    path("<int:pk>/withdraw/<uuid:act>/", acting.withdraw, name="message_withdraw"),
    path("<int:pk>/reveal/", acting.reveal, name="message_reveal"),
    path("<int:pk>/correct/", acting.correct, name="message_correct"),
    path("<int:pk>/close/", acting.close, name="message_close"),
    path("<int:pk>/reopen/", acting.reopen, name="message_reopen"),
    path("<int:pk>/referrals/<int:referral>/", acting.answer_referral, name="message_referral"),
]
