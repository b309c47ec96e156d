"""Wrong passwords → how long the next try has to wait: by address, and for everybody together."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_ADDRESSES = 10_000
_FORGET_S = 24 * 3_600
_EVERYBODY = "*"


@dataclass(frozen=True)
class Limit:
    """After `free` failures each doubles the wait, from `first_s` to `longest_s` seconds."""

    free: int
    first_s: int
    longest_s: int

    def wait_after(self, failures: int) -> int:
        """Seconds to wait after so many failures in a row."""
        over = failures - self.free
        return 0 if over < 0 else min(self.first_s * 2 ** min(over, 20), self.longest_s)


ADDRESS = Limit(free=5, first_s=15, longest_s=3_600)
# Many addresses together: 2 880 guesses a day at most. Longer would let anybody keep the maintainers out.
TOGETHER = Limit(free=50, first_s=1, longest_s=30)


@dataclass(frozen=True)
class _Failures:
    count: int
    last: float


class Lockout:
    """Counts failures in memory, for at most `MAX_ADDRESSES`; the one that failed longest ago is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, _Failures] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Whole seconds until `address` may try; 0 is now."""
        place = _place(address)
        left = self._left(place, ADDRESS)
        if place not in self._known:  # whoever has been in is not kept out by the failures of others
            left = max(left, self._left(_EVERYBODY, TOGETHER))
        return math.ceil(left)

    def begin(self, address: str) -> int:
        """Counts a try as failed before it is looked at, so that many at once gain nothing; the failures in a row."""
        self._add(_EVERYBODY)
        return self._add(_place(address))

    def succeed(self, address: str) -> None:
        """Forgets the failures of `address`."""
        place = _place(address)
        self._failed.pop(place, None)
        together = self._failed[_EVERYBODY]
        self._failed[_EVERYBODY] = _Failures(together.count - 1, together.last)
        self._known[place] = None
        if len(self._known) > MAX_ADDRESSES:
            self._known.popitem(last=False)

    def _add(self, place: str) -> int:
        count = self._count(place) + 1
        self._failed[place] = _Failures(count, self._clock())
        self._failed.move_to_end(place)
        if len(self._failed) > MAX_ADDRESSES:
            self._failed.popitem(last=False)
        return count

    def _count(self, place: str) -> int:
        failed = self._failed.get(place)
        return failed.count if failed and self._clock() - failed.last < _FORGET_S else 0

    def _left(self, place: str, limit: Limit) -> float:
        failed = self._failed.get(place)
        return max(0, failed.last + limit.wait_after(self._count(place)) - self._clock()) if failed else 0


def _place(address: str) -> str:
    """The address, or of IPv6 the network of 64 bits: whoever has one address there has them all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))
