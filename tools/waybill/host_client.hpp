// A small HTTP client for a running waybilld: one request, one answer, a time limit; under TLS only with a
// host whose certificate is trusted. One thread; throws `command_failure` when the host cannot be reached.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <waybill/tenant.hpp>

#include "named_host.hpp"

namespace waybill::tool {

struct host_address {
    std::string host;
    std::string port;
    std::string prefix; ///< path before `/data/core/ups`; without a slash at its end
    bool secured = false;
    std::filesystem::path ca_file{};
};

/// Reads `http://HOST[:PORT][/PREFIX]`, or `https:`; wrong usage otherwise.
host_address parse_host_address(const named_host& named);

struct host_credentials {
    std::string token;
    std::string api_key;
};

struct host_answer {
    unsigned status = 0;
    std::string body;
};

/// Gets what a host tells everybody, without credentials: `/metrics` and the like.
host_answer ask_openly(const host_address& where, std::string_view path);

class host_client {
  public:
    host_client(host_address where, host_credentials credentials, tenant owner);

    /// `target` begins below `/data/core/ups`.
    host_answer get(std::string_view target) { return ask("GET", target); }
    host_answer post(std::string_view target) { return ask("POST", target); }
    host_answer remove(std::string_view target) { return ask("DELETE", target); }

  private:
    host_answer ask(std::string_view method, std::string_view target);

    host_address where_;
    host_credentials credentials_;
    tenant owner_;
};

} // namespace waybill::tool
