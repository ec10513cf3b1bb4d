// Which process owns a store, or a datasets' root, for writing: an flock on a file beside it, never unlinked
// and never the database itself. The file also keeps the high-water marks that no restore of the database may
// hand out again (contract 2.2), synced before they are used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <waybill/result.hpp>

namespace waybill::sql {

/// Everything up to and including these numbers may have been used.
struct high_water_marks {
    std::int64_t epoch = 0;
    std::int64_t job_id = 0;
    std::int64_t commit_sequence = 0;
};

/// What a lock file says of its owner.
struct owner_record {
    std::int64_t pid = 0; ///< of the latest owner
    bool held = false;    ///< whether that process holds the lock now
    high_water_marks marks;
};

class owner_lock {
  public:
    /// Creates the file when it is not there. Fails with `owned_elsewhere`, naming `what` and the owner's
    /// process id; throws `store_failure` when the file cannot be opened or written, or holds something else.
    static result<owner_lock> take(const std::filesystem::path& file, const char* what);
    owner_lock(owner_lock&& other) noexcept;
    owner_lock& operator=(owner_lock&& other) noexcept;
    ~owner_lock(); ///< lets go; the file stays

    const high_water_marks& marks() const noexcept { return marks_; }
    /// Durable when it returns. Marks never go down: each is the greater of old and new.
    void raise(const high_water_marks& to);
    /// For a clean end: notes what was really used of what had been reserved.
    void settle(const high_water_marks& used);

  private:
    owner_lock(int descriptor, std::filesystem::path file, const high_water_marks& marks);
    void write() const;
    int descriptor_ = -1;
    std::filesystem::path file_;
    high_water_marks marks_;
};

/// Looks at a lock file without taking it; nothing when there is none.
std::optional<owner_record> inspect_owner(const std::filesystem::path& file);

} // namespace waybill::sql
