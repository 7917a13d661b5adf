"""An OpenID Connect provider as a process on loopback, made of authlib's server side.

`python -m tests.console.identity_provider PORT INSTANT` serves discovery, keys, the page of authorisation (it signs in
whoever it was told to) and tokens: authorisation code, PKCE demanded, an ID token signed by RS256 as of INSTANT.
`POST /told` says who signs in, and which lie the next token tells.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from socket import create_server
from typing import Any

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from tests.loopback import PATIENCE

CLIENT, SECRET = "guestloop", "the client's secret"
BACK = "http://127.0.0.1:8080/sign-in/oidc/back"
MARTA = {"sub": "4711", "email": "marta@casa.example.com", "email_verified": True, "name": "Marta Marques"}


@dataclass
class Provider:
    """The process as a test sees it."""

    issuer: str

    def tell(self, **told: Any) -> None:
        """`user`: the claims of whoever signs in. `lie`: what is wrong with the tokens from now on."""
        said: dict[str, Any] = {"user": MARTA, "lie": "", **told}
        requests.post(f"{self.issuer}/told", json=said, timeout=PATIENCE).raise_for_status()

    def heard(self) -> list[dict[str, str]]:
        """The requests for tokens, as they came."""
        found: list[dict[str, str]] = requests.get(f"{self.issuer}/heard", timeout=PATIENCE).json()
        return found


@contextmanager
def identity_provider(at: datetime) -> Iterator[Provider]:
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", __name__, str(port), at.isoformat()], stderr=subprocess.DEVNULL)
    try:
        provider = Provider(f"http://127.0.0.1:{port}")
        give_up = time.monotonic() + PATIENCE
        while not _answers(provider.issuer):
            assert time.monotonic() < give_up and process.poll() is None, "the provider did not start"
            time.sleep(0.05)
        yield provider
    finally:
        process.kill()
        process.wait()


def _answers(issuer: str) -> bool:
    try:
        return requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1).ok
    except requests.RequestException:
        return False


# The process


@dataclass
class Client:
    """The one client it knows."""

    client_id: str = CLIENT

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return BACK

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == BACK

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code:
    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: dict[str, Any]

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Desk:
    """What the provider knows."""

    issuer: str
    at: datetime
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    other_key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    told: dict[str, Any] = field(default_factory=lambda: {"user": MARTA, "lie": ""})
    codes: dict[str, Code] = field(default_factory=dict)
    heard: list[dict[str, str]] = field(default_factory=list)


def make_app(desk: Desk) -> Flask:
    app = Flask(__name__)
    server = AuthorizationServer(app, lambda client_id: Client() if client_id == CLIENT else None, lambda *_: None)
    server.register_grant(_grant(desk), [CodeChallenge(required=True), _tokens(desk)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        told = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        issuer = "https://somebody.example.com" if desk.told["lie"] == "discovered issuer" else desk.issuer
        return jsonify(issuer=issuer, **{name: f"{desk.issuer}{path}" for name, path in told.items()})

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[desk.key.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=desk.told["user"])
        return server.create_authorization_response(request, grant_user=desk.told["user"], grant=grant)

    @app.post("/token")
    def token() -> Any:
        desk.heard.append(request.form.to_dict())
        if desk.told["lie"] == "hangs":
            time.sleep(30)
        return server.create_token_response()

    @app.post("/told")
    def tell() -> Any:
        desk.told = request.get_json()
        return ""

    @app.get("/heard")
    def heard() -> Any:
        return jsonify(desk.heard)

    return app


def _grant(desk: Desk) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            nonce, challenge, method = (data.get(name) for name in ("nonce", "code_challenge", "code_challenge_method"))
            desk.codes[code] = Code(code, asked.payload.redirect_uri, asked.scope, nonce, challenge, method, asked.user)

        def query_authorization_code(self, code: str, _client: Client) -> Code | None:
            return desk.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            del desk.codes[code.code]

        def authenticate_user(self, code: Code) -> dict[str, Any]:
            return code.user

    return Grant


def _tokens(desk: Desk) -> OpenIDCode:
    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, _nonce: str, _asked: Any) -> bool:
            return False

        def resolve_client_private_key(self, _client: Client) -> Any:
            return desk.other_key if desk.told["lie"] == "signature" else desk.key

        def get_encode_header(self, _client: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": "one"}

        def get_client_claims(self, _client: Client) -> dict[str, Any]:
            issued = desk.at - timedelta(hours=2) if desk.told["lie"] == "expired" else desk.at
            return {
                "iss": "https://somebody.example.com" if desk.told["lie"] == "issuer" else desk.issuer,
                "aud": ["another-client"] if desk.told["lie"] == "audience" else [CLIENT],
                "iat": int(issued.timestamp()),
                "exp": int((issued + timedelta(hours=1)).timestamp()),
                "auth_time": int(issued.timestamp()),
            }

        def get_authorization_code_claims(self, code: Code) -> dict[str, Any]:
            match desk.told["lie"]:
                case "nonce":
                    return {"nonce": "another"}
                case "no nonce":
                    return {}
                case _:
                    return {"nonce": code.nonce}

        def generate_user_info(self, user: dict[str, Any], _scope: str) -> UserInfo:
            return UserInfo(user)

    return Tokens()


def main(port: int, at: datetime) -> None:
    server = make_server("127.0.0.1", port, make_app(Desk(f"http://127.0.0.1:{port}", at)), threaded=True)
    server.serve_forever()


if __name__ == "__main__":
    import os

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
