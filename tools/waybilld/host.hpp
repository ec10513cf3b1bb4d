// The whole host in one object: store, engine, publisher, lifecycle and HTTP server, wired and started in the
// right order (recovery before the first request), and stopped in the reverse. `start` and `stop` belong to
// one thread and block. What a caller can cause is a `failure`; disasters of the store are thrown as
// `store_failure`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/json.hpp>
#include <waybill/membership_states.hpp>
#include <waybill/result.hpp>
#include <waybill/spark_engine.hpp>
#include <waybill/store_upkeep.hpp>

#include "limits.hpp"
#include "request_log.hpp"
#include "tls.hpp"

namespace waybill::http {

/// Where exports run when it is not this process.
struct spark_settings {
    spark_url cluster{};
    std::string profiles{}; ///< what the driver reads
    std::string driver{};   ///< as the cluster sees it
    std::vector<std::pair<std::string, std::string>> conf{};
};

struct host_options {
    std::filesystem::path store;
    /// May come later: until then exports fail, and are tried again. With Spark it may be empty: then the
    /// versions of merge policies are not fixed when jobs are created.
    std::filesystem::path profiles;
    std::filesystem::path datasets;
    std::filesystem::path segments{};  ///< empty: `segments.db` beside the store
    std::string address = "127.0.0.1"; ///< a number, not a name
    std::uint16_t port = 8080;         ///< 0 picks a free one
    std::optional<std::filesystem::path> credentials;
    bool insecure_dev = false;      ///< instead of credentials; the address must be a loopback
    std::optional<tls_files> tls{}; ///< plain HTTP without

    std::optional<spark_settings> spark{}; ///< nothing: exports are executed here

    std::size_t threads = 2; ///< for HTTP
    std::size_t running = 8; ///< attempts at once
    std::size_t running_per_tenant = 8;
    std::int64_t unfinished_per_tenant = 100'000; ///< more are refused with 429
    std::int64_t attempts = 5;                    ///< tries of a job
    std::chrono::milliseconds attempt_deadline{6 * 3'600'000};
    std::vector<retention_rule> retention{}; ///< final jobs of other statuses are kept for ever
    std::optional<std::chrono::milliseconds> keep_audit = std::chrono::hours{365 * 24}; ///< nothing: no audit
    membership_states memberships = membership_states::three;   ///< of segments that are evaluated
    std::optional<std::chrono::milliseconds> keep_superseded{}; ///< batches, on the disk; nothing: for ever
    std::chrono::milliseconds grace{10'000}; ///< at the end: for requests under way, and again for attempts

    /// What has not come round for so long makes `/healthz` fail.
    std::chrono::milliseconds patience{60'000};

    server_limits limits{};
    json_limits documents{};
};

class host {
  public:
    /// Returns once requests are answered. The log must outlive it.
    static result<std::unique_ptr<host>> start(const host_options& options, request_log& log);
    ~host(); ///< stops
    host(const host&) = delete;
    host& operator=(const host&) = delete;

    std::uint16_t port() const noexcept;
    /// `http://127.0.0.1:8080`, or `https:`
    std::string url() const;

    /// Reads the credentials and the TLS files again; what can be used holds for requests, and connections,
    /// from now on. What cannot, is told to the log, and what was there before stays in force. Any thread.
    void reload();

    /// Accepts nothing more, finishes requests under way, lets attempts go on for the grace, then puts their
    /// jobs back to `NEW`. Again is harmless.
    void stop();

  private:
    struct impl;
    explicit host(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

} // namespace waybill::http
