// Export jobs for tests: the least that is valid, and one with everything.
#pragma once

#include <string>

#include <waybill/export_job.hpp>

namespace waybill::test {

inline const tenant acme{"1BD6382559DF0C130A49422D@AdobeOrg", "prod"};
inline const tenant globex{"2CE7493660EF1D241B50533E@AdobeOrg", "prod"};

/// Exports everything into one dataset.
inline new_export_job a_job(std::string dataset_id = "5b7c86968f7b6501e21ba9df") {
    new_export_job job;
    job.dataset_id = std::move(dataset_id);
    job.schema_name = "_xdm.context.profile";
    job.request_id = "d995479c-8a08-4240-903b-af469c67be1f";
    return job;
}

/// As the public page's sample request, with two segments.
inline new_export_job a_full_job() {
    auto job = a_job();
    job.fields = "identities.id,personalEmail.address";
    job.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    auto& filter = job.filter.emplace();
    filter.segments = {{"52c26d0d-45f2-47a2-ab30-ed06abc981ff", "ups", {membership_status::realized}},
                       {"segment2", "AdCloud", {membership_status::exited, membership_status::existing}}};
    filter.qualification_time = qualification_window{"2018-01-01T00:00:00Z", "2018-02-01T00:00:00Z"};
    filter.from_ingest_timestamp = "2018-01-01T00:00:00Z";
    filter.empty_profiles = true;
    job.events = event_list{"_id, _experience", event_filter{"2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z"}};
    job.evaluate_segments = false;
    job.attempts = 3;
    job.attempt_deadline = std::chrono::minutes{90};
    return job;
}

} // namespace waybill::test
