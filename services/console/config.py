"""The settings of console: its heartbeat, and the identity provider where colleagues sign in by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.errors import SettingError
from shared.outgoing.reach import Network
from shared.settings import sign_in
from shared.settings.installation import GATEWAY, HEARTBEATS, LOCAL, OUTGOING_NETWORKS, origin_of
from shared.vocabulary.role import Role


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """`newcomers`: the role of accounts that a first sign-in makes; None: it makes none. `networks`: where its
    endpoints may be although they are not public.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    label: str
    newcomers: Role | None = None
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True)
class Config:
    """`provider_only`: nobody but administrators signs in with a password. `heartbeats`: whether other services are to
    hear that access is up to date. `networks`: where webhooks may lead although they are not public.
    `gateway`: where reports are asked for.
    """

    provider: IdentityProvider | None = None
    provider_only: bool = False
    heartbeats: bool = HEARTBEATS.default
    networks: tuple[Network, ...] = ()
    gateway: str = LOCAL

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        """Raises `SettingError` naming the variable."""
        networks = OUTGOING_NETWORKS.read(environment)
        gateway = GATEWAY.read(environment) or origin_of(environment)
        only, heartbeats = sign_in.OIDC_ONLY.read(environment), HEARTBEATS.read(environment)
        if not sign_in.OIDC_ISSUER.read(environment):
            if only:
                raise SettingError(f"{sign_in.OIDC_ONLY.name} needs {sign_in.OIDC_ISSUER.name}")
            return cls(heartbeats=heartbeats, networks=networks, gateway=gateway)
        newcomers = sign_in.OIDC_NEWCOMERS.read(environment)
        provider = IdentityProvider(
            issuer=sign_in.OIDC_ISSUER.read(environment),
            client=sign_in.OIDC_CLIENT.needed(environment),
            secret=sign_in.OIDC_SECRET.read(environment),
            label=sign_in.OIDC_LABEL.read(environment),
            newcomers=Role(newcomers) if newcomers else None,
            networks=networks,
        )
        return cls(provider, only, heartbeats, networks, gateway)

    def has_password(self, role: Role) -> bool:
        """Whether somebody of that role signs in with a password at all."""
        return not self.provider_only or role is Role.ADMINISTRATOR
