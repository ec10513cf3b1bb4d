// A small HTTP client for a running waybilld: one request, one answer, a time limit. Plain HTTP only, since
// the host speaks nothing else. One thread; throws `command_failure` when the host cannot be reached.
#pragma once

#include <string>
#include <string_view>

#include <waybill/tenant.hpp>

namespace waybill::tool {

struct host_address {
    std::string host;
    std::string port;
    std::string prefix; ///< path before `/data/core/ups`; without a slash at its end
};

/// Reads `http://HOST[:PORT][/PREFIX]`; wrong usage otherwise.
host_address parse_host_address(const std::string& url);

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
