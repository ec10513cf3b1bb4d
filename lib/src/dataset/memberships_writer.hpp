// Writes the memberships that an evaluation changes into an attempt's staging directory, beside its batches,
// and sums them for the manifests. One thread. Throws `store_failure`.
#pragma once

#include <filesystem>
#include <string_view>

#include "dataset/manifest.hpp"
#include "digest/sha256.hpp"
#include "disk/durable_file.hpp"

namespace waybill::dataset {

class memberships_writer {
  public:
    /// Creates the file.
    explicit memberships_writer(const std::filesystem::path& staging);

    void append(std::string_view lines);
    /// The file is on the disk when it returns; nothing can be appended any more.
    part_file finish();

  private:
    disk::durable_file file_;
    digest::sha256 sum_;
    part_file about_;
};

} // namespace waybill::dataset
