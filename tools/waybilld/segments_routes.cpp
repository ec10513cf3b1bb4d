#include "segments_routes.hpp"

#include <map>
#include <set>
#include <utility>

#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <waybill/segment_document.hpp>

#include "jobs_routes.hpp"
#include "problem.hpp"
#include "segment_listing.hpp"

namespace waybill::http {

namespace net = boost::asio;

namespace {

constexpr std::string_view bulk_name = "bulk-get"; // as a definition's id its path would be another route

/// Does it on the segments' own thread.
template <class T, class Verb>
net::awaitable<result<T>> on_segments(services& with, Verb verb) {
    auto working = async_read<T>(with.segment_thread, std::move(verb), net::use_awaitable);
    auto outcome = co_await std::move(working);
    co_return outcome;
}

/// The messages of the library may name what was asked for; an answer does not.
response refused_segment(const failure& why, std::string_view request_id) {
    if (why.code == errc::not_found) return problem(404, request_id, "there is no such segment definition");
    if (why.code == errc::conflict)
        return problem(409, request_id, "another segment definition asks for this one");
    return problem(why, request_id);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            encoded += c;
        else
            ((encoded += '%') += digits[byte >> 4U]) += digits[byte & 0x0FU];
    }
    return encoded;
}

response shown(const segment_definition& definition) {
    auto answer = json_answer({});
    append_json(answer.body, definition);
    answer.headers.emplace_back("ETag", entity_tag(answer.body));
    return answer;
}

result<new_segment> read_new_segment(const call& made, const json_limits& limits) {
    auto read = parse_new_segment(made.asked.body, limits);
    if (read && read->id == bulk_name)
        return failure{errc::invalid,
                       "the id is a route's",
                       {{"invalid_value", "expected another id: this one is the name of a route", "/id"}}};
    return read;
}

/// As a text of JSON; it has been read from some.
std::string quoted(std::string_view text) { return nlohmann::json(text).dump(); }

std::string missing_segment(std::string_view request_id) {
    return R"({"requestId":)" + quoted(request_id) +
           R"(,"errors":{"404":[{"code":"not_found","message":"there is no such segment definition","path":""}]}})";
}

/// A member for each id, once: the definition, or that there is none.
std::string bulk_answer(const std::vector<std::string>& ids, const std::vector<segment_definition>& found,
                        std::string_view request_id) {
    std::map<std::string_view, const segment_definition*> by_id;
    for (const auto& id : ids)
        by_id[id] = nullptr;
    for (const auto& definition : found)
        by_id[definition.id] = &definition;
    std::string body;
    for (const auto& [id, definition] : by_id) {
        (body += body.empty() ? "" : ",") += quoted(id) + ':';
        if (definition != nullptr)
            append_json(body, *definition);
        else
            body += missing_segment(request_id);
    }
    return R"({"results":{)" + body + "}}";
}

/// What a job's filter names in the namespace of definitions, each once.
std::vector<std::string> defined_segments(const new_export_job& request) {
    std::set<std::string> ids;
    if (request.filter)
        for (const auto& segment : request.filter->segments)
            if (same_token(segment.segment_ns, "ups")) ids.insert(segment.segment_id);
    return {ids.begin(), ids.end()};
}

} // namespace

net::awaitable<response> list_segments(services& with, const call& made) {
    const auto asked = parse_segment_query(made.asked.query());
    if (!asked) co_return problem(asked.error(), made.request_id);
    auto look = [store = with.segments, owner = made.owner, query = *asked] {
        return store->list(owner, query);
    };
    auto looking = on_segments<segment_page>(with, std::move(look));
    const auto page = co_await std::move(looking);
    if (!page) co_return refused_segment(page.error(), made.request_id);
    auto answer = json_answer({});
    append_json(answer.body, *page, *asked);
    co_return answer;
}

