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

/// Looks at a request and what would be answered, and may answer otherwise.
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

    /// `happens`: what is asked for happens all the same.
    void set_fault(fault with, bool happens = true) {
        const std::lock_guard hold(guard_);
        fault_ = std::move(with);
        happens_ = happens;
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
        if (!happens_ && fault_)
            if (auto instead = fault_(asked, {})) return *instead;
        const auto normal = as_spark(asked);
        if (happens_ && fault_)
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
    bool happens_ = true;
    spark_server server_; ///< last: its thread uses the rest
};

/// Its ids begin anew with each `restart`, and names are unique among those that it knows.
class livy_server {
  public:
    livy_server() : server_([this](const asked_request& asked) { return answer(asked); }) {}

    struct batch {
        std::string name;
        std::string state = "running";
        std::string application{};
    };

    spark_server& server() { return server_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/livy/"; }

    /// `happens`: what is asked for happens all the same.
    void set_fault(fault with, bool happens = true) {
        const std::lock_guard hold(guard_);
        fault_ = std::move(with);
        happens_ = happens;
    }
    /// Forgets everything.
    void restart() {
        const std::lock_guard hold(guard_);
        batches_.clear();
        next_ = 0;
    }
    int add(batch what) {
        const std::lock_guard hold(guard_);
        batches_[next_] = std::move(what);
        return next_++;
    }
    void set(int id, const std::string& state, const std::string& application = {}) {
        const std::lock_guard hold(guard_);
        batches_.at(id).state = state;
        if (!application.empty()) batches_.at(id).application = application;
    }
    std::map<int, batch> batches() const {
        const std::lock_guard hold(guard_);
        return batches_;
    }

    static inline const std::string create = "POST /livy/batches";
    static inline const std::string list = "GET /livy/batches?";
    static inline const std::string look = "GET /livy/batches/";
    static inline const std::string remove = "DELETE /livy/batches/";

  private:
    given_answer answer(const asked_request& asked) {
        const std::lock_guard hold(guard_);
        if (!happens_ && fault_)
            if (auto instead = fault_(asked, {})) return *instead;
        const auto normal = as_livy(asked);
        if (happens_ && fault_)
            if (auto instead = fault_(asked, normal)) return *instead;
        return normal;
    }

    given_answer as_livy(const asked_request& asked) {
        if (asked.line() == create) return created(nlohmann::json::parse(asked.body));
        if (asked.line().starts_with(list)) return listed(asked.target);
        const auto id = std::stoi(asked.target.substr(asked.target.rfind('/') + 1));
        if (!batches_.contains(id)) return said(404, "Session '" + std::to_string(id) + "' not found.");
        if (asked.method == "GET") return {200, view(id).dump()};
        batches_.erase(id);
        return said(200, "deleted");
    }

    given_answer created(const nlohmann::json& wanted) {
        const auto id = next_++; // also of one that is refused
        const auto name = wanted.at("name").get<std::string>();
        for (const auto& [other, one] : batches_)
            if (one.name == name)
                return said(400, "requirement failed: Duplicate session name: Some(" + name + ")");
        batches_[id] = {name};
        return {201, view(id).dump()};
    }

    given_answer listed(const std::string& target) {
        const auto from = std::stoul(target.substr(target.find("from=") + 5));
        const auto size = std::stoul(target.substr(target.find("size=") + 5));
        nlohmann::json page{
            {"from", from}, {"total", batches_.size()}, {"sessions", nlohmann::json::array()}};
        std::size_t at = 0;
        for (const auto& [id, one] : batches_) {
            if (at >= from && at < from + size) page["sessions"].push_back(view(id));
            ++at;
        }
        return {200, page.dump()};
    }

    nlohmann::json view(int id) const {
        const auto& one = batches_.at(id);
        nlohmann::json shown{{"id", id},
                             {"name", one.name},
                             {"owner", nullptr},
                             {"proxyUser", nullptr},
                             {"state", one.state},
                             {"appId", nullptr},
                             {"appInfo", {{"driverLogUrl", nullptr}, {"sparkUiUrl", nullptr}}},
                             {"log", {"stdout: ", "what the driver said last"}}};
        if (!one.application.empty()) shown["appId"] = one.application;
        return shown;
    }
    static given_answer said(unsigned status, const std::string& words) {
        return {status, nlohmann::json{{"msg", words}}.dump()};
    }

    mutable std::mutex guard_;
    std::map<int, batch> batches_;
    int next_ = 0;
    fault fault_;
    bool happens_ = true;
    spark_server server_; ///< last: its thread uses the rest
};

} // namespace waybill::test
