#include "host_client.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "command_failure.hpp"

namespace waybill::tool {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds patience{30};
constexpr std::uint64_t longest_answer = std::uint64_t{1} << 30;

// Asio's synchronous calls know no time limit; so each step is started and the context run until it is done.
class timed_stream {
  public:
    timed_stream() : stream_(context_) {}

    template <class Start>
    void run(Start start) {
        beast::error_code outcome;
        stream_.expires_after(patience);
        start(stream_, [&outcome](beast::error_code ended, auto&&...) { outcome = ended; });
        context_.restart();
        context_.run();
        if (outcome) throw beast::system_error(outcome);
    }

    net::io_context& context() { return context_; }

  private:
    net::io_context context_;
    beast::tcp_stream stream_;
};

std::string_view bracketless(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
    return host;
}

host_answer answer_of(const host_address& where, http::request<http::empty_body>& request) {
    timed_stream stream;
    net::ip::tcp::resolver resolver(stream.context());
    const auto places = resolver.resolve(bracketless(where.host), where.port);
    stream.run([&](auto& tcp, auto done) { tcp.async_connect(places, std::move(done)); });
    stream.run([&](auto& tcp, auto done) { http::async_write(tcp, request, std::move(done)); });
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> answer;
    answer.body_limit(longest_answer);
    stream.run([&](auto& tcp, auto done) { http::async_read(tcp, buffer, answer, std::move(done)); });
    return {answer.get().result_int(), std::move(answer.get().body())};
}

http::request<http::empty_body> request_to(const host_address& where, std::string_view method,
                                           std::string_view path) {
    http::request<http::empty_body> request;
    request.method_string(method);
    request.version(11);
    request.target(where.prefix + std::string(path));
    request.keep_alive(false);
    request.set(http::field::host, where.host + ":" + where.port);
    request.set(http::field::user_agent, "waybill/" WAYBILL_VERSION);
    return request;
}

host_answer ask_host(const host_address& where, http::request<http::empty_body>& request) {
    try {
        return answer_of(where, request);
    } catch (const boost::system::system_error& problem) {
        throw command_failure(exit_failed, "the host at http://" + where.host + ":" + where.port +
                                               " cannot be asked: " + problem.code().message());
    }
}

} // namespace

host_address parse_host_address(const std::string& url) {
    constexpr std::string_view scheme = "http://";
    const auto refuse = [&url] {
        return command_failure(exit_wrong_usage, "--url " + url + ": expected http://HOST[:PORT][/PREFIX]");
    };
    if (!url.starts_with(scheme)) throw refuse();
    const auto rest = std::string_view(url).substr(scheme.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto prefix = rest.substr(slash);
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);

    std::string_view port = "80";
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    const auto visible = [](char c) { return c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#'; };
    const auto digits = port.find_first_not_of("0123456789") == std::string_view::npos && !port.empty();
    if (authority.empty() || !digits || !std::all_of(rest.begin(), rest.end(), visible)) throw refuse();
    return {std::string(authority), std::string(port), std::string(prefix)};
}

host_client::host_client(host_address where, host_credentials credentials, tenant owner)
    : where_(std::move(where)), credentials_(std::move(credentials)), owner_(std::move(owner)) {}

host_answer ask_openly(const host_address& where, std::string_view path) {
    auto request = request_to(where, "GET", path);
    return ask_host(where, request);
}

host_answer host_client::ask(std::string_view method, std::string_view target) {
    auto request = request_to(where_, method, "/data/core/ups" + std::string(target));
    request.set(http::field::authorization, "Bearer " + credentials_.token);
    request.set("x-api-key", credentials_.api_key);
    request.set("x-gw-ims-org-id", owner_.org);
    request.set("x-sandbox-name", owner_.sandbox);
    return ask_host(where_, request);
}

} // namespace waybill::tool
