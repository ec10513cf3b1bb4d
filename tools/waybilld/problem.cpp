#include "problem.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace waybill::http {

namespace {

using json = nlohmann::ordered_json;

struct kind_of_problem {
    unsigned status;
    std::string_view slug; ///< of the type's URN; with `_` for `-` the code of a lone finding
    std::string_view title;
};

constexpr std::array kinds{
    kind_of_problem{400, "invalid-request", "Invalid request"},
    kind_of_problem{404, "not-found", "Not found"},
    kind_of_problem{405, "method-not-allowed", "Method not allowed"},
    kind_of_problem{408, "request-timeout", "Request timeout"},
    kind_of_problem{409, "conflict", "Conflict"},
    kind_of_problem{413, "content-too-large", "Content too large"},
    kind_of_problem{414, "uri-too-long", "URI too long"},
    kind_of_problem{415, "unsupported-media-type", "Unsupported media type"},
    kind_of_problem{416, "range-not-satisfiable", "Range not satisfiable"},
    kind_of_problem{422, "already-exists", "Already exists"},
    kind_of_problem{429, "too-many-requests", "Too many requests"},
    kind_of_problem{431, "header-fields-too-large", "Request header fields too large"},
    kind_of_problem{500, "internal-error", "Internal error"},
    kind_of_problem{503, "unavailable", "Service unavailable"},
    kind_of_problem{507, "insufficient-storage", "Insufficient storage"},
};

const kind_of_problem& kind_of(unsigned status) {
    for (const auto& kind : kinds)
        if (kind.status == status) return kind;
    return kind_of(500);
}

/// Texts may hold bytes that are no UTF-8; they are shown as U+FFFD rather than thrown about.
std::string text_of(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

response json_answer(std::string body) {
    response answer;
    answer.headers.emplace_back("Content-Type", "application/json");
    answer.body = std::move(body);
    return answer;
}

response problem(unsigned status, std::string_view request_id, std::vector<finding> findings) {
    const auto& kind = kind_of(status);
    auto errors = json::array();
    for (auto& found : findings) {
        json one{{"code", std::move(found.code)},
                 {"message", std::move(found.message)},
                 {"path", std::move(found.path)}};
        if (!found.reason.empty()) one["reason"] = std::move(found.reason);
        if (found.position) one["position"] = *found.position;
        errors.push_back(std::move(one));
    }
    auto answer = json_answer(text_of({{"type", "urn:waybill:error:" + std::string(kind.slug)},
                                       {"title", kind.title},
                                       {"status", status},
                                       {"requestId", request_id},
                                       {"errors", {{std::to_string(status), std::move(errors)}}}}));
    answer.status = status;
    return answer;
}

response problem(unsigned status, std::string_view request_id, std::string message) {
    std::string code(status == 400 ? "invalid_value" : kind_of(status).slug);
    for (char& c : code)
        if (c == '-') c = '_';
    return problem(status, request_id, {finding{std::move(code), std::move(message), ""}});
}

response try_again(response answer, std::string seconds) {
    answer.headers.emplace_back("Retry-After", std::move(seconds));
    return answer;
}

response problem(const failure& why, std::string_view request_id) {
    switch (why.code) {
    case errc::invalid:
        if (why.findings.empty()) return problem(400, request_id, why.message);
        return problem(400, request_id, why.findings);
    case errc::not_found: return problem(404, request_id, why.message);
    case errc::exists: return problem(422, request_id, why.message);
    case errc::conflict:
    case errc::too_late: return problem(409, request_id, why.message);
    case errc::overloaded: return try_again(problem(503, request_id, why.message), "1");
    case errc::too_many: return try_again(problem(429, request_id, why.message), "60");
    case errc::owned_elsewhere: return problem(503, request_id, "the store is owned by another process");
    }
    return problem(500, request_id, "the request could not be handled");
}

response gateway_error(unsigned status, std::string_view code, std::string_view message) {
    auto answer = json_answer(text_of({{"error_code", code}, {"message", message}}));
    answer.status = status;
    return answer;
}

} // namespace waybill::http
