"""Tests reach loopback only: an accident must not knock on anybody's door."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_another_host_is_out_of_reach() -> None:
    with socket.socket() as caller, pytest.raises(SocketConnectBlockedError):
        caller.connect(("192.0.2.1", 80))
