// The engine on a Spark cluster: submits each attempt to a standalone master's REST server or to Apache Livy,
// and follows it by small files below the datasets' root, which host and cluster share (docs/spark.md). See
// engine.hpp for the rules that it keeps. All disk and network is on one thread of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/result.hpp>

namespace waybill {

enum class spark_protocol {
    standalone, ///< the REST submission server of a standalone master
    livy,       ///< Apache Livy
};

/// Where drivers are submitted.
struct spark_url {
    spark_protocol protocol = spark_protocol::standalone;
    std::string host{}; ///< a name or an address; of IPv6 without brackets
    std::uint16_t port = 6066;
    std::string prefix{}; ///< of Livy: what its paths begin with, such as `/livy`; without a slash at its end

    friend bool operator==(const spark_url&, const spark_url&) = default;
};

/// Reads `spark://HOST[:6066]` or `http://HOST[:8998][/PREFIX]`; `invalid` says what was expected.
result<spark_url> parse_spark_url(std::string_view text);
std::string to_text(const spark_url& url);

struct spark_engine_options {
    spark_url cluster{};
    std::filesystem::path datasets{}; ///< the datasets' root, at the same path for the cluster
    std::string profiles{};           ///< what the driver reads; handed through
    std::string driver{};             ///< the driver's program as the cluster sees it
    std::vector<std::pair<std::string, std::string>> conf{}; ///< Spark properties
    std::int64_t part_bytes = std::int64_t{512}
                              << 20U; ///< a file of a batch that has so many bytes takes no more rows

    std::chrono::milliseconds request_time{30'000};   ///< from a request's beginning to its answer's end
    std::size_t connections = 4;                      ///< requests at once; at least 1
    std::size_t answer_bytes = std::size_t{1} << 20U; ///< of an answer's body
    std::chrono::milliseconds spool_interval{1'000};  ///< how often an attempt's files are looked at
    std::chrono::milliseconds first_wait{1'000}; ///< before the cluster is asked again; doubles each time …
    std::chrono::milliseconds longest_wait{30'000}; ///< … up to this
    /// How long a driver is looked for that may have been submitted although nobody says so, once its attempt
    /// was cancelled.
    std::chrono::milliseconds linger{600'000};

    /// Told, in one sentence and on the engine's thread, what an operator should know; likewise what came
    /// right by itself.
    std::function<void(std::string_view)> on_problem{};
    std::function<void(std::string_view)> on_notice{};
};

class spark_engine final : public engine {
  public:
    explicit spark_engine(spark_engine_options options);
    /// Leaves drivers to work on: the next engine finds them. Those that were cancelled have their `cancel`.
    ~spark_engine() override;

    void on_news(std::function<void()> listener) override;
    std::optional<job_error> check(const export_job& job) override;
    void submit(const staging_key& key, const export_job& job) override;
    bool find(const staging_key& key) override;
    attempt_report poll(const staging_key& key) override;
    void cancel(const staging_key& key) override;
    void forget(const staging_key& key) override;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill
