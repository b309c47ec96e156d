"""What the server counts, for Prometheus: no question, no address, no name of anybody."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from assistant.types import Answer
from index.versions import Manifest

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_REFUSED = {400, 403, 408, 413, 414, 429, 431, 503}
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_registry = CollectorRegistry()
_answers = Counter("abc_answers", "Answers by how they ended", ["status", "language"], registry=_registry)
_answer_s = Histogram("abc_answer_seconds", "Time to make an answer", buckets=_SECONDS, registry=_registry)
_model_failures = Counter(
    "abc_model_failures", "Answers that the language model should have written", registry=_registry
)
_requests = Counter("abc_requests", "Requests", ["route", "method", "status"], registry=_registry)
_request_s = Histogram("abc_request_seconds", "Time to the end", ["route"], buckets=_SECONDS, registry=_registry)
_in_flight = Gauge("abc_requests_in_flight", "Requests under way", registry=_registry)
_refused = Counter("abc_refused", "Requests refused by a limit", ["status"], registry=_registry)
_index = Gauge("abc_index_info", "The version that answers", ["version", "corpus", "model"], registry=_registry)
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def count_answer(result: Answer) -> None:
    """Counts it, how long it took, and whether the language model failed to write it."""
    _answers.labels(result.status, result.language).inc()
    if result.receipt is not None:
        _answer_s.observe(result.receipt.timings_ms["total"] / 1000)
        if result.receipt.note is not None:
            _model_failures.inc()


def begin_request() -> None:
    """Counts one more under way."""
    _in_flight.inc()


def end_request(route: str, method: str, status: int, seconds: float) -> None:
    """Counts it as done; `route` is a template, so that no address of anybody's making becomes a name here."""
    _in_flight.dec()
    _requests.labels(route, method if method in _METHODS else "other", status).inc()
    _request_s.labels(route).observe(seconds)
    if status in _REFUSED:
        _refused.labels(status).inc()


def write_metrics(manifest: Manifest) -> bytes:
    """Everything in Prometheus' text format, with the index version in use."""
    _index.clear()
    _index.labels(manifest.version, manifest.corpus, manifest.model_fingerprint).set(1)
    return generate_latest(_registry)
