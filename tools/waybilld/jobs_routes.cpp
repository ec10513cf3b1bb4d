#include "jobs_routes.hpp"

#include <array>

#include <boost/asio/use_awaitable.hpp>

#include <waybill/profile_store.hpp>

#include "digest.hpp"
#include "files_routes.hpp"
#include "header_text.hpp"
#include "health_routes.hpp"
#include "job_events.hpp"
#include "job_listing.hpp"
#include "job_wait.hpp"
#include "list_query.hpp"
#include "metrics_route.hpp"
#include "openapi_route.hpp"
#include "preferences.hpp"
#include "problem.hpp"
#include "segments_routes.hpp"

namespace waybill::http {

namespace net = boost::asio;

namespace {

constexpr std::string_view profile_instance_header = "x-profile-instance-id";
constexpr std::size_t longest_profile_instance = 256;

constexpr std::string_view jobs_path = "/data/core/ups/export/jobs";
constexpr std::string_view job_path = "/data/core/ups/export/jobs/{id}";
constexpr std::string_view events_path = "/data/core/ups/export/jobs/{id}/events";
constexpr std::string_view retry_path = "/data/core/ups/export/jobs/{id}/retry";

constexpr std::string_view segments_path = "/data/core/ups/segment/definitions";
constexpr std::string_view bulk_path = "/data/core/ups/segment/definitions/bulk-get";
constexpr std::string_view segment_path = "/data/core/ups/segment/definitions/{id}";

constexpr std::string_view batch_path = "/data/foundation/export/batches/{batchId}/files";
constexpr std::string_view file_path = "/data/foundation/export/files/{fileId}";

constexpr std::array table{
    route{"GET", jobs_path, role::read, list_jobs},
    route{"POST", jobs_path, role::write, create_job},
    route{"GET", job_path, role::read, show_job},
    route{"DELETE", job_path, role::write, cancel_job},
    route{"POST", retry_path, role::write, retry_job},
    route{"GET", events_path, role::read, show_events},
    route{"GET", segments_path, role::read, list_segments},
    route{"POST", segments_path, role::write, create_segment},
    route{"POST", bulk_path, role::read, get_segments}, // before the pattern that it fits, too
    route{"GET", segment_path, role::read, show_segment},
    route{"PATCH", segment_path, role::write, change_segment},
    route{"DELETE", segment_path, role::write, remove_segment},
    route{"GET", batch_path, role::read, list_files},
    route{"GET", file_path, role::read, send_file},
    route{"GET", "/healthz", std::nullopt, say_alive},
    route{"GET", "/readyz", std::nullopt, say_ready},
    route{"GET", "/metrics", std::nullopt, show_metrics},
    route{"GET", "/openapi.json", std::nullopt, show_description},
};

} // namespace

std::span<const route> routes() { return table; }

std::optional<job_id> parse_job_id(std::string_view text) { return parse_number(text, 1); }

response no_such_job(std::string_view request_id) {
    return problem(404, request_id, "there is no such export job");
}

response refused(const failure& why, std::string_view request_id) {
    return why.code == errc::not_found ? no_such_job(request_id) : problem(why, request_id);
}

std::string entity_tag(std::string_view body) { return '"' + sha256_hex(body).substr(0, 32) + '"'; }

response shown(const export_job& job) {
    auto answer = json_answer({});
    append_json(answer.body, job);
    answer.headers.emplace_back("ETag", entity_tag(answer.body));
    return answer;
}

net::awaitable<response> list_jobs(services& with, const call& made) {
    auto asked = parse_list_query(made.asked.query());
    if (!asked) co_return problem(asked.error(), made.request_id);
    auto listing = std::make_shared<job_listing>(with.jobs, made.owner, std::move(*asked));
    auto answer = json_answer({});
    auto reading = listing->next(answer.body);
    const bool more = co_await std::move(reading);
    if (more) answer.rest = std::move(listing);
    co_return answer;
}

result<new_export_job> read_create(const call& made, const json_limits& limits) {
    auto request = parse_new_export_job(made.asked.body, limits);
    if (!request) return request;
    request->request_id = std::string(made.request_id);
    const auto instance = made.asked.header(profile_instance_header).value_or(std::string_view{});
    if (instance.size() > longest_profile_instance || !is_plain_text(instance))
        return failure{
            errc::invalid,
            "the header x-profile-instance-id is not valid",
            {{"invalid_value", "expected at most 256 bytes of text", std::string(profile_instance_header)}}};
    if (!instance.empty()) request->profile_instance_id = std::string(instance);
    return request;
}

/// The same key with the same bytes asks for the same job.
std::optional<idempotency_key> key_of(const request& asked) {
    const auto key = asked.header("Idempotency-Key");
    if (!key) return std::nullopt;
    return idempotency_key{std::string(*key), sha256_hex(asked.body)};
}

/// As the audit names whoever asks.
caller caller_of(const call& made) { return {made.actor, std::string(made.request_id)}; }

/// The answer that has a new job.
response made(const export_job& job) {
    auto answer = json_answer({});
    append_json(answer.body, job);
    answer.headers.emplace_back("X-Location", "/export/jobs/" + std::to_string(job.id));
    return answer;
}

/// The version of a declared merge policy is fixed when the job is created. Those that are built in the store
/// knows.
net::awaitable<void> fix_policy_version(services& with, const tenant& owner, new_export_job& request) {
    auto& policy = request.merge_policy;
    if (!policy || policy->version || latest_version(policy->id) || with.profiles.empty()) co_return;
    auto look = [file = with.profiles, owner, id = policy->id] {
        return latest_policy_version(file, owner, id);
    };
    auto looking = async_read<std::optional<std::int64_t>>(with.disk, std::move(look), net::use_awaitable);
    const auto latest = co_await std::move(looking);
    if (latest) policy->version = *latest;
}

/// A create that was made when the definitions did not differ yet is answered as it was.
net::awaitable<response> made_before(services& with, const call& asked, failure why) {
    auto key = key_of(asked.asked);
    if (!key) co_return problem(why, asked.request_id);
    auto looking = with.jobs.repeated(asked.owner, *std::move(key), net::use_awaitable);
    const auto job = co_await std::move(looking);
    if (job) co_return made(*job);
    co_return problem(job.error().code == errc::not_found ? why : job.error(), asked.request_id);
}

net::awaitable<response> create_job(services& with, const call& asked) {
    auto request = read_create(asked, with.limits);
    if (!request) co_return problem(request.error(), asked.request_id);
    auto choosing = choose_policy(with, asked.owner, *request);
    auto chosen = co_await std::move(choosing);
    if (!chosen) {
        auto answering = made_before(with, asked, std::move(chosen).error());
        auto answer = co_await std::move(answering);
        co_return answer;
    }
    auto fixing = fix_policy_version(with, asked.owner, *request);
    co_await std::move(fixing);
    auto by = caller_of(asked);
    auto creating = with.jobs.create(asked.owner, std::move(*request), key_of(asked.asked), std::move(by),
                                     net::use_awaitable);
    const auto job = co_await std::move(creating);
    if (!job) co_return refused(job.error(), asked.request_id);
    co_return made(*job);
}

net::awaitable<response> retry_job(services& with, const call& asked) {
    const auto id = parse_job_id(asked.arguments.front());
    if (!id) co_return no_such_job(asked.request_id);
    std::string actor = "client", request_id(asked.request_id);
    auto by = caller_of(asked);
    auto retrying = with.jobs.retry(asked.owner, *id, std::move(request_id), std::move(actor), std::move(by),
                                    net::use_awaitable);
    const auto job = co_await std::move(retrying);
    if (!job) co_return refused(job.error(), asked.request_id);
    co_return made(*job);
}

net::awaitable<response> show_job(services& with, const call& made) {
    const auto id = parse_job_id(made.arguments.front());
    if (!id) co_return no_such_job(made.request_id);
    if (const auto patience = preferred_wait(made.asked, longest_wait)) {
        auto waiting = show_job_when_due(with, made, *id, *patience);
        auto answer = co_await std::move(waiting);
        co_return answer;
    }
    auto finding_it = with.jobs.find(made.owner, *id, net::use_awaitable);
    const auto job = co_await std::move(finding_it);
    if (!job) co_return refused(job.error(), made.request_id);
    co_return shown(*job);
}

net::awaitable<response> cancel_job(services& with, const call& made) {
    const auto id = parse_job_id(made.arguments.front());
    if (!id) co_return no_such_job(made.request_id);
    std::string actor = "client";
    auto by = caller_of(made);
    auto cancelling = with.jobs.cancel(made.owner, *id, std::move(actor), std::move(by), net::use_awaitable);
    const auto outcome = co_await std::move(cancelling);
    if (!outcome) co_return refused(outcome.error(), made.request_id);
    const bool preferred = preference(made.asked, "return") == "representation";
    response answer;
    if (preferred || accepts_by_name(made.asked, "application/json"))
        answer = json_answer(R"({"status":true,"message":"Export job has been marked for cancelling"})");
    else
        answer.status = 204;
    if (preferred) answer.headers.emplace_back("Preference-Applied", "return=representation");
    co_return answer;
}

} // namespace waybill::http
