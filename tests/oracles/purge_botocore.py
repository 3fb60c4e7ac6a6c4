#!/usr/bin/env python3
"""CloudFront invalidations as botocore signs them: canonical request, string to sign and header."""
import datetime

import oracle

try:
    import botocore
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
except ImportError as error:
    oracle.skip(f"{error} (pip install botocore)")

NOW = 1793491200


class Recorded(botocore.auth.SigV4Auth):
    def add_auth(self, request):
        moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
        request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
        self._modify_request_before_signing(request)
        canonical = self.canonical_request(request)
        text = self.string_to_sign(request, canonical)
        self._inject_signature_to_request(request, self.signature(text, request))
        return canonical, text


def main():
    cases = []
    for name, token in (("long-lived", None), ("short-lived", "session/token+==")):
        for body in ("<InvalidationBatch/>", "<a>caf\u00e9 &amp; more</a>"):
            credentials = botocore.credentials.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
            request = botocore.awsrequest.AWSRequest(
                method="POST", url="https://cloudfront.amazonaws.com/2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation",
                data=body.encode(), headers={"Content-Type": "application/xml"})
            canonical, text = Recorded(credentials, "cloudfront", "us-east-1").add_auth(request)
            cases.append({"name": f"{name}, {len(body)}", "session_token": token or "", "body": body, "now": NOW, "canonical_request": canonical,
                          "string_to_sign": text, "authorization": request.headers["Authorization"]})
    oracle.run("purge_botocore.json", {"source": f"botocore {botocore.__version__}", "cases": cases})


main()
