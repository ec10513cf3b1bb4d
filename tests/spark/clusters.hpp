// The servers of a cluster as tests need them: a standalone master's REST server (the shapes as Spark 3.5.3
// gives them) and Livy (as of 0.8), each with what it knows in the test's hands, and with faults.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "spark/spark_server.hpp"

namespace waybill::test {

/// Looks at a request and what would be answered, and may answer otherwise; what was asked has happened then.
using fault = std::function<std::optional<given_answer>(const asked_request&, const given_answer&)>;

/// So many requests of this line, and then no more, are answered so.
inline fault for_some(std::string line, int times, given_answer with) {
    return [line = std::move(line), times, with = std::move(with)](
               const asked_request& asked, const given_answer&) mutable -> std::optional<given_answer> {
        if (times == 0 || !asked.line().starts_with(line)) return std::nullopt;
        --times;
        return with;
    };
}

class standalone_master {
  public:
    standalone_master() : server_([this](const asked_request& asked) { return answer(asked); }) {}

    spark_server& server() { return server_; }
    std::string url() const { return "spark://127.0.0.1:" + std::to_string(server_.port()); }

    void set_fault(fault with) {
        const std::lock_guard hold(guard_);
        fault_ = std::move(with);
    }
    /// The driver's state as the master sees it; empty: it does not know it.
    void set(const std::string& id, const std::string& state) {
        const std::lock_guard hold(guard_);
        states_[id] = state;
    }
    std::string state(const std::string& id) const {
        const std::lock_guard hold(guard_);
        const auto at = states_.find(id);
        return at == states_.end() ? std::string() : at->second;
    }
    std::size_t drivers() const {
        const std::lock_guard hold(guard_);
        return states_.size();
    }
    static std::string id(int number) { return "driver-20261126024038-000" + std::to_string(number); }

    static inline const std::string create = "POST /v1/submissions/create";
    static inline const std::string status = "GET /v1/submissions/status/";
    static inline const std::string kill = "POST /v1/submissions/kill/";

  private:
    given_answer answer(const asked_request& asked) {
        const std::lock_guard hold(guard_);
        const auto normal = as_spark(asked);
        if (fault_)
            if (auto instead = fault_(asked, normal)) return *instead;
        return normal;
    }

    given_answer as_spark(const asked_request& asked) {
        nlohmann::json said{{"serverSparkVersion", "3.5.3"}};
        const auto id = asked.target.substr(asked.target.rfind('/') + 1);
        if (asked.line() == create) {
            const auto given = id_(static_cast<int>(states_.size()));
            states_[given] = "RUNNING";
            said["action"] = "CreateSubmissionResponse";
            said["message"] = "Driver successfully submitted as " + given;
            said["submissionId"] = given;
            said["success"] = true;
        } else if (asked.line().starts_with(status)) {
            said["action"] = "SubmissionStatusResponse";
            said["submissionId"] = id;
            const auto known = states_.contains(id) && !states_[id].empty();
            said["success"] = known;
            if (known) said["driverState"] = states_[id];
            if (known) said["workerId"] = "worker-20261126024018-127.0.0.1-45283";
        } else if (asked.line().starts_with(kill)) {
            const bool runs = states_.contains(id) && states_[id] == "RUNNING";
            if (runs) states_[id] = "KILLED";
            said["action"] = "KillSubmissionResponse";
            said["submissionId"] = id;
            said["success"] = runs;
            said["message"] = runs ? "Kill request for " + id + " submitted"
                                   : "Driver " + id + " has already finished or does not exist";
        } else {
            said["action"] = "ErrorResponse";
            said["message"] = "Missing an action: please specify one of /create, /kill, or /status.";
            return {400, said.dump(2)};
        }
        return {200, said.dump(2)};
    }
    static std::string id_(int number) { return id(number); }

    mutable std::mutex guard_;
    std::map<std::string, std::string> states_;
    fault fault_;
    spark_server server_; ///< last: its thread uses the rest
};

} // namespace waybill::test
