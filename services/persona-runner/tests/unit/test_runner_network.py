"""The way to an endpoint, as the owner's variables describe it."""

import pytest

from roundtable_runner.claude.network import find_proxy


@pytest.mark.parametrize(
    ("base_url", "proxy"),
    [("http://models.example", "http://one"), ("https://models.example", "http://two")],
)
def test_each_scheme_has_its_proxy(base_url: str, proxy: str) -> None:
    """As the CLI reads the same variables."""
    network = {"HTTP_PROXY": "http://one", "HTTPS_PROXY": "http://two"}

    assert find_proxy(base_url, network) == proxy


def test_without_a_proxy_there_is_none() -> None:
    """Nothing is taken from anywhere else."""
    assert find_proxy("http://models.example", {}) is None


@pytest.mark.parametrize(
    ("no_proxy", "is_direct"),
    [
        ("", False),
        ("localhost,other.example", False),
        ("dels.example", False),
        ("models.example.org", False),
        ("models.example:9", False),
        ("models.example", True),
        ("other.example, Models.Example", True),
        ("models.example:8080", True),
        ("example", True),
        (".example", True),
        ("*.example", True),
        ("*", True),
    ],
)
def test_named_hosts_and_domains_need_no_proxy(
    no_proxy: str, *, is_direct: bool
) -> None:
    """Whole names only, with a port or without."""
    network = {"HTTP_PROXY": "http://one", "NO_PROXY": no_proxy}

    proxy = find_proxy("http://models.example:8080/path", network)

    assert (proxy is None) is is_direct
