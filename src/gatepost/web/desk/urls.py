from django.urls import path

from gatepost.web.desk import contacts, duties, keeping, notes, presence, replying, work

urlpatterns = [
    path("do/", work.do_it, name="desk_do"),
    path("undo/<int:change>/", work.undo_it, name="desk_undo"),
    path("views/", keeping.save_view, name="desk_save_view"),
    path("views/<int:view>/end/", keeping.end_view, name="desk_end_view"),
    path("labels/", keeping.labels, name="desk_labels"),
    path("labels/<int:label>/end/", keeping.end_label, name="desk_end_label"),
    path("readers/", keeping.readers, name="desk_readers"),
    path("duty/", duties.duty, name="desk_duty"),
    path("duty/<int:duty>/end/", duties.end_duty, name="desk_end_duty"),
    path("<int:pk>/here/", presence.here, name="desk_here"),
    path("<int:pk>/who/", presence.who, name="desk_who"),
    path("<int:pk>/notes/", notes.add, name="desk_note"),
    path("<int:pk>/notes/<int:note>/strike/", notes.strike, name="desk_strike"),
    path("<int:pk>/draft/<int:draft>/", notes.take_over, name="desk_take_over"),
    path("<int:pk>/said/<uuid:act>/", replying.said, name="desk_said"),
    path("<int:pk>/turn/", replying.turn, name="desk_turn"),
    path("<int:pk>/merge/", work.merge_it, name="desk_merge"),
    path("<int:pk>/split/", work.split_it, name="desk_split"),
    path("people/<int:contact>/", contacts.contact, name="desk_contact"),
    path("people/<int:contact>/mark/", contacts.mark, name="desk_mark"),
    path("people/<int:contact>/link/", contacts.link, name="desk_link"),
    path("people/<int:contact>/unlink/", contacts.unlink, name="desk_unlink"),
]
