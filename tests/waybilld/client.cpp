#include "client.hpp"

#include <array>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <waybill/profile_store.hpp>

#include "exchange_record.hpp"

namespace waybill::test {

namespace net = boost::asio;
namespace beast_http = boost::beast::http;

client::client(std::uint16_t port)
    : io_(std::make_unique<net::io_context>()), socket_(std::make_unique<net::ip::tcp::socket>(*io_)) {
    socket_->connect({net::ip::address_v4::loopback(), port});
    const timeval longest{20, 0}; // a test that hangs is a test that fails
    ::setsockopt(socket_->native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
}

client::client(std::uint16_t port, const std::filesystem::path& trusted,
               const std::function<void(tls_context&)>& change)
    : client(port) {
    tls_context context(tls_context::tls_client);
    context.set_verify_mode(net::ssl::verify_peer);
    context.load_verify_file(trusted);
    if (change) change(context);
    tls_ = std::make_unique<secured>(*socket_, context);
    tls_->set_verify_callback(net::ssl::host_name_verification("127.0.0.1"));
    tls_->handshake(net::ssl::stream_base::client);
}

void client::send(const std::string& bytes) {
    if (tls_)
        net::write(*tls_, net::buffer(bytes));
    else
        net::write(*socket_, net::buffer(bytes));
}

void client::finish() { socket_->shutdown(net::ip::tcp::socket::shutdown_send); }

answer client::read(bool to_head) {
    auto seen = receive(to_head);
    if (recorded_) record_exchange(nullptr, seen);
    return seen;
}

answer client::receive(bool to_head) {
    beast_http::response_parser<beast_http::string_body> parser;
    parser.body_limit(boost::none);
    parser.skip(to_head);
    if (tls_)
        beast_http::read(*tls_, buffer_, parser);
    else
        beast_http::read(*socket_, buffer_, parser);
    answer seen;
    seen.status = parser.get().result_int();
    seen.chunked = parser.chunked();
    seen.body = parser.get().body();
    for (const auto& field : parser.get()) {
        std::string name(field.name_string());
        for (char& c : name)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        seen.headers.emplace(std::move(name), std::string(field.value()));
    }
    return seen;
}

std::size_t client::read_some(net::mutable_buffer into) {
    return tls_ ? tls_->read_some(into) : socket_->read_some(into);
}

std::string client::read_until(const std::string& text) {
    std::string seen;
    for (;;) {
        seen += boost::beast::buffers_to_string(buffer_.data());
        buffer_.clear();
        if (seen.find(text) != std::string::npos) return seen;
        buffer_.commit(read_some(buffer_.prepare(4'096)));
    }
}

answer client::ask(const std::string& method, const std::string& target, const headers& with,
                   const std::string& body) {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: here\r\n";
    for (const auto& [name, value] : with)
        text += name + ": " + value + "\r\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text + "\r\n" + body);
    auto seen = receive(method == "HEAD");
    const question asked{method, target, with, body};
    if (recorded_) record_exchange(&asked, seen);
    return seen;
}

void client::follow(const std::string& org, const std::string& job_path) {
    std::string text = "GET " + job_path + "/events HTTP/1.1\r\nHost: here\r\n";
    for (const auto& [name, value] : speaking_for(org))
        text += name + ": " + value + "\r\n";
    send(text + "\r\n");
}

bool client::is_reset() {
    std::array<char, 65'536> some;
    boost::system::error_code problem;
    while (!problem)
        socket_->read_some(net::buffer(some), problem);
    return problem == net::error::connection_reset;
}

bool client::is_closed() {
    char byte = 0;
    try {
        read_some(net::buffer(&byte, 1));
        return false;
    } catch (const boost::system::system_error& ended) {
        return ended.code() == net::error::eof || ended.code() == net::error::connection_reset ||
               ended.code() == net::ssl::error::stream_truncated;
    }
}

bool client::is_told_farewell() {
    char byte = 0;
    boost::system::error_code ended;
    tls_->read_some(net::buffer(&byte, 1), ended);
    return ended == net::error::eof;
}

headers speaking_for(const std::string& org, headers more) {
    more.insert(
        more.begin(),
        {{"Authorization", "Bearer t0ken-of-a-test"}, {"x-api-key", "k3y"}, {"x-gw-ims-org-id", org}});
    return more;
}

running_host::running_host(const change& options)
    : log_([this](std::string_view line) {
          const std::lock_guard lock(guard_);
          lines_ += line;
      }) {
    options_.store = directory_ / "jobs.db";
    options_.profiles = directory_ / "profiles.db";
    options_.datasets = directory_ / "datasets";
    options_.port = 0;
    options_.insecure_dev = true;
    if (options) options(options_);
    restart();
}

void running_host::restart() {
    host_.reset();
    auto started = http::host::start(options_, log_);
    if (!started) throw std::runtime_error(started.error().message);
    host_ = std::move(*started);
}

answer running_host::ask(const std::string& method, const std::string& target, const headers& more,
                         const std::string& body) const {
    return connect().ask(method, target, speaking_for("acme", more), body);
}

nlohmann::json running_host::create(const std::string& body, const std::string& org) const {
    const auto made =
        connect().ask("POST", jobs_path, speaking_for(org, {{"Content-Type", "application/json"}}), body);
    if (made.status != 200) throw std::runtime_error("create was answered " + made.body);
    return made.json();
}

nlohmann::json running_host::wait_for(std::int64_t id, const std::string& status) const {
    auto connection = connect();
    const auto target = jobs_path + "/" + std::to_string(id);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
        auto job = connection.ask("GET", target, speaking_for("acme")).json();
        const std::string now = job.at("status");
        if (now == status || now == "SUCCEEDED" || now == "FAILED" || now == "CANCELLED") return job;
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the job stays " + now);
    }
}

void running_host::import_profiles(const std::string& records) const {
    auto profiles = profile_store::open(options_.profiles);
    std::istringstream input(records);
    import_options how;
    how.owner = {"acme", "prod"};
    how.dataset_id = "crm";
    const auto summary = profiles.value().import_profiles(input, how);
    if (summary.value().rejected != 0) throw std::runtime_error("records were rejected");
}

std::string running_host::log() const {
    const std::lock_guard lock(guard_);
    return lines_;
}

} // namespace waybill::test
