#include "job_source.hpp"

#include <cstdint>
#include <cstdlib>
#include <limits>

#include <waybill/json.hpp>

#include "command_failure.hpp"
#include "host_client.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

host_credentials credentials_of_environment() {
    const auto* const token = std::getenv("WAYBILL_TOKEN");
    const auto* const key = std::getenv("WAYBILL_API_KEY");
    if (token == nullptr || key == nullptr || *token == '\0' || *key == '\0')
        throw command_failure(exit_wrong_usage,
                              "--url needs the environment variables WAYBILL_TOKEN and WAYBILL_API_KEY");
    for (const auto* text : {token, key})
        for (const auto* at = text; *at != '\0'; ++at)
            if (*at <= ' ' || *at > '~')
                throw command_failure(
                    exit_wrong_usage,
                    "WAYBILL_TOKEN and WAYBILL_API_KEY may hold visible ASCII characters only");
    return {token, key};
}

/// The host's own words where it has some: its findings, or the gateway's message.
std::string reason_of(const host_answer& answer) {
    auto text = "the host answered " + std::to_string(answer.status);
    const auto body = json::parse(answer.body, nullptr, false);
    if (!body.is_object()) return text;
    if (const auto message = body.find("message"); message != body.end() && message->is_string())
        return text + ": " + printable(message->get<std::string>());
    if (const auto title = body.find("title"); title != body.end() && title->is_string())
        text += ": " + printable(title->get<std::string>());
    const auto errors = body.find("errors");
    if (errors == body.end() || !errors->is_object()) return text;
    for (const auto& findings : *errors)
        for (const auto& finding : findings)
            if (finding.is_object() && finding.contains("message"))
                text += "\n  " + printable(finding.value("path", std::string()) + ": " +
                                           finding.value("message", std::string()));
    return text;
}

const host_answer& expect_success(const host_answer& answer) {
    if (answer.status == 404) throw command_failure(exit_not_found, reason_of(answer));
    if (answer.status < 200 || answer.status > 299) throw command_failure(exit_failed, reason_of(answer));
    return answer;
}

json parse_document(const host_answer& answer) {
    auto document = json::parse(answer.body, nullptr, false);
    if (!document.is_object())
        throw command_failure(exit_failed, "the host answered with what is no JSON object");
    return document;
}

json batches_of(const json& document) {
    const auto destination = document.value("destination", json::object());
    if (const auto batches = destination.find("batches"); batches != destination.end()) return *batches;
    if (!destination.contains("batchId")) return json::array();
    return json::array({{{"batchId", destination["batchId"]}}});
}

std::string path_of(job_id id) { return "/export/jobs/" + std::to_string(id); }

class host_source final : public job_source {
  public:
    host_source(const named_host& host, const tenant& owner)
        : host_(parse_host_address(host), credentials_of_environment(), owner) {}

    std::string list(const job_query& query) override {
        constexpr auto newest = std::numeric_limits<std::int64_t>::max();
        const auto from = to_text(query.after.value_or(cursor{newest, newest}));
        return expect_success(host_.get(next_page_link({true, query}, from))).body;
    }

    job_view show(job_id id) override {
        auto answer = expect_success(host_.get(path_of(id)));
        auto batches = batches_of(parse_document(answer));
        return {std::move(answer.body), std::move(batches), std::nullopt};
    }

    std::string cancel(job_id id) override {
        expect_success(host_.remove(path_of(id)));
        // The answer is the same whatever the job was, so what became of it is asked for.
        const auto now = host_.get(path_of(id));
        if (now.status == 404) return "removed";
        const auto status = parse_document(expect_success(now)).value("status", std::string());
        return status == to_text(job_status::cancelled) ? "cancelled" : "cancelling";
    }

    std::string retry(job_id id) override { return expect_success(host_.post(path_of(id) + "/retry")).body; }

  private:
    host_client host_;
};

} // namespace

std::unique_ptr<job_source> hosted_jobs(const named_host& host, const tenant& owner) {
    return std::make_unique<host_source>(host, owner);
}

} // namespace waybill::tool
