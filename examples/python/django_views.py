"""Uploads from browsers straight into a bucket, and signed playback, in Django."""

import streamforge as sf

# [django]
from django.http import HttpRequest, HttpResponse, JsonResponse

signer = sf.cdn.Local("at least sixteen bytes")
bucket = sf.storage.open_s3(
    bucket="uploads", region="eu-central-1", credentials=sf.storage.make_static_credentials("AKIDEXAMPLE", "secret")
)
uploads = sf.storage.BrowserUploads(bucket, sf.storage.BrowserUploadPolicy(prefix="incoming/", expires_in=600))


def sign_parts(request: HttpRequest) -> HttpResponse:
    """One message of the JavaScript uploader; who may call is yours to decide."""
    return HttpResponse(uploads.answer(request.body.decode()), content_type="application/json")


def watch(request: HttpRequest, movie: str) -> JsonResponse:
    signed = signer.sign(f"https://cdn.example.com/{movie}/master.m3u8", expires_in=300)
    return JsonResponse({"url": signed.reveal()})
# [django]
