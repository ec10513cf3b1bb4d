// A listing, written piece by piece, each of at most 500 jobs read by itself, so that memory does not grow
// with the number of jobs (contract 1.2). One connection's.
#pragma once

#include <cstddef>
#include <string>

#include <waybill/asio.hpp>
#include <waybill/json.hpp>

#include "message.hpp"

namespace waybill::http {

class job_listing final : public body_stream {
  public:
    static constexpr std::size_t piece_length = 500;

    job_listing(async_job_store& jobs, tenant owner, list_request asked)
        : jobs_(jobs), owner_(std::move(owner)), asked_(std::move(asked)), after_(asked_.query.after) {}

    boost::asio::awaitable<bool> next(std::string& piece) override;

  private:
    void append_piece(std::string& piece, const job_page& page);
    bool is_last(const job_page& page) const;

    async_job_store& jobs_;
    tenant owner_;
    list_request asked_;
    std::optional<cursor> after_;
    std::size_t written_ = 0;
    bool begun_ = false;
};

} // namespace waybill::http
