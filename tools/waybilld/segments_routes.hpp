// The handlers of the segment definitions' routes. They work on the executor of the connection; what is asked
// of the definitions is done on a thread of its own. What they throw is a disaster of the store.
#pragma once

#include <string>
#include <vector>

#include "application.hpp"

namespace waybill::http {

boost::asio::awaitable<response> list_segments(services& with, const call& made);
boost::asio::awaitable<response> create_segment(services& with, const call& made);
boost::asio::awaitable<response> get_segments(services& with, const call& made); ///< bulk-get
boost::asio::awaitable<response> show_segment(services& with, const call& made);
boost::asio::awaitable<response> change_segment(services& with, const call& made);
boost::asio::awaitable<response> remove_segment(services& with, const call& made);

/// The merge policy of a job that names none: that of its segments' definitions. `invalid` when they differ.
boost::asio::awaitable<result<done>> choose_policy(services& with, const tenant& owner,
                                                   new_export_job& request);

} // namespace waybill::http
