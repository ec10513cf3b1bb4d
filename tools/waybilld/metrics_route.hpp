// The handler of `/metrics`. Works on the executor of the connection; the store is read on the reader's own.
// What it throws is a disaster of the store.
#pragma once

#include "application.hpp"

namespace waybill::http {

boost::asio::awaitable<response> show_metrics(services& with, const call& made);

} // namespace waybill::http
