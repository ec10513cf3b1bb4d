// `Prefer: wait=N` on a job (contract 1): the answer comes when there is news. Works on the executor of the
// connection; nothing of the job is kept while it waits. What it throws is a disaster of the store.
#pragma once

#include <chrono>

#include "application.hpp"

namespace waybill::http {

/// As long as a client may wait; who wants to wait longer waits this long.
inline constexpr std::chrono::seconds longest_wait{60};

/// Shows the job as `GET` does, with `Preference-Applied: wait`: as soon as its entity tag is none that
/// `If-None-Match` names, or without that header as soon as it is final; as it is when the time is over, when
/// the host stops, and when the client goes away.
boost::asio::awaitable<response> show_job_when_due(services& with, const call& made, job_id id,
                                                   std::chrono::milliseconds patience);

} // namespace waybill::http
