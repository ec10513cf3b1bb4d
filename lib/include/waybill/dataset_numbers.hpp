// The numbers that stand in the datasets, so that a restored job store begins beyond them: a batch that was
// published bears its job's id and epoch for ever (contract 2.3, "A restore").
// Thread rule: one thread per object. Error rule: `not_found`, `owned_elsewhere`; what cannot be read throws
// `store_failure` that names the file.
#pragma once

#include <filesystem>
#include <memory>

#include <waybill/result.hpp>
#include <waybill/store_backup.hpp>

namespace waybill {

class dataset_numbers {
  public:
    /// Takes the lock of the root, and keeps it for as long as this lives, so that nothing is published
    /// meanwhile. Reads every `current.json`, every batch's manifest and the names of all that is staged.
    static result<dataset_numbers> survey(const std::filesystem::path& root);
    dataset_numbers(dataset_numbers&&) noexcept;
    dataset_numbers& operator=(dataset_numbers&&) noexcept;
    ~dataset_numbers();

    const used_numbers& highest() const noexcept;

  private:
    struct impl;
    explicit dataset_numbers(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

} // namespace waybill
