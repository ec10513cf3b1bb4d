// A blocking HTTP client and a host of a test's own, with a store, a profile store and datasets in a
// directory that goes with it. What goes wrong is thrown. What is asked and answered can be written down
// (exchange_record.hpp).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <nlohmann/json.hpp>

#include "host.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

using headers = std::vector<std::pair<std::string, std::string>>;

struct answer {
    unsigned status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
    bool chunked = false;

    nlohmann::json json() const { return nlohmann::json::parse(body); }
    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

/// One connection.
class client {
  public:
    using tls_context = boost::asio::ssl::context;

    explicit client(std::uint16_t port);
    /// Under TLS, trusting this certificate alone; `change` may do something to the context first.
    client(std::uint16_t port, const std::filesystem::path& trusted,
           const std::function<void(tls_context&)>& change = {});

    void send(const std::string& bytes);
    /// No more will be sent.
    void finish();
    /// Reads one answer; that to a `HEAD` has no body, whatever it says.
    answer read(bool to_head = false);
    /// Reads up to this text and a little further; what `read` has not taken comes first.
    std::string read_until(const std::string& text);
    /// Sends one request and reads its answer.
    answer ask(const std::string& method, const std::string& target, const headers& with = {},
               const std::string& body = {});
    /// What it asks is not the host's, so it is not written down.
    void speak_privately() { recorded_ = false; }
    /// Asks for a job's events, and reads nothing yet.
    void follow(const std::string& org, const std::string& job_path);
    /// Whether something of an answer is there, without waiting for it.
    bool is_answered() { return socket_->available() > 0; }
    /// Reads all that is left; whether it ends with the connection broken off rather than closed.
    bool is_reset();
    /// Whether the other end closes without sending anything more.
    bool is_closed();

    /// Whether the other end says that it ends, and does not only end; under TLS.
    bool is_told_farewell();
    /// Of a connection under TLS.
    SSL* tls() { return tls_->native_handle(); }

  private:
    using secured = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

    answer receive(bool to_head);
    std::size_t read_some(boost::asio::mutable_buffer into);

    std::unique_ptr<boost::asio::io_context> io_; // stays where it is when the client is moved
    std::unique_ptr<boost::asio::ip::tcp::socket> socket_;
    std::unique_ptr<secured> tls_; ///< nothing: plain
    boost::beast::flat_buffer buffer_;
    bool recorded_ = true;
};

/// Token, key and org that any host of these tests takes.
headers speaking_for(const std::string& org, headers more = {});

inline const std::string jobs_path = "/data/core/ups/export/jobs";

class running_host {
  public:
    using change = std::function<void(http::host_options&)>;

    explicit running_host(const change& options = {});

    client connect() const { return client(host_->port()); }
    /// One request on a connection of its own, as org `acme`.
    answer ask(const std::string& method, const std::string& target, const headers& more = {},
               const std::string& body = {}) const;
    /// Creates a job and returns its document.
    nlohmann::json create(const std::string& body, const std::string& org = "acme") const;
    /// Asks for the job until it has this status, or one that is final.
    nlohmann::json wait_for(std::int64_t id, const std::string& status) const;

    /// Imports records for org `acme`, sandbox `prod`, dataset `crm`.
    void import_profiles(const std::string& records) const;

    void stop() { host_->stop(); }
    void restart();
    void reload() const { host_->reload(); }

    std::uint16_t port() const { return host_->port(); }
    http::host_options& options() { return options_; }
    const std::filesystem::path& directory() const { return directory_.path(); }
    std::string log() const;

  private:
    temp_directory directory_;
    mutable std::mutex guard_;
    std::string lines_;
    http::request_log log_;
    http::host_options options_;
    std::unique_ptr<http::host> host_;
};

} // namespace waybill::test
