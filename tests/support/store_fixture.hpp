// A job store with a backup of it, for tests of both: what is in a file, and which files there are.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <waybill/store_backup.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/killed.hpp"
#include "support/temp_store.hpp"
#include "support/whole_file.hpp"

namespace waybill::test {

inline void write_bytes(const std::filesystem::path& file, std::streamoff at, const std::string& bytes) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(at);
    out << bytes;
}

inline std::int64_t jobs_in(const std::filesystem::path& file) {
    return sql::connection(file, sql::access::read).integer_of("select count(*) from export_jobs");
}

/// The names in a directory that begin like this, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& directory,
                                         const std::string& begin = {}) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        if (const auto name = entry.path().filename().string(); name.starts_with(begin))
            names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

/// A store with two jobs, a backup of it, and then a third job. Nobody owns it.
class backed_up_store {
  public:
    backed_up_store() {
        create();
        create();
        store.close();
        backup_store(store_kind::jobs, store.file(), backup).value();
        store.open();
        create();
        store.close();
    }

    job_id create() { return store->create(acme, a_job()).value().id; }
    /// As a crash leaves it: one more job, which only the WAL knows of.
    void crash_with_a_job() {
        killed_at(1, [&](const kill_point& reached) {
            store.open();
            create();
            reached();
        });
        REQUIRE(std::filesystem::file_size(beside("-wal")) > 0);
    }
    std::filesystem::path beside(const std::string& suffix) const { return store.file().string() + suffix; }
    std::filesystem::path lock() const { return beside(".lock"); }
    std::filesystem::path folder() const { return store.file().parent_path(); }
    void forget_lock() const { std::filesystem::remove(lock()); }

    temp_store store;

  private:
    temp_directory kept_;

  public:
    const std::filesystem::path backup = kept_ / "monday.db";
};

} // namespace waybill::test
