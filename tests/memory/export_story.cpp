#include "memory/export_story.hpp"

#include <string>

#include "memory/failing_allocations.hpp"

namespace waybill::test {

namespace {

class export_story {
  public:
    explicit export_story(const sweep_files& files)
        : host_(files, false, [](const std::function<void()>& call) {
              const failing_allocations::window counts;
              call();
          }) {}

    void tell(const std::function<void()>& begin) {
        host_.open();
        begin();
        const auto first = create(sweep_acme, export_kind::everything);
        create(sweep_globex, export_kind::apart);
        const auto unwanted = create(sweep_globex, export_kind::everything);
        host_.tick();
        cancel(sweep_globex, unwanted);
        host_.tick_until([&] { return is_final(host_.status_of(sweep_acme, first)); });
        create(sweep_acme, export_kind::one_segment);
        create(sweep_acme, export_kind::evaluated);
        host_.tick();
        host_.open(); // as a crash leaves it
        create(sweep_acme, export_kind::evaluated);
        host_.tick_until([&] { return host_.nothing_unfinished() && host_.nothing_staged(); });
        host_.stop();
    }

  private:
    /// The key makes the repetition after trouble harmless.
    job_id create(const tenant& owner, export_kind kind) {
        new_export_job request;
        request.dataset_id = "people";
        request.schema_name = "_xdm.context.profile";
        request.request_id = to_text(kind);
        request.segment_per_batch = kind == export_kind::apart;
        const bool evaluates = kind == export_kind::evaluated;
        if (evaluates) request.evaluate_segments = true;
        if (kind != export_kind::everything)
            request.filter.emplace().segments.push_back({evaluates ? sweep_defined : "s1"});
        if (kind == export_kind::apart) request.filter->segments.push_back({"s2"});
        const idempotency_key key{"key-" + std::to_string(++keys_), "the same bytes"};
        const auto job = host_.persist([&] { return host_.store().create(owner, request, key).value(); });
        host_.note("created " + std::to_string(job.id) + ' ' + owner.org + ' ' + request.dataset_id + ' ' +
                   request.request_id);
        return job.id;
    }
    void cancel(const tenant& owner, job_id id) {
        host_.note("cancelling " + std::to_string(id));
        const auto outcome = host_.persist([&] { return host_.store().cancel(owner, id); });
        if (outcome) host_.note("cancelled " + std::to_string(id));
    }

    driven_host host_;
    int keys_ = 0;
};

} // namespace

void tell_of_exports(const sweep_files& files, const std::function<void()>& begin) {
    export_story(files).tell(begin);
}

} // namespace waybill::test
