#include "host_client.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "command_failure.hpp"

namespace waybill::tool {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = net::ssl;

constexpr std::chrono::seconds patience{30};
constexpr std::uint64_t longest_answer = std::uint64_t{1} << 30;

// Asio's synchronous calls know no time limit; so each step is started and the context run until it is done.
class timed_context {
  public:
    template <class Start>
    void run(beast::tcp_stream& tcp, Start start) {
        beast::error_code outcome;
        tcp.expires_after(patience);
        start([&outcome](beast::error_code ended, auto&&...) { outcome = ended; });
        context_.restart();
        context_.run();
        if (outcome) throw beast::system_error(outcome);
    }

    net::io_context& io() { return context_; }

  private:
    net::io_context context_;
};

std::string_view bracketless(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
    return host;
}

std::string url_of(const host_address& where) {
    return (where.secured ? "https://" : "http://") + where.host + ":" + where.port;
}

using empty_request = http::request<http::empty_body>;

/// `stream` is `tcp` itself, or TLS over it.
template <class Stream>
host_answer exchange(timed_context& timed, beast::tcp_stream& tcp, Stream& stream, empty_request& request) {
    timed.run(tcp, [&](auto done) { http::async_write(stream, request, std::move(done)); });
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> answer;
    answer.body_limit(longest_answer);
    timed.run(tcp, [&](auto done) { http::async_read(stream, buffer, answer, std::move(done)); });
    return {answer.get().result_int(), std::move(answer.get().body())};
}

ssl::context trust_of(const host_address& where) {
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(ssl::verify_peer);
    if (where.ca_file.empty()) {
        context.set_default_verify_paths();
        return context;
    }
    beast::error_code problem;
    context.load_verify_file(where.ca_file.string(), problem);
    if (problem)
        throw command_failure(exit_failed, "the certificates of --ca-file " + where.ca_file.string() +
                                               " cannot be read: " + problem.message());
    return context;
}

using tls_stream = beast::ssl_stream<beast::tcp_stream>;

/// Whom the certificate must be of.
void expect_name(SSL* tls, const std::string& name) {
    beast::error_code no_address;
    net::ip::make_address(name, no_address);
    auto* const expected = SSL_get0_param(tls);
    const bool set = no_address ? X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size()) == 1 &&
                                      SSL_set_tlsext_host_name(tls, name.c_str()) == 1
                                : X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str()) == 1;
    if (!set) throw command_failure(exit_failed, "no certificate can be of the name " + name);
}

void shake_hands(timed_context& timed, tls_stream& stream, const host_address& where) {
    expect_name(stream.native_handle(), std::string(bracketless(where.host)));
    try {
        timed.run(stream.next_layer(),
                  [&](auto done) { stream.async_handshake(ssl::stream_base::client, std::move(done)); });
    } catch (const beast::system_error&) {
        const auto verdict = SSL_get_verify_result(stream.native_handle());
        if (verdict == X509_V_OK) throw;
        throw command_failure(exit_failed, "the certificate of " + url_of(where) +
                                               " is not trusted: " + X509_verify_cert_error_string(verdict) +
                                               "; --ca-file names the certificates to trust");
    }
}

host_answer answer_of(const host_address& where, empty_request& request) {
    timed_context timed;
    net::ip::tcp::resolver resolver(timed.io());
    const auto places = resolver.resolve(bracketless(where.host), where.port);
    beast::tcp_stream tcp(timed.io());
    timed.run(tcp, [&](auto done) { tcp.async_connect(places, std::move(done)); });
    if (!where.secured) return exchange(timed, tcp, tcp, request);
    auto trust = trust_of(where);
    tls_stream stream(std::move(tcp), trust);
    shake_hands(timed, stream, where);
    return exchange(timed, stream.next_layer(), stream, request);
}

empty_request request_to(const host_address& where, std::string_view method, std::string_view path) {
    empty_request request;
    request.method_string(method);
    request.version(11);
    request.target(where.prefix + std::string(path));
    request.keep_alive(false);
    request.set(http::field::host, where.host + ":" + where.port);
    request.set(http::field::user_agent, "waybill/" WAYBILL_VERSION);
    return request;
}

host_answer ask_host(const host_address& where, empty_request& request) {
    try {
        return answer_of(where, request);
    } catch (const boost::system::system_error& problem) {
        throw command_failure(exit_failed, "the host at " + url_of(where) +
                                               " cannot be asked: " + problem.code().message());
    }
}

} // namespace

host_address parse_host_address(const named_host& named) {
    const auto& url = named.url;
    const auto refuse = [&url] {
        return command_failure(exit_wrong_usage,
                               "--url " + url + ": expected http://HOST[:PORT][/PREFIX], or https://…");
    };
    const bool secured = url.starts_with("https://");
    if (!secured && !url.starts_with("http://")) throw refuse();
    if (!secured && !named.ca_file.empty())
        throw command_failure(exit_wrong_usage, "--ca-file is for a --url that begins with https://");
    const auto rest = std::string_view(url).substr(url.find("//") + 2);
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto prefix = rest.substr(slash);
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);

    std::string_view port = secured ? "443" : "80";
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    const auto visible = [](char c) { return c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#'; };
    const auto digits = port.find_first_not_of("0123456789") == std::string_view::npos && !port.empty();
    if (authority.empty() || !digits || !std::all_of(rest.begin(), rest.end(), visible)) throw refuse();
    return {std::string(authority), std::string(port), std::string(prefix), secured, named.ca_file};
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
