// The check before the commit point (contract 2.3): every batch of the job is staged and is what its manifest
// says. Changes nothing but what of it is synced. Any thread; throws `store_failure` when the disk cannot be
// read.
#pragma once

#include <filesystem>
#include <stop_token>

#include <waybill/publisher.hpp>

namespace waybill::dataset {

/// `checked` with rows and bytes of each batch, or `failed`.
publication_report check_staged(const std::filesystem::path& root, const publication& what,
                                const std::stop_token& stop = {});

} // namespace waybill::dataset