net::awaitable<response> create_segment(services& with, const call& made) {
    auto read = read_new_segment(made, with.limits);
    if (!read) co_return problem(read.error(), made.request_id);
    auto create = [store = with.segments, owner = made.owner, sent = *std::move(read)] {
        return store->create(owner, sent.members, sent.id);
    };
    auto creating = on_segments<segment_definition>(with, std::move(create));
    const auto created = co_await std::move(creating);
    if (!created) co_return refused_segment(created.error(), made.request_id);
    auto answer = shown(*created);
    answer.headers.emplace_back("X-Location", "/segment/definitions/" + percent_encoded(created->id));
    co_return answer;
}

net::awaitable<response> get_segments(services& with, const call& made) {
    const auto ids = parse_segment_ids(made.asked.body, with.limits);
    if (!ids) co_return problem(ids.error(), made.request_id);
    auto look = [store = with.segments, owner = made.owner, wanted = *ids] {
        return store->find_all(owner, wanted);
    };
    auto looking = on_segments<std::vector<segment_definition>>(with, std::move(look));
    const auto found = co_await std::move(looking);
    if (!found) co_return refused_segment(found.error(), made.request_id);
    auto answer = json_answer(bulk_answer(*ids, *found, made.request_id));
    answer.status = 207;
    co_return answer;
}

net::awaitable<response> show_segment(services& with, const call& made) {
    auto look = [store = with.segments, owner = made.owner, id = made.arguments.front()] {
        return store->find(owner, id);
    };
    auto looking = on_segments<segment_definition>(with, std::move(look));
    const auto found = co_await std::move(looking);
    if (!found) co_return refused_segment(found.error(), made.request_id);
    co_return shown(*found);
}

net::awaitable<response> change_segment(services& with, const call& made) {
    auto read = parse_segment_changes(made.asked.body, with.limits);
    if (!read) co_return problem(read.error(), made.request_id);
    auto change = [store = with.segments, owner = made.owner, id = made.arguments.front(),
                   changes = *std::move(read)] { return store->update(owner, id, changes); };
    auto changing = on_segments<segment_definition>(with, std::move(change));
    const auto changed = co_await std::move(changing);
    if (!changed) co_return refused_segment(changed.error(), made.request_id);
    co_return shown(*changed);
}

/// A job that is created meanwhile does without the definition, as one that is created afterwards.
net::awaitable<response> remove_segment(services& with, const call& made) {
    const auto& id = made.arguments.front();
    auto asking = with.jobs.evaluating(made.owner, id, net::use_awaitable);
    const auto job = co_await std::move(asking);
    if (job.value())
        co_return problem(409, made.request_id,
                          "the export job " + std::to_string(*job.value()) + " evaluates this segment");
    auto remove = [store = with.segments, owner = made.owner, id] { return store->remove(owner, id); };
    auto removing = on_segments<done>(with, std::move(remove));
    const auto removed = co_await std::move(removing);
    if (!removed) co_return refused_segment(removed.error(), made.request_id);
    co_return json_answer(R"({"status":true,"message":""})");
}

net::awaitable<result<done>> choose_policy(services& with, const tenant& owner, new_export_job& request) {
    if (with.segments == nullptr || request.merge_policy) co_return done{};
    auto ids = defined_segments(request);
    if (ids.empty()) co_return done{};
    auto look = [store = with.segments, owner, ids = std::move(ids)] {
        return store->merge_policies(owner, ids);
    };
    auto looking = on_segments<std::vector<std::string>>(with, std::move(look));
    auto policies = co_await std::move(looking);
    if (!policies) co_return policies.error();
    if (policies->size() > 1)
        co_return failure{
            errc::invalid,
            "a merge policy is needed",
            {{"required", "must be there, for the segments' definitions name several", "/mergePolicy"}}};
    if (!policies->empty())
        request.merge_policy = merge_policy_ref{std::move(policies->front()), std::nullopt};
    co_return done{};
}

} // namespace waybill::http
