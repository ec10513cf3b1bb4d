#include "profile/profile_import.hpp"

#include "profile/event_table.hpp"
#include "profile/fragment_table.hpp"
#include "profile/membership_table.hpp"
#include "profile/profile_schema.hpp"
#include "profile/profile_table.hpp"

namespace waybill::profile {
namespace {

// A transaction is large: the indexes by identity are written to all over, and the more it takes, the fewer
// times each of their pages is written.
constexpr std::size_t most_bytes = std::size_t{64} << 20U;

/// More memory for the connection's pages, as long as an import runs.
class import_cache {
  public:
    import_cache(sql::connection& on, std::size_t bytes) : on_(on) { on_.cache_size(bytes); }
    import_cache(const import_cache&) = delete;
    import_cache& operator=(const import_cache&) = delete;
    ~import_cache() {
        try {
            on_.cache_size(sql::connection::usual_cache_size);
        } catch (const std::exception&) {
            // It keeps what it has, until it ends.
        }
    }

  private:
    sql::connection& on_;
};

} // namespace

profile_import::profile_import(sql::connection& on, const import_options& options, record_kind what)
    : on_(on), options_(options), kind_(what) {}

result<import_summary> profile_import::run(std::istream& input) {
    const import_cache more_memory(on_, options_.cache_bytes);
    record_reader reader(input);
    parse_queue queue(options_, kind_);
    for (bool more = true; more || !queue.empty();) {
        if (more && queue.has_room()) {
            more = read_batch(reader, queue);
            if (!queue.ready()) continue;
        }
        const auto& batch = queue.front();
        write(batch);
        tell(batch.bytes_read);
        queue.pop();
    }
    commit();
    tell(reader.bytes());
    if (unreadable_) std::rethrow_exception(unreadable_);
    if (reader.broken()) return failure{errc::invalid, *reader.broken(), {}};
    return summary_;
}

/// False at the end of the input.
bool profile_import::read_batch(record_reader& from, parse_queue& into) {
    auto& batch = into.next_batch();
    bool more = true;
    try {
        while (more && !batch.full()) {
            const auto record = from.next();
            more = record.has_value();
            if (more) batch.add(*record);
        }
    } catch (const store_failure&) {
        unreadable_ = std::current_exception();
        more = false;
    }
    batch.bytes_read = from.bytes();
    if (!batch.empty()) into.push();
    return more;
}

void profile_import::write(const record_batch& batch) {
    for (const auto& one : batch) {
        ++summary_.read;
        if (one.problem)
            refuse(one.line, one.problem, batch.text(one));
        else if (one.parsed.refused)
            refuse(one.line, *one.parsed.refused, batch.text(one));
        else
            count(keep(one.parsed));
        ++records_in_transaction_;
        bytes_in_transaction_ += one.size;
        if (records_in_transaction_ >= options_.commit_every || bytes_in_transaction_ >= most_bytes) commit();
    }
}

void profile_import::tell(std::int64_t bytes) const {
    if (options_.on_progress) options_.on_progress({bytes, summary_.read});
}

void profile_import::begin() {
    if (open_) return;
    open_.emplace(on_);
    if (!names_) names_.emplace(on_, options_.owner, options_.dataset_id);
}

void profile_import::commit() {
    if (open_) {
        count_change(on_);
        open_->commit();
    }
    open_.reset();
    records_in_transaction_ = 0;
    bytes_in_transaction_ = 0;
}

void profile_import::refuse(std::int64_t line, std::string reason, std::string_view text) {
    ++summary_.rejected;
    if (options_.on_reject) options_.on_reject({line, std::move(reason), text});
}

profile_import::outcome profile_import::keep(const parsed_record& one) {
    begin();
    return kind_ == record_kind::events ? keep_event(one) : keep_fragment(one);
}

std::int64_t profile_import::namespace_id(const parsed_identity& one) {
    return names_->namespace_id(one.folded, one.shown);
}

profile_import::outcome profile_import::keep_fragment(const parsed_record& one) {
    const auto& primary = one.identities.front();
    const auto profile = profile_of(on_, names_->tenant_id(), namespace_id(primary), primary.id);
    const new_fragment fresh{profile.id, names_->dataset_id(), options_.ingest_time, one.identity_map,
                             one.record};
    const auto kept =
        profile.is_new ? kept_fragment{add_fragment(on_, fresh), false} : profile::keep_fragment(on_, fresh);
    if (!kept.id) return outcome::unchanged;
    for (std::size_t i = 1; i < one.identities.size(); ++i)
        add_fragment_identity(on_, *kept.id, namespace_id(one.identities[i]), one.identities[i].id);
    for (const auto& [ns, segment, status] : one.memberships)
        add_membership(on_, {names_->segment_id(ns, segment), profile.id, *kept.id, status});
    return kept.replaced ? outcome::replaced : outcome::added;
}

profile_import::outcome profile_import::keep_event(const parsed_record& one) {
    if (has_event(on_, names_->dataset_id(), one.event_id)) return outcome::unchanged;
    const auto& primary = one.identities.front();
    const auto profile = profile_of(on_, names_->tenant_id(), namespace_id(primary), primary.id);
    const auto row = add_event(on_, {names_->dataset_id(), one.event_id, profile.id, primary.shown,
                                     one.occurred_at, options_.ingest_time, one.record});
    for (std::size_t i = 1; i < one.identities.size(); ++i)
        add_event_identity(on_, row, namespace_id(one.identities[i]), one.identities[i].id);
    return outcome::added;
}

void profile_import::count(outcome what) {
    switch (what) {
    case outcome::added: ++summary_.added; break;
    case outcome::replaced: ++summary_.replaced; break;
    case outcome::unchanged: ++summary_.unchanged; break;
    }
}

} // namespace waybill::profile
