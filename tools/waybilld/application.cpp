#include "application.hpp"

#include "digest.hpp"
#include "header_text.hpp"
#include "negotiation.hpp"
#include "preferences.hpp"
#include "problem.hpp"

namespace waybill::http {

namespace {

response options_answer(const std::string& allowed) {
    response answer;
    answer.status = 204;
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

response wrong_method(const std::string& allowed, std::string_view request_id) {
    auto answer = problem(405, request_id, "this route allows " + allowed);
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

std::variant<admitted, response> admit_to(match matched, const request& asked, std::string_view request_id,
                                          const gateway& door, std::size_t longest_body) {
    if (matched.pattern.empty()) return problem(404, request_id, "there is nothing at this path");
    if (matched.found == nullptr)
        return asked.is("OPTIONS") ? options_answer(matched.allowed)
                                   : wrong_method(matched.allowed, request_id);

    admitted allowed{matched.found, std::move(matched.arguments), {}, {}};
    if (matched.found->needed) {
        auto outcome = door.admit(asked, *matched.found->needed, request_id);
        if (auto* const refusal = std::get_if<response>(&outcome)) return std::move(*refusal);
        auto& let_in = std::get<visitor>(outcome);
        allowed.owner = std::move(let_in.owner);
        allowed.actor = std::move(let_in.name);
    }
    if ((asked.is("POST") || asked.is("PATCH")) && asked.announces_body() &&
        !is_media_type(asked.header("Content-Type").value_or(std::string_view{}), "application/json"))
        return problem(415, request_id, "expected the content type application/json");
    if (asked.announced_length().value_or(0) > longest_body)
        return problem(413, request_id,
                       "expected a body of at most " + std::to_string(longest_body) + " bytes");
    return allowed;
}

} // namespace

std::string request_id_of(const request& asked) {
    const auto sent = asked.header("x-request-id");
    if (sent && asked.count("x-request-id") == 1 && is_visible_ascii(*sent, 1, 128))
        return std::string(*sent);
    return random_id();
}

admission admit(std::span<const route> table, const request& asked, std::string_view request_id,
                const gateway& door, std::size_t longest_body) {
    if (asked.target == "*" && asked.is("OPTIONS"))
        return {options_answer("GET, HEAD, POST, PATCH, DELETE, OPTIONS"), {}};
    auto matched = find_route(table, asked.method, asked.path());
    const auto pattern = matched.pattern;
    return {admit_to(std::move(matched), asked, request_id, door, longest_body), pattern};
}

boost::asio::awaitable<response> application::answer(const admitted& to, const request& asked,
                                                     std::string_view request_id, other_end& client) {
    const call made{asked, request_id, to.owner, to.arguments, to.actor, client};
    std::exception_ptr disaster;
    try {
        auto working = to.row->handle(services_, made);
        auto made_answer = co_await std::move(working);
        negotiate(made_answer, asked);
        co_return made_answer;
    } catch (...) {
        disaster = std::current_exception();
    }
    co_return answer_to(disaster, request_id);
}

void application::note(const request_line& answered) {
    services_.requests.count(answered.route, answered.method, answered.status, answered.duration);
    log_.request(answered);
}

response application::answer_to(const std::exception_ptr& disaster, std::string_view request_id) {
    unsigned status = 500;
    std::string said = "something unknown was thrown";
    try {
        std::rethrow_exception(disaster);
    } catch (const store_failure& failed) {
        if (failed.why() == store_failure::kind::no_space) status = 507;
        said = failed.what();
    } catch (const std::exception& failed) {
        said = failed.what();
    } catch (...) {
        // not ours; there is nothing to say of it
    }
    services_.health->suspect_store();
    log_.problem(said, request_id);
    return problem(status, request_id,
                   status == 507 ? "there is no space left to store this"
                                 : "the request could not be handled");
}

} // namespace waybill::http
