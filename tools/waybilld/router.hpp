// The routes as rows of one table: method, path pattern, role, handler. Looked at from any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <waybill/tenant.hpp>

#include "credentials.hpp"
#include "message.hpp"
#include "other_end.hpp"

namespace waybill::http {

struct services;

/// A request that has passed the gateway, with what was found out about it. Lives until the handler is done.
struct call {
    const request& asked;
    std::string_view request_id;
    tenant owner;                       ///< empty for routes without a role
    std::vector<std::string> arguments; ///< what stood at the `{…}` of the pattern
    std::string actor;                  ///< who asks: the name of the credential
    other_end& client;
};

using handler = boost::asio::awaitable<response> (*)(services&, const call&);

struct route {
    std::string_view method;
    std::string_view pattern;   ///< `{…}` stands for one segment
    std::optional<role> needed; ///< nothing: no tenant, no authentication
    handler handle;
};

/// Every route there is.
std::span<const route> routes();

/// What a path and a method come to.
struct match {
    const route* found = nullptr; ///< also for `HEAD`, which is answered as `GET`
    std::string_view pattern;     ///< of the path, whatever the method; empty when there is no such path
    std::vector<std::string> arguments;
    std::string allowed; ///< for `Allow`; empty when there is such a route, or no such path
};

/// One slash at the end of a path makes no difference; segments are percent-decoded. Of patterns that a path
/// fits, the first in the table counts.
match find_route(std::span<const route> table, std::string_view method, std::string_view path);

} // namespace waybill::http
