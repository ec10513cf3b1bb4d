// A copy of a store that can be trusted, and the way back. A backup is made beside a running owner without
// disturbing it, is verified before it counts, and is one file that stands alone, with its checksum beside
// it. A restore never makes a number that was used once be used again (contract 2.2, 2.3). Thread rule:
// functions without state, any thread. Error rule: what the caller can mend (a missing file, one that is
// there already, a backup that does not hold, a store that is owned) is a `result`; disk, corruption of the
// source and a newer schema throw `store_failure`. A failure leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/store_inspection.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// Is told what is done next, on the calling thread: for progress, and for tests that end the process there.
using step_observer = std::function<void(std::string_view step)>;

struct counted_table {
    std::string name;
    std::int64_t rows = 0;
};

struct store_backup {
    std::int64_t bytes = 0;
    std::string sha256;     ///< lower-case hex; `<to>.sha256` holds it, as sha256sum writes it
    int schema_version = 0; ///< as noted in the file
    std::vector<counted_table> tables;
};

/// Copies the store to `to`, which must not be there, nor `<to>.sha256`: `conflict` otherwise. Reads one
/// snapshot; never writes or checkpoints the source. Durable when it returns.
result<store_backup> backup_store(store_kind kind, const std::filesystem::path& store,
                                  const std::filesystem::path& to, const step_observer& on_step = {});

/// Numbers that may have been used, up to and including these.
struct used_numbers {
    std::int64_t epoch = 0;
    std::int64_t job_id = 0;
    std::int64_t commit_sequence = 0;

    void raise(const used_numbers& other);
    friend bool operator==(const used_numbers&, const used_numbers&) = default;
};

struct restore_options {
    used_numbers seen{};       ///< elsewhere, such as in the datasets: see dataset_numbers.hpp
    bool need_checksum = true; ///< refuse a backup without its `.sha256`; one that is there must always hold
    std::function<timestamp()> now = wall_clock;
    step_observer on_step{};
};

struct store_restore {
    int schema_version = 0;    ///< of the backup; an older one is brought up to date on the next opening
    used_numbers used;         ///< the next owner begins beyond these
    bool checksum = false;     ///< whether there was one, which then holds
    bool replaced_read = true; ///< whether the numbers of the replaced file could be read
    /// Where the replaced file is kept. Damaged, it is kept with its journals, and may not open.
    std::optional<std::filesystem::path> kept;
};

/// Puts a backup of a job store in the place of `store`, which may be missing. Takes the store's lock:
/// `owned_elsewhere` while another process owns it. `invalid`, saying why, for a backup that does not hold. A
/// crash at any moment leaves the old store or the new one; what was acknowledged since the backup is
/// forgotten, its numbers are not.
result<store_restore> restore_store(const std::filesystem::path& store, const std::filesystem::path& from,
                                    const restore_options& options = {});

} // namespace waybill
