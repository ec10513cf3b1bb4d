// The directory by which host and driver talk about one attempt, `<datasets>/.spark/<job>.<attempt>.<epoch>`:
// what the host writes, durably, and what it reads of the driver's. One thread. The disk's errors are
// `store_failure`; a file that is not there is nothing, one that is not as it should be is told in words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/result.hpp>
#include <waybill/spark_engine.hpp>

namespace waybill::spark {

/// What the host has written down of an attempt.
struct recorded_intent {
    std::string name{};             ///< by which the cluster knows the submissions
    std::vector<std::string> ids{}; ///< of submissions that were answered
    std::int64_t tries = 1;         ///< submissions, answered or not
};

/// `claim.json`: the driver that works on the attempt.
struct driver_claim {
    std::optional<std::string> submission{};
    std::optional<std::string> application{};
};

/// `result.json`
struct driver_result {
    job_metrics metrics;
    bool staged = false;
    bool transient = false;
    std::vector<job_error> errors{};
};

class spool {
  public:
    spool(const std::filesystem::path& datasets, const staging_key& key);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path request_file() const { return path_ / "request.json"; }

    /// The intent, before anything is submitted.
    void write_request(const std::string& text) const;
    void write_submissions(const recorded_intent& intent) const;
    void write_cancel() const;
    void remove() const;

    /// Of an attempt that an earlier process may have recorded.
    result<std::optional<recorded_intent>> read_intent() const;
    result<std::optional<driver_claim>> read_claim() const;
    result<std::optional<job_metrics>> read_progress() const;
    result<std::optional<driver_result>> read_result() const;

  private:
    void write(const char* name, const std::string& text) const;
    result<std::optional<std::string>> read(const std::string& name) const;
    template <class Content, class Read>
    result<std::optional<Content>> read_as(const std::string& name, Read read_content) const;

    std::filesystem::path datasets_;
    std::filesystem::path path_;
};

/// The directory of all attempts.
std::filesystem::path spool_root(const std::filesystem::path& datasets);

/// By which the cluster knows an attempt's submissions; no other store's job has it, for its batch ids
/// differ.
std::string submission_name(const staging_key& key, const export_job& job);

/// `request.json`
std::string request_text(const spark_engine_options& options, const staging_key& key, const export_job& job);

} // namespace waybill::spark
