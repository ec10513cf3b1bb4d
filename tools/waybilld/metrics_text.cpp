#include "metrics_text.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/version.hpp>

#include <waybill/store_inspection.hpp>

#include "metrics_writer.hpp"

namespace waybill::http {

namespace {

void write_by_status(metrics_writer& to, std::string_view name, const status_counts& counts) {
    for (const auto status : all_job_statuses)
        to.sample(label(name, to_text(status)), counts[status]);
}

/// A clock that was set back gives 0.
std::string age_of(timestamp since, timestamp now) {
    return in_base_unit(std::max<std::int64_t>(0, (now - since).count()), unit::milliseconds);
}

template <const auto& Bounds>
void write_series(metrics_writer& to, std::string_view labels, const histogram<Bounds>& seen, unit of) {
    to.series(labels, Bounds, seen.counts, seen.sum, of);
}

void write_jobs(metrics_writer& to, const host_numbers& numbers) {
    const auto& store = numbers.store;
    to.begin("waybill_jobs", "gauge", "Export jobs in each status.");
    write_by_status(to, "status", store.jobs);
    to.begin("waybill_oldest_waiting_job_age_seconds", "gauge",
             "Time since the creation of the oldest job that is NEW; 0 when none is.");
    to.sample({}, store.oldest_waiting ? age_of(store.oldest_waiting->since, numbers.now) : "0");
    to.counter("waybill_jobs_created_total", "Export jobs created since the host started.",
               store.moves.created);
    to.begin("waybill_job_moves_total", "counter",
             "Moves of export jobs into each status since the host started; into NEW: put back for another "
             "attempt.");
    write_by_status(to, "to", store.moves.into);
}

void write_attempts(metrics_writer& to, const moves_made& moves) {
    to.begin(
        "waybill_job_wait_seconds", "histogram",
        "Time from the creation of an export job, or from its putting back, to the begin of an attempt; a "
        "backoff included.");
    write_series(to, {}, moves.waited, unit::milliseconds);
    to.begin("waybill_job_run_seconds", "histogram",
             "Time of attempts by the status they led to; into NEW: put back for another attempt.");
    for (const auto status :
         {job_status::succeeded, job_status::failed, job_status::cancelled, job_status::new_})
        write_series(to, label("to", to_text(status)), moves.ran[static_cast<std::size_t>(status)],
                     unit::milliseconds);
    to.counter("waybill_exported_profiles_total", "Profiles that export jobs which succeeded have exported.",
               moves.exported_profiles);
    to.counter("waybill_exported_bytes_total", "Bytes of the batches of these jobs.", moves.exported_bytes);
}

void write_store(metrics_writer& to, const host_numbers& numbers) {
    const auto& store = numbers.store;
    to.gauge("waybill_store_database_bytes", "Size of the job store's database.", store.database_bytes);
    to.gauge("waybill_store_free_bytes", "Part of the database that nothing uses.", store.free_bytes);
    to.gauge("waybill_store_wal_bytes", "Size of the job store's write-ahead log.", store.wal_bytes);
    to.gauge("waybill_store_schema_version", "Version of the job store's schema.", store.schema_version);
    to.counter("waybill_store_writes_total", "Creates and cancels that clients asked the store for.",
               numbers.writes.writes);
    to.counter("waybill_store_commits_total", "Commits that these writes shared.", numbers.writes.commits);
    to.begin("waybill_store_writes_per_commit", "histogram", "Writes that shared one commit.");
    write_series(to, {}, numbers.writes.together, unit::one);
}

void write_requests(metrics_writer& to, const host_numbers& numbers) {
    to.begin("waybill_http_requests_total", "counter",
             "HTTP requests by route, method and code of the answer.");
    for (const auto& one : numbers.answers)
        to.sample(label("route", one.route) + ',' + label("method", one.method) + ',' +
                      label("code", one.status),
                  one.times);
    to.begin("waybill_http_request_duration_seconds", "histogram",
             "Time from a request's first byte to its answer's last; of a stream of events, its whole life.");
    for (const auto& one : numbers.times)
        write_series(to, label("route", one.route) + ',' + label("method", one.method), one.took,
                     unit::microseconds);
}

void write_host(metrics_writer& to, const host_numbers& numbers) {
    to.gauge("waybill_http_open_connections", "Connections of HTTP clients that are open.",
             static_cast<std::int64_t>(numbers.open_connections));
    to.begin("waybill_http_failed_logins_total", "counter",
             "Requests whose token or key was missing or wrong since the host started.");
    for (const auto why : all_login_failures)
        to.sample("reason=\"" + std::string(to_text(why)) + '"',
                  std::to_string(numbers.failed_logins[static_cast<std::size_t>(why)]));
    to.counter("waybill_http_failed_handshakes_total", "TLS handshakes that failed since the host started.",
               static_cast<std::int64_t>(numbers.failed_handshakes));
    static const auto sqlite = linked_sqlite().version;
    to.begin("waybill_build_info", "gauge", "Always 1; the labels tell the versions.");
    const auto boost =
        std::to_string(BOOST_VERSION / 100'000) + '.' + std::to_string(BOOST_VERSION / 100 % 1'000);
    to.sample(label("version", WAYBILL_VERSION) + ',' + label("sqlite", sqlite) + ',' + label("boost", boost),
              "1");
}

} // namespace

std::string metrics_text(const host_numbers& numbers) {
    metrics_writer to;
    write_jobs(to, numbers);
    write_attempts(to, numbers.store.moves);
    write_store(to, numbers);
    write_requests(to, numbers);
    write_host(to, numbers);
    return to.take();
}

} // namespace waybill::http
