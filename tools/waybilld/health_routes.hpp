// The handlers of `/healthz` and `/readyz`, for whoever restarts a host or sends it requests. Work on the
// executor of the connection. They say what is wrong in a few words, and nothing of the inside.
#pragma once

#include "application.hpp"

namespace waybill::http {

/// 503 when a thread of the host stands still: only a restart helps.
boost::asio::awaitable<response> say_alive(services& with, const call& made);
/// 503 when the host stops, stands still, or cannot write its store.
boost::asio::awaitable<response> say_ready(services& with, const call& made);

} // namespace waybill::http
