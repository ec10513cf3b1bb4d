// Boost.Asio around the store: the headers of `waybill::asio`.
#pragma once

#include <waybill/async_job_owner.hpp>
#include <waybill/async_job_store.hpp>
#include <waybill/job_changes.hpp>
#include <waybill/lifecycle_timer.hpp>
#include <waybill/transition_feed.hpp>
