#include "metrics_text.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/version.hpp>

#include <waybill/store_inspection.hpp>

namespace waybill::http {

namespace {

/// `waybill_jobs{status="NEW"} 7` and the like, each name after its own HELP and TYPE.
class metrics_writer {
  public:
    void begin(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
        text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
    }
    /// `labels` is what stands between the braces; our own constants, which need no escaping.
    void sample(std::string_view labels, std::string_view value) {
        text_ += name_;
        if (!labels.empty()) text_.append("{").append(labels).append("}");
        text_.append(" ").append(value).append("\n");
    }
    void sample(std::int64_t value) { sample({}, std::to_string(value)); }

    void gauge(std::string_view name, std::string_view help, std::int64_t value) {
        begin(name, "gauge", help);
        sample(value);
    }
    void counter(std::string_view name, std::string_view help, std::int64_t value) {
        begin(name, "counter", help);
        sample(value);
    }
    void by_status(std::string_view label, const status_counts& counts) {
        for (const auto status : all_job_statuses)
            sample(std::string(label) + "=\"" + std::string(to_text(status)) + '"',
                   std::to_string(counts[status]));
    }
    std::string take() { return std::move(text_); }

  private:
    std::string_view name_;
    std::string text_;
};

/// In seconds with three digits after the point; a clock that was set back gives 0.
std::string age_of(timestamp since, timestamp now) {
    const auto milliseconds = std::max<std::int64_t>(0, (now - since).count());
    const auto rest = std::to_string(milliseconds % 1'000);
    return std::to_string(milliseconds / 1'000) + '.' + std::string(3 - rest.size(), '0') + rest;
}

void write_jobs(metrics_writer& to, const host_numbers& numbers) {
    const auto& store = numbers.store;
    to.begin("waybill_jobs", "gauge", "Export jobs in each status.");
    to.by_status("status", store.jobs);
    to.begin("waybill_oldest_waiting_job_age_seconds", "gauge",
             "Time since the creation of the oldest job that is NEW; 0 when none is.");
    to.sample({}, store.oldest_waiting ? age_of(store.oldest_waiting->since, numbers.now) : "0");
    to.counter("waybill_jobs_created_total", "Export jobs created since the host started.",
               store.moves.created);
    to.begin("waybill_job_moves_total", "counter",
             "Moves of export jobs into each status since the host started; into NEW: put back for another "
             "attempt.");
    to.by_status("to", store.moves.into);
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
    to.sample("version=\"" WAYBILL_VERSION "\",sqlite=\"" + sqlite + "\",boost=\"" +
                  std::to_string(BOOST_VERSION / 100'000) + '.' +
                  std::to_string(BOOST_VERSION / 100 % 1'000) + "\"",
              "1");
}

} // namespace

std::string metrics_text(const host_numbers& numbers) {
    metrics_writer to;
    write_jobs(to, numbers);
    write_store(to, numbers);
    write_host(to, numbers);
    return to.take();
}

} // namespace waybill::http
