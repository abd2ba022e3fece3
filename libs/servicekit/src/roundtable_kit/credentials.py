"""gRPC's credentials from a service's identity, for both ends of a connection."""

import grpc

from roundtable_kit.identity import Identity
from roundtable_kit.live_identity import LiveIdentity


def server_credentials(identity: LiveIdentity) -> grpc.ServerCredentials:
    """Return credentials that ask for a certificate of our authority.

    Every new connection is met with the newest identity; the old ones go on.
    """
    return grpc.dynamic_ssl_server_credentials(
        _configuration(identity.current()),
        lambda: _configuration(identity.current()),
        require_client_authentication=True,
    )


def channel_credentials(identity: Identity) -> grpc.ChannelCredentials:
    """Return credentials that show the certificate and trust our authority alone."""
    return grpc.ssl_channel_credentials(
        identity.authority, identity.key, identity.certificate
    )


def _configuration(identity: Identity) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration(
        [(identity.key, identity.certificate)], root_certificates=identity.authority
    )
