// Boost.Asio around the store: both headers of `waybill::asio`.
#pragma once

#include <waybill/async_job_store.hpp>
#include <waybill/lifecycle_timer.hpp>
