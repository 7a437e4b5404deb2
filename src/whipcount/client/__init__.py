"""The count from a program: a typed client of a Whipcount server's API, and what receives its webhooks.

from whipcount.client import Client
with Client("https://count.example.org") as count:
    for standing in count.standings(position=["endorsed"]):
        print(standing.endorser, standing.since)
"""

from whipcount.client.aio import AsyncClient
from whipcount.client.receive import Message, verify
from whipcount.client.sync import Client

__all__ = ["AsyncClient", "Client", "Message", "verify"]
