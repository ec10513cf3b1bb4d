#include "profile/parse_queue.hpp"

#include <system_error>

namespace waybill::profile {
namespace {

// The memory of one that is larger is not kept for the next in its place: there are thousands of places.
constexpr std::size_t large_record = std::size_t{16} << 10U;

} // namespace

void record_batch::clear() {
    for (std::size_t i = 0; i < size_; ++i)
        if (entries_[i].size > large_record) entries_[i].parsed = {};
    if (texts_.size() > 2 * most_bytes) texts_ = {};
    texts_.clear();
    size_ = 0;
}

void record_batch::add(const record_reader::record& record) {
    if (size_ == entries_.size()) entries_.emplace_back();
    auto& one = entries_[size_];
    one.line = record.line;
    one.problem = record.problem;
    one.begin = texts_.size();
    one.size = record.text.size();
    texts_.append(record.text);
    ++size_;
}

void record_batch::parse(record_parser& parser) {
    for (std::size_t i = 0; i < size_; ++i) {
        auto& one = entries_[i];
        if (!one.problem) parser.parse(text(one), one.parsed);
    }
}

parse_queue::parse_queue(const import_options& options, record_kind what) {
    for (unsigned i = 0; i <= options.threads; ++i)
        parsers_.push_back(std::make_unique<record_parser>(options, what));
    threads_.reserve(options.threads);
    try {
        for (unsigned i = 1; i <= options.threads; ++i)
            threads_.emplace_back([this, &parser = *parsers_[i]] { help(parser); });
    } catch (const std::system_error&) {
        // Fewer, or none, do as well.
    } catch (const std::bad_alloc&) {
    }
}

parse_queue::~parse_queue() {
    {
        const locked lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& one : threads_)
        one.join();
}

record_batch& parse_queue::next_batch() {
    auto& batch = at(count_).batch;
    batch.clear();
    return batch;
}

void parse_queue::push() {
    {
        const locked lock(mutex_);
        auto& fresh = at(count_);
        fresh.at = state::cut;
        fresh.failed = nullptr;
        bytes_ += fresh.batch.bytes();
        ++count_;
    }
    changed_.notify_all();
}

bool parse_queue::ready() {
    const locked lock(mutex_);
    return count_ != 0 && at(0).at == state::parsed;
}

const record_batch& parse_queue::front() {
    locked lock(mutex_);
    auto& oldest = at(0);
    while (oldest.at != state::parsed) {
        if (auto* const cut = next_cut())
            parse(*cut, *parsers_.front(), lock);
        else
            changed_.wait(lock);
    }
    if (oldest.failed) std::rethrow_exception(oldest.failed);
    return oldest.batch;
}

void parse_queue::pop() {
    const locked lock(mutex_);
    bytes_ -= at(0).batch.bytes();
    first_ = (first_ + 1) % most_batches;
    --count_;
}

parse_queue::place* parse_queue::next_cut() {
    for (std::size_t i = 0; i < count_; ++i)
        if (at(i).at == state::cut) return &at(i);
    return nullptr;
}

/// Lets the others go on meanwhile.
void parse_queue::parse(place& what, record_parser& parser, locked& lock) {
    what.at = state::taken;
    lock.unlock();
    std::exception_ptr failed;
    try {
        what.batch.parse(parser);
    } catch (...) {
        failed = std::current_exception();
    }
    lock.lock();
    what.failed = failed;
    what.at = state::parsed;
    changed_.notify_all();
}

void parse_queue::help(record_parser& parser) {
    locked lock(mutex_);
    while (!stopping_) {
        if (auto* const cut = next_cut())
            parse(*cut, parser, lock);
        else
            changed_.wait(lock);
    }
}

} // namespace waybill::profile
