#include "job_listing.hpp"

#include <algorithm>

#include <boost/asio/use_awaitable.hpp>

namespace waybill::http {

boost::asio::awaitable<bool> job_listing::next(std::string& piece) {
    job_query query = asked_.query;
    query.limit = asked_.has_limit ? std::min(piece_length, asked_.query.limit - written_) : piece_length;
    query.after = after_;
    auto reading = jobs_.list(owner_, std::move(query), boost::asio::use_awaitable);
    const auto page = co_await std::move(reading);
    append_piece(piece, page.value()); // the query has been checked, so there is a page
    co_return !is_last(page.value());
}

bool job_listing::is_last(const job_page& page) const {
    return !page.more || (asked_.has_limit && written_ >= asked_.query.limit);
}

void job_listing::append_piece(std::string& piece, const job_page& page) {
    if (!begun_) append_page_head(piece);
    begun_ = true;
    for (const auto& job : page.jobs) {
        if (written_++ > 0) piece += ',';
        append_json(piece, job);
        after_ = position_of(job);
    }
    if (!is_last(page)) return;
    const auto page_offset = written_ == 0 ? std::string{} : to_text(*after_);
    append_page_tail(piece, written_, page_offset,
                     page.more ? next_page_link(asked_, page_offset) : std::string{});
}

} // namespace waybill::http
