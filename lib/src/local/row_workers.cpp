#include "local/row_workers.hpp"

#include <algorithm>
#include <utility>

namespace waybill::local {
namespace {

/// Bytes of pieces that may wait for the disk.
constexpr std::size_t room = std::size_t{8} << 20U;
/// A worker hands over what it has when it is so much, or its stretch is at its end.
constexpr std::size_t enough = std::size_t{512} << 10U;

/// The piece of this batch; few are open at a time, the last one used most often.
batch_piece& piece_of(std::vector<batch_piece>& open, std::size_t batch) {
    const auto found =
        std::find_if(open.begin(), open.end(), [&](const batch_piece& one) { return one.batch == batch; });
    if (found != open.end()) return *found;
    return open.emplace_back(batch_piece{batch, {}, false, {}});
}

/// Doubles, or what is needed: a large row must not be doubled for the line feed behind it.
void make_room(std::string& rows, std::size_t more) {
    const auto needed = rows.size() + more;
    if (needed > rows.capacity()) rows.reserve(std::max(needed, 2 * rows.capacity()));
}

} // namespace

row_workers::row_workers(profile_scan& scan, std::size_t most, const export_job& job,
                         std::vector<std::size_t> batch_of_segment, const std::atomic<bool>& stop)
    : scan_(scan), job_(job), batch_of_segment_(std::move(batch_of_segment)), stop_(stop), pieces_(room) {
    while (readers_.size() < std::max<std::size_t>(most, 1)) {
        auto reader = scan_.reader();
        if (!reader) break;
        readers_.push_back(std::move(reader));
    }
    if (readers_.empty()) pieces_.finish();
    try {
        for (auto& reader : readers_)
            threads_.emplace_back([this, &one = *reader] { work(one); });
    } catch (...) {
        pieces_.close(); // those that run would wait for ever
        throw;
    }
}

row_workers::~row_workers() { pieces_.close(); }

/// Stretches begin in the order in which their candidates come.
row_workers::stretch row_workers::next() {
    const std::lock_guard hold(guard_);
    stretch some{begun_, stop_ ? std::vector<std::int64_t>{} : scan_.next()};
    if (some.candidates.empty()) {
        pieces_.finish();
    } else {
        pieces_.begin(some.number);
        ++begun_;
    }
    return some;
}

void row_workers::work(profile_reader& reader) {
    try {
        dataset::block_encoder encoder(job_);
        std::vector<batch_piece> open;
        std::size_t bytes = 0;
        std::int64_t looked_at = 0;
        for (auto some = next(); !some.candidates.empty(); some = next()) {
            for (const auto candidate : some.candidates) {
                if (stop_) return pieces_.close();
                if (const auto row = reader.read(candidate)) bytes += append(open, *row, encoder);
                bytes += append_changes(open, reader.membership_changes());
                ++looked_at;
                if (bytes < enough) continue;
                if (!hand_over(some.number, open, looked_at, encoder)) return;
                bytes = 0;
            }
            if (!hand_over(some.number, open, looked_at, encoder)) return;
            bytes = 0;
            pieces_.end(some.number);
        }
    } catch (...) {
        pieces_.fail(std::current_exception());
    }
}

/// Answers how many bytes it was.
std::size_t row_workers::append(std::vector<batch_piece>& open, const exported_row& row,
                                dataset::block_encoder& encoder) const {
    const auto add = [&](std::size_t batch) {
        auto& piece = piece_of(open, batch);
        make_room(piece.bytes, row.json.size() + 1);
        encoder.append_line(piece.bytes, row.json);
        ++piece.account.rows;
        piece.account.unlinked += row.too_many_identities ? 1 : 0;
        piece.account.counts.add(row.namespaces);
    };
    if (batch_of_segment_.empty()) {
        add(0);
        return row.json.size();
    }
    for (const auto segment : row.segments)
        add(batch_of_segment_.at(segment));
    return row.json.size() * row.segments.size();
}

std::size_t row_workers::append_changes(std::vector<batch_piece>& open, std::string_view lines) {
    if (!lines.empty()) piece_of(open, batch_piece::memberships).bytes += lines;
    return lines.size();
}

/// The last piece accounts for the candidates; they have one also when none of them was selected.
bool row_workers::hand_over(std::size_t number, std::vector<batch_piece>& open, std::int64_t& candidates,
                            dataset::block_encoder& encoder) {
    if (candidates == 0) return true;
    if (open.empty()) open.emplace_back();
    open.back().candidates = std::exchange(candidates, 0);
    for (auto& piece : open) {
        piece.encoded =
            piece.batch != batch_piece::memberships && piece.bytes.size() >= dataset::smallest_block;
        if (piece.encoded && job_.output.compression != dataset_compression::none)
            piece.bytes = encoder.encode(piece.bytes);
        const auto bytes = piece.bytes.capacity(); // up to twice its rows
        if (!pieces_.put(number, std::move(piece), bytes)) return false;
    }
    open.clear();
    return true;
}

} // namespace waybill::local
