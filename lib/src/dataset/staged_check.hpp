// The check before the commit point (contract 2.3): every batch of the job is staged and is what its manifest
// says. Changes nothing but what of it is synced. Any thread; throws `store_failure` when the disk cannot be
// read.
#pragma once

#include <filesystem>
#include <stop_token>

#include <waybill/dataset_publisher.hpp>

namespace waybill::dataset {

/// `checked` with rows and bytes of each batch, or `failed`; also where memberships are staged that
/// `take_memberships` would have to take and is not there.
publication_report check_staged(const std::filesystem::path& root, const publication& what,
                                const std::stop_token& stop = {},
                                const memberships_taker& take_memberships = {});

} // namespace waybill::dataset
