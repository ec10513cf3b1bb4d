// The handlers of the export jobs' routes (contract 1). They work on the executor of the connection; the
// store's work is done on the store's own. What they throw is a disaster of the store.
#pragma once

#include "application.hpp"

namespace waybill::http {

boost::asio::awaitable<response> list_jobs(services& with, const call& made);
boost::asio::awaitable<response> create_job(services& with, const call& asked);
boost::asio::awaitable<response> retry_job(services& with, const call& asked);
boost::asio::awaitable<response> show_job(services& with, const call& made);
boost::asio::awaitable<response> cancel_job(services& with, const call& made);

response no_such_job(std::string_view request_id);
/// A foreign job, a missing one and an id that is no number look all the same.
response refused(const failure& why, std::string_view request_id);

/// The job with its entity tag.
response shown(const export_job& job);

/// The id in a path; nothing when it is no positive plain decimal.
std::optional<job_id> parse_job_id(std::string_view text);

/// What a create asks for: the body, and what its headers add.
result<new_export_job> read_create(const call& made, const json_limits& limits);

/// A strong entity tag over the text, with its quotes.
std::string entity_tag(std::string_view body);

} // namespace waybill::http
