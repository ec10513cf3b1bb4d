#include "dataset/staged_check.hpp"

#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "dataset/publish_error.hpp"
#include "disk/directory.hpp"

namespace waybill::dataset {

publication_report check_staged(const std::filesystem::path& root, const publication& what,
                                const std::stop_token& stop, const memberships_taker& take_memberships) {
    const auto dataset = dataset_directory(root, what.job.owner, what.job.request.dataset_id);
    const auto staging = staging_directory(dataset, what.key);
    // Another attempt writes everything anew, so whatever is wrong with this one's batches is worth another
    // try.
    const auto bad = [](const export_batch& batch, const failure& why) {
        return failed_report(errors::bad_staged_batch.about(batch.batch_id, why.message), true);
    };
    publication_report report;
    bool memberships_verified = false; // each batch tells of the same
    for (auto batch : what.job.batches) {
        const auto directory = staging / batch_name(batch.batch_id);
        const auto manifest = manifest_of(directory, what.key, batch.batch_id);
        if (!manifest) return bad(batch, manifest.error());
        if (const auto verified = verify_files(directory, manifest->content, stop); !verified)
            return bad(batch, verified.error());
        if (const auto& memberships = manifest->content.memberships) {
            if (!take_memberships)
                return failed_report(errors::memberships_not_taken.about(std::to_string(what.job.id)), false);
            if (!memberships_verified) {
                const auto verified = verify_memberships(staging, *memberships, stop);
                if (!verified) return bad(batch, verified.error());
                memberships_verified = true;
            }
        }
        batch.rows = manifest->content.rows;
        batch.bytes = manifest->content.bytes;
        report.batches.push_back(std::move(batch));
    }
    // Another engine may have made all of these directories and synced none.
    for (auto made = staging; made != root && made.has_relative_path(); made = made.parent_path())
        disk::sync_directory(made);
    disk::sync_directory(root);
    report.state = publication_state::checked;
    return report;
}

} // namespace waybill::dataset
