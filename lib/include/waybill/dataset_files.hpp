// The files of published batches, for whoever hands them on. Only what a dataset's `current.json` and the
// batch's manifest name is read, and no symbolic link below the root is followed, so that nothing else of the
// disk can be had by it. Takes no lock; runs beside the host that owns the root. Thread rule: any thread, one
// at a time per object but for `batch_file::read`. Error rule: `not_found`; what the disk refuses, or what is
// damaged, throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill {

/// What a batch's manifest says of one of its files.
struct described_file {
    std::string name;        ///< a plain file name
    std::int64_t length = 0; ///< bytes
    std::string sha256;      ///< 64 lower-case hex digits
};

/// One of them, open for as long as this lives: also while the batch is removed.
class batch_file {
  public:
    const described_file& about() const noexcept;
    /// Up to `most` bytes from this place on; fewer only at the end. Any number of threads at once.
    std::string read(std::int64_t from, std::size_t most) const;

  private:
    friend class published_files;
    struct impl;
    explicit batch_file(std::shared_ptr<const impl> self) : self_(std::move(self)) {}
    std::shared_ptr<const impl> self_;
};

class published_files {
  public:
    /// Which batches are found: those that are visible, or also those that were until a later job's took
    /// their place and that are not pruned yet.
    enum class reach { visible, superseded_too };

    /// `not_found` when the dataset's `current.json` does not name the batch, or when it lists it as
    /// superseded and nothing of it is there.
    static result<published_files> open(const std::filesystem::path& root, const tenant& owner,
                                        const std::string& dataset_id, std::string_view batch_id, reach far);
    /// The same when nobody knows the dataset: looks through all of the tenant's.
    static result<published_files> find(const std::filesystem::path& root, const tenant& owner,
                                        std::string_view batch_id, reach far);

    /// In the order of the manifest, which never changes.
    const std::vector<described_file>& list() const noexcept;
    /// `not_found` beyond the last one.
    result<batch_file> open_file(std::size_t position) const;

  private:
    struct impl;
    explicit published_files(std::shared_ptr<const impl> self) : self_(std::move(self)) {}
    std::shared_ptr<const impl> self_;
};

} // namespace waybill
