"""Where the threads of a soak stand still together, so that a quiet moment can be looked at, and where they end."""

import threading
import time

LONGEST = 120  # seconds until all have come


class Gate:
    def __init__(self, threads: int) -> None:
        self._changed = threading.Condition()
        self._threads = threads
        self._parked = 0
        self._closed = False
        self.over = False

    def passes(self) -> bool:
        """Called between two actions, with no connection open; waits while the gate is closed. False at the end."""
        with self._changed:
            self._parked += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._closed or self.over)
            self._parked -= 1
            return not self.over

    @property
    def closed(self) -> bool:
        return self._closed or self.over

    def close(self) -> None:
        """Returns once all threads stand still."""
        with self._changed:
            self._closed = True
            if not self._changed.wait_for(lambda: self._parked == self._threads, LONGEST):
                raise RuntimeError("a client does not come to its end")

    def open(self) -> None:
        with self._changed:
            self._closed = False
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self.over = True
            self._changed.notify_all()

    def rest(self, seconds: float) -> None:
        """Sleeps, unless the gate closes meanwhile."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.closed:
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))


class Pace:
    """So many a second on average, with small bursts."""

    def __init__(self, each_second: float) -> None:
        self._lock = threading.Lock()
        self._rate, self._left, self._at = each_second, 5.0, time.monotonic()

    def may(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._left = min(max(5.0, self._rate), self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
