// By what the host shows who it is: a certificate with its chain and the key to it. They can be replaced
// while connections are open, which keep what they began with. Any thread. What is wrong with the files is a
// `failure` that names the file; nothing of a key is ever told.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include <waybill/result.hpp>

namespace waybill::http {

/// PEM, both.
struct tls_files {
    std::filesystem::path certificate; ///< the host's own first, then those that vouch for it
    std::filesystem::path key;         ///< not encrypted
};

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 and 1.3 with forward secrecy only; no compression, no renegotiation, the host's choice of ciphers.
result<tls_context> load_tls(const tls_files& files);

class tls_identity {
  public:
    explicit tls_identity(tls_context first) : current_(std::move(first)) {}

    tls_context current() const {
        const std::lock_guard lock(guard_);
        return current_;
    }
    /// For connections from now on.
    void replace(tls_context next) {
        const std::lock_guard lock(guard_);
        current_.swap(next);
    }

    void count_failed_handshake() noexcept { ++failed_handshakes_; }
    std::uint64_t failed_handshakes() const noexcept { return failed_handshakes_; }

  private:
    mutable std::mutex guard_;
    tls_context current_;
    std::atomic<std::uint64_t> failed_handshakes_ = 0;
};

} // namespace waybill::http
