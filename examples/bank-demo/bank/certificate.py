"""The bank's certificate. Telewitness calls order endpoints and webhooks over https only."""

import os
import pathlib
import subprocess


def make_certificate(folder: pathlib.Path):
    """(certificate, key) in the folder; made by openssl at the first start."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not certificate.exists() or not key.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "365",
             "-subj", "/CN=bank demo", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True,
        )
        os.chmod(key, 0o600)
    return certificate, key
