// The story that the crash sweep tells again and again, each time with another end: two tenants create jobs,
// some for the same dataset; jobs are cancelled while they wait and while they run, and removed; the host
// stops in order and starts again; old jobs and superseded batches are pruned. After each answer a line of
// notes is written, which is what the store has promised. `finish` is the start after the crash: it ends what
// is unfinished. What throws is noted as trouble and tried again, as a host would.
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crash/driven_host.hpp"
#include "crash/sweep_names.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

new_export_job request(const std::string& dataset, export_kind kind) {
    new_export_job job;
    job.dataset_id = dataset;
    job.schema_name = "_xdm.context.profile";
    job.request_id = to_text(kind);
    job.segment_per_batch = kind == export_kind::apart;
    if (kind == export_kind::never) job.merge_policy = merge_policy_ref{"nobody-declared-this", 1};
    if (kind == export_kind::one_segment || kind == export_kind::apart)
        job.filter.emplace().segments.push_back({"s1"});
    if (kind == export_kind::apart) job.filter->segments.push_back({"s2"});
    if (kind == export_kind::evaluated) {
        job.filter.emplace().segments.push_back({sweep_defined});
        job.evaluate_segments = true;
    }
    return job;
}

class story {
  public:
    explicit story(driven_host& told) : host_(told) {}

    void first_day() {
        host_.open();
        const auto stopped = create(sweep_globex, "stopped", export_kind::everything);
        const auto first = create(sweep_acme, "people", export_kind::everything);
        create(sweep_acme, "people", export_kind::one_segment);
        create(sweep_globex, "people", export_kind::apart);
        create(sweep_acme, "other", export_kind::never);
        cancel(sweep_acme, create(sweep_acme, "people", export_kind::everything));
        create(sweep_acme, "qualified", export_kind::evaluated);
        cancel(sweep_acme, create(sweep_acme, "other", export_kind::evaluated));
        host_.tick();
        cancel(sweep_globex, stopped); // it was claimed by that tick, or the tick met trouble
        create_two_at_once();
        host_.tick_until([&] { return is_final(host_.status_of(sweep_acme, first)); });
        remove(sweep_acme, first);
        host_.stop();
    }

    void second_day() {
        host_.open();
        host_.tick_until([&] { return host_.nothing_unfinished(); });
        host_.skip(std::chrono::hours{2});
        host_.note("pruning");
        host_.prune();
        host_.note("pruned");
        create(sweep_acme, "people", export_kind::one_segment);
        create(sweep_acme, "again", export_kind::evaluated);
        host_.tick_until([&] { return host_.nothing_unfinished(); });
        host_.stop();
    }

    /// One more job, so that an id that was given out before would be given out again.
    void finish() {
        host_.open();
        create(sweep_acme, "after", export_kind::everything);
        host_.tick_until([&] { return host_.nothing_unfinished() && host_.nothing_staged(); });
        host_.stop();
    }

  private:
    void note_created(const tenant& owner, const export_job& job) {
        host_.note("created " + std::to_string(job.id) + ' ' + owner.org + ' ' + job.request.dataset_id +
                   ' ' + job.request.request_id);
    }
    /// The key makes the repetition after trouble harmless.
    idempotency_key next_key() {
        return {"key-" + std::to_string(++keys_) + "-" + std::to_string(host_.epoch()), "the same bytes"};
    }
    job_id create(const tenant& owner, const std::string& dataset, export_kind kind) {
        const auto key = next_key();
        const auto job =
            host_.persist([&] { return host_.store().create(owner, request(dataset, kind), key).value(); });
        note_created(owner, job);
        return job.id;
    }
    void create_two_at_once() {
        const auto keys = std::pair(next_key(), next_key());
        std::vector<export_job> made;
        host_.persist([&] {
            made.clear();
            host_.store().together([&] {
                made.push_back(host_.store()
                                   .create(sweep_acme, request("people", export_kind::everything), keys.first)
                                   .value());
                made.push_back(host_.store()
                                   .create(sweep_globex, request("people", export_kind::apart), keys.second)
                                   .value());
            });
        });
        note_created(sweep_acme, made.at(0));
        note_created(sweep_globex, made.at(1));
    }
    void cancel(const tenant& owner, job_id id) {
        host_.note("cancelling " + std::to_string(id));
        const auto outcome = host_.persist([&] { return host_.store().cancel(owner, id); });
        if (outcome) host_.note("cancelled " + std::to_string(id));
    }
    void remove(const tenant& owner, job_id id) {
        host_.note("removing " + std::to_string(id));
        const auto outcome = host_.persist([&] { return host_.store().cancel(owner, id); });
        if (outcome && *outcome == cancel_outcome::removed) host_.note("removed " + std::to_string(id));
    }

    driven_host& host_;
    int keys_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() != 4) {
        std::cerr << "usage: sweep_script tell|finish KEPT PROFILES NOTES\n";
        return 2;
    }
    try {
        driven_host host({arguments[1], arguments[2], arguments[3]}, arguments[0] == "tell");
        story told(host);
        if (arguments[0] == "finish") {
            told.finish();
        } else {
            told.first_day();
            told.second_day();
        }
        host.note("the end");
        return 0;
    } catch (const std::exception& disaster) {
        std::cerr << "sweep_script: " << disaster.what() << '\n';
        return 1;
    }
}
