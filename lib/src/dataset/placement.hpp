// What follows the commit point (contract 2.3, "Place"): brings an attempt's batches into place and makes
// `current.json` name them. It is a row of steps, each of which may be cut off by a crash at any moment;
// running all of them again from the start, in another process, comes to the same end. One thread per object
// and dataset. Throws `store_failure` when the disk fails; it is tried again later.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include <waybill/publisher.hpp>

#include <waybill/dataset_publisher.hpp>

#include "dataset/current.hpp"
#include "dataset/manifest.hpp"

namespace waybill::dataset {

class placement {
  public:
    enum class step {
        inspect, ///< finds where each batch is and decides; changes nothing
        move,    ///< renames each staged batch into place, never over anything
        sync,    ///< the renames are on the disk
        take,    ///< memberships that the attempt has staged count
        record,  ///< `current.json` names the batches, or lists them as superseded
        clean,   ///< the attempt's staging directory is gone
    };

    placement(const std::filesystem::path& root, publication what, memberships_taker take_memberships = {});

    /// Runs the steps up to and including `last`. `placed` after all of them and `working` before; `failed`
    /// and `lost` as the publisher reports them.
    publication_report run(step last = step::clean);

  private:
    /// `published`: `current.json` names or lists it, so that it is never moved, wherever it is.
    enum class whereabouts { published, in_place, staged, missing };
    struct placed_batch {
        export_batch batch;
        whereabouts at = whereabouts::missing;
        std::string manifest_sha256;
        bool with_memberships = false;
    };

    std::optional<publication_report> inspect();
    std::optional<publication_report> look_at(placed_batch& entry);
    std::optional<publication_report> move();
    void sync();
    void take_memberships();
    bool with_memberships() const;
    bool lacks_memberships() const;
    void record();
    void clean() noexcept;
    publication_report give_up();
    std::size_t count(whereabouts at) const;
    current_batch as_current(const placed_batch& entry) const;

    publication what_;
    memberships_taker take_memberships_;
    std::filesystem::path dataset_;
    std::filesystem::path staging_;
    std::optional<current_dataset> current_;
    std::vector<placed_batch> batches_;
};

} // namespace waybill::dataset
