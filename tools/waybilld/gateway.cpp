#include "gateway.hpp"

#include "header_text.hpp"
#include "problem.hpp"

namespace waybill::http {

namespace {

constexpr std::string_view org_header = "x-gw-ims-org-id";
constexpr std::string_view sandbox_header = "x-sandbox-name";
/// The name of whoever comes when no credentials are needed.
constexpr std::string_view anybody = "insecure-dev";

response profile_not_valid() { return gateway_error(403, "403025", "Profile is not valid"); }

response bad_tenant_name(std::string_view header, std::string_view request_id) {
    return problem(400, request_id,
                   {finding{"invalid_value", "expected 1 to 80 bytes of text", std::string(header)}});
}

response token_not_valid() {
    auto answer = gateway_error(401, "401013", "Oauth token is not valid");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
}

/// What a failed login is answered as long as there are not too many.
response answer_to(login_failure why) {
    switch (why) {
    case login_failure::token_missing: return gateway_error(403, "403010", "Oauth token is missing.");
    case login_failure::token_invalid: return token_not_valid();
    case login_failure::key_missing: return gateway_error(403, "403000", "Api Key is required");
    case login_failure::key_invalid: break;
    }
    return gateway_error(403, "403003", "Api Key is invalid");
}

} // namespace

std::string_view bearer_token(const request& asked) {
    constexpr std::string_view scheme = "Bearer ";
    const auto value = asked.header("Authorization").value_or(std::string_view{});
    if (value.size() <= scheme.size() || !same_token(value.substr(0, scheme.size()), scheme)) return {};
    const auto first = value.find_first_not_of(' ', scheme.size());
    return first == std::string_view::npos ? std::string_view{} : value.substr(first);
}

bool is_tenant_name(std::string_view text) {
    return !text.empty() && text.size() <= tenant::longest && is_plain_text(text);
}

gateway gateway::insecure(failed_login_options failures) {
    return gateway(std::shared_ptr<const credential_book>(), wall_clock, std::move(failures));
}

gateway::gateway(credential_book book, std::function<timestamp()> now, failed_login_options failures)
    : gateway(std::make_shared<const credential_book>(std::move(book)), std::move(now), std::move(failures)) {
}

gateway::gateway(std::shared_ptr<const credential_book> book, std::function<timestamp()> now,
                 failed_login_options failures)
    : inside_(new state{{}, std::move(book), std::move(now), http::failed_logins(std::move(failures))}) {}

std::shared_ptr<const credential_book> gateway::book() const {
    const std::lock_guard lock(inside_->guard);
    return inside_->book;
}

void gateway::replace(credential_book book) {
    auto next = std::make_shared<const credential_book>(std::move(book));
    const std::lock_guard lock(inside_->guard);
    if (inside_->book) inside_->book.swap(next);
}

response gateway::failed(login_failure why, const request& asked, std::string_view request_id) const {
    const auto slowed = inside_->failures.count(why, asked.peer);
    if (!slowed) return answer_to(why);
    auto answer = try_again(problem(429, request_id, "too many logins from this address have failed"),
                            std::to_string(slowed->retry_after.count()));
    answer.held_back = slowed->delay;
    return answer;
}

std::variant<visitor, response> gateway::admit(const request& asked, role needed,
                                               std::string_view request_id) const {
    const auto token = bearer_token(asked);
    if (token.empty()) return failed(login_failure::token_missing, asked, request_id);
    const auto book = this->book();
    const auto* const credential = book ? book->find(token, inside_->now()) : nullptr;
    if (book && credential == nullptr) return failed(login_failure::token_invalid, asked, request_id);

    const auto key = asked.header("x-api-key").value_or(std::string_view{});
    if (key.empty()) return failed(login_failure::key_missing, asked, request_id);
    if (credential != nullptr && !credential->has_key(key))
        return failed(login_failure::key_invalid, asked, request_id);

    const auto org = asked.header(org_header).value_or(std::string_view{});
    if (org.empty()) return gateway_error(400, "400003", "Missing header: x-gw-ims-org-id");
    if (credential != nullptr && !credential->has_org(org)) return profile_not_valid();
    if (!is_tenant_name(org)) return bad_tenant_name(org_header, request_id);

    const auto sandbox = asked.header(sandbox_header).value_or("prod");
    if (credential != nullptr && !credential->has_sandbox(sandbox)) return profile_not_valid();
    if (!is_tenant_name(sandbox)) return bad_tenant_name(sandbox_header, request_id);

    if (credential != nullptr && !credential->allows(needed))
        return gateway_error(403, "403027", "Role is not sufficient");
    return visitor{{std::string(org), std::string(sandbox)},
                   credential != nullptr ? credential->name : std::string(anybody)};
}

} // namespace waybill::http
