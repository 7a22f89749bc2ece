from django.urls import path

from gatepost.web.policy import draft_views, import_views, trial_views, version_views, views

urlpatterns = [
    path("", views.policy, name="policy"),
    path("standing/", views.standing, name="policy_standing"),
    path("signing/", views.signing, name="policy_signing"),
    path("drafts/", draft_views.draft_list, name="policy_drafts"),
    path("drafts/<int:pk>/", draft_views.draft, name="policy_draft"),
    path("drafts/<int:pk>/adopt/", draft_views.adopt, name="policy_adopt"),
    path("drafts/<int:pk>/download/", draft_views.download, name="policy_draft_download"),
    path("drafts/<int:pk>/<slug:slug>/", draft_views.part, name="policy_part"),
    path("drafts/<int:pk>/<slug:slug>/<str:key>/", draft_views.form, name="policy_form"),
    path("tried/<int:pk>/", trial_views.trial, name="policy_trial"),
    path("import/", import_views.hand_in, name="policy_import"),
    path("import/<int:pk>/", import_views.look_over, name="policy_import_review"),
    path("versions/", version_views.versions, name="policy_versions"),
    path("versions/<str:digest>/", version_views.version, name="policy_version"),
    path("versions/<str:digest>/download/", version_views.version_download, name="policy_version_download"),
    path("compare/", version_views.compare, name="policy_compare"),
    path("shadow/", version_views.beside, name="policy_shadow"),
]
