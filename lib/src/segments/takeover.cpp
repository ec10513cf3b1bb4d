#include "segments/takeover.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

#include "segments/member_rows.hpp"
#include "segments/segment_schema.hpp"
#include "segments/staged_memberships.hpp"
#include "sql/transaction.hpp"

namespace waybill::segments {
namespace {

class takeover {
  public:
    takeover(sql::connection& on, const staged_source& from) : on_(on), from_(from) {}

    void begin(const staged_evaluation& what) {
        now_ = what.now;
        population_ = known_population(on_, from_.owner, what.merge_policy);
        for (const auto& segment : what.segments)
            rows_.push_back(
                begin_segment(on_, population_, segment, from_.job_id, from_.commit_sequence, now_));
    }

    void apply(const membership_change& what) {
        const auto segment = rows_.at(what.segment);
        if (!segment) return; // taken over before
        const auto ns = namespace_of(what.ns_folded);
        if (what.drop)
            drop_member(on_, population_, ns, what.identity, *segment);
        else
            put_member(on_, population_, ns, what.identity,
                       {*segment, what.status, what.qualified, now_, what.entry});
    }

  private:
    std::int64_t namespace_of(const std::string& folded) {
        auto known = namespaces_.find(folded);
        if (known == namespaces_.end())
            known = namespaces_.emplace(folded, known_namespace(on_, folded)).first;
        return known->second;
    }

    sql::connection& on_;
    const staged_source& from_;
    timestamp now_{};
    std::int64_t population_ = 0;
    std::vector<std::optional<std::int64_t>> rows_; ///< of the evaluation's segments
    std::unordered_map<std::string, std::int64_t> namespaces_;
};

} // namespace

void take_over(sql::connection& on, const staged_source& what) {
    sql::transaction all(on);
    takeover work(on, what);
    read_staged_memberships(
        what.file, [&](const auto& evaluation) { work.begin(evaluation); },
        [&](const auto& change) { work.apply(change); });
    count_change(on);
    all.commit();
}

} // namespace waybill::segments
