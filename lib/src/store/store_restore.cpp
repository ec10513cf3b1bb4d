#include <waybill/store_backup.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "sql/integrity.hpp"
#include "sql/migrator.hpp"
#include "sql/schema_drift.hpp"
#include "sql/transaction.hpp"
#include "store/checksum_file.hpp"
#include "store/file_set.hpp"
#include "store/past_numbers.hpp"
#include "store/store_files.hpp"

namespace waybill {

namespace {

namespace fs = std::filesystem;
using store::file_set;

constexpr const char* count_objects = "select count(*) from sqlite_schema";
constexpr const char* fold_journal = "pragma journal_mode = delete";

failure refused(const fs::path& backup, const std::string& why) {
    return {errc::invalid, backup.string() + " is not restored: " + why, {}};
}

/// One restore, under the store's lock. Nothing that the old store needs is touched before `replace`.
class restoration {
  public:
    restoration(const fs::path& store, const fs::path& from, const restore_options& options)
        : from_(from), old_(store), copy_(store::beside(store, ".restoring")), options_(options) {}

    /// A copy beside the store, of a backup that holds. A reason when it does not.
    std::optional<failure> take_copy(store_restore& into) {
        tell("copy the backup");
        if (file_set(from_).has_unfolded())
            return refused(from_, "a journal stands beside it, so it does not stand alone");
        copy_.remove();
        store::copy_file(from_, copy_.file());
        if (fs::exists(old_.file())) store::copy_permissions(old_.file(), copy_.file());
        tell("check the copy");
        const auto sum = store::read_checksum(from_);
        const auto sum_file = store::checksum_file_of(from_).string();
        if (!sum && options_.need_checksum) return refused(from_, "there is no " + sum_file);
        if (const auto found = store::sha256_of_file(copy_.file()); sum && *sum != found)
            return refused(from_, "its SHA-256 is " + found + ", " + sum_file + " says " +
                                      (sum->empty() ? "nothing of the kind" : *sum));
        into.checksum = sum.has_value();
        try {
            return check_copy(into);
        } catch (const store_failure& wrong) {
            if (wrong.transient()) throw;
            return refused(from_, wrong.what());
        }
    }

    /// The old store's condition and numbers.
    void examine_old(store_restore& into) {
        if (!fs::exists(old_.file())) return;
        tell("examine the store");
        healthy_ = false;
        into.replaced_read = false;
        try {
            // A rollback journal is played back by whoever opens the file for writing first.
            if (fs::exists(store::beside(old_.file(), "-journal")))
                sql::connection(old_.file(), sql::access::write_as_is).integer_of(count_objects);
            sql::connection on(old_.file(), sql::access::read);
            const sql::snapshot one_state(on);
            const auto past = store::read_past_numbers(on);
            old_numbers_ = past.highest;
            into.replaced_read = past.complete;
            healthy_ = sql::integrity_problems(on).empty();
        } catch (const store_failure&) {
            // Whatever is wrong with it: it is kept as it is.
        }
    }

    /// The copy and the lock begin beyond everything that was ever used.
    void raise_numbers(sql::owner_lock& lock, used_numbers& used) {
        tell("raise the numbers");
        {
            sql::connection on(copy_.file(), sql::access::write_as_is);
            const auto own = store::read_past_numbers(on).highest;
            const auto& marks = lock.marks();
            used.raise({marks.epoch, marks.job_id, marks.commit_sequence});
            used.raise(options_.seen);
            for (const auto& past : {own, old_numbers_})
                used.raise({past.epoch, past.last_job_id, past.last_commit_sequence});
            auto beyond = old_numbers_;
            beyond.epoch = used.epoch;
            beyond.last_job_id = used.job_id;
            beyond.last_commit_sequence = used.commit_sequence;
            store::state_row(on).raise(beyond);
        }
        store::sync_file(copy_.file());
        tell("raise the marks");
        lock.raise({used.epoch, used.job_id, used.commit_sequence});
    }

    /// What the journal of a healthy store holds goes into its file, so that it can be kept as one.
    std::optional<failure> fold_old() {
        if (!fs::exists(old_.file()) || !healthy_) return std::nullopt;
        tell("fold the store's journal");
        try {
            sql::connection on(old_.file(), sql::access::write_as_is);
            if (on.text_of(fold_journal) == "delete") return std::nullopt;
        } catch (const store_failure& trouble) {
            if (trouble.why() != store_failure::kind::io) throw;
        }
        return failure{errc::conflict,
                       "another process reads " + old_.file().string() + "; it must end before the restore",
                       {}};
    }

    void replace(store_restore& into) {
        const auto folder = store::folder_of(old_.file());
        const bool there = fs::exists(old_.file());
        if (there) drop_second_names(folder);
        const auto journals = old_.journals();
        if (there || !journals.empty()) {
            tell("keep the store");
            const auto kept = store::free_name(old_.file(), ".replaced-" + store::stamp_of(options_.now()));
            if (there && !store::link_file(old_.file(), kept))
                throw store_failure(store_failure::kind::io, kept.string() + " came to be just now");
            // Before the new file has the name: a journal of the old one would destroy it.
            for (const auto& journal : journals) {
                tell("keep a journal");
                const auto suffix = journal.string().substr(old_.file().string().size());
                if (!disk::rename_no_replace(journal, store::beside(kept, suffix)))
                    throw store_failure(store_failure::kind::io, journal.string() + " cannot be kept");
            }
            disk::sync_directory(folder);
            into.kept = kept;
        }
        tell("put the backup in place");
        if (std::rename(copy_.file().c_str(), old_.file().c_str()) != 0)
            disk::throw_system_error(errno, "replace", old_.file());
        tell("sync the directory");
        disk::sync_directory(folder);
    }

    const file_set& copy() const { return copy_; }

  private:
    void tell(std::string_view step) const {
        if (options_.on_step) options_.on_step(step);
    }

    std::optional<failure> check_copy(store_restore& into) {
        sql::connection on(copy_.file(), sql::access::write_as_is);
        if (on.text_of(fold_journal) != "delete") return refused(from_, "its journal mode cannot be changed");
        if (const auto problems = sql::integrity_problems(on); !problems.empty())
            return refused(from_, "it is damaged: " + problems.front());
        const auto known = sql::jobs_migrations();
        into.schema_version = sql::check_schema(on, known);
        if (into.schema_version == 0)
            into.schema_version = sql::schema_versions(known).version_of(sql::objects_of(on), 1).value_or(0);
        if (into.schema_version == 0) return refused(from_, "it is no job store");
        return std::nullopt;
    }

    /// Of a restore that ended between keeping and replacing: names of what is still the store itself.
    void drop_second_names(const fs::path& folder) const {
        const auto prefix = old_.file().filename().string() + ".replaced-";
        for (const auto& entry : disk::list_directory(folder))
            if (entry.name.starts_with(prefix) && !entry.is_directory &&
                fs::equivalent(folder / entry.name, old_.file()))
                disk::remove_tree(folder / entry.name);
    }

    fs::path from_;
    file_set old_;
    file_set copy_;
    const restore_options& options_;
    store::store_state old_numbers_;
    bool healthy_ = true; ///< also when there is no old store
};

} // namespace

void used_numbers::raise(const used_numbers& other) {
    epoch = std::max(epoch, other.epoch);
    job_id = std::max(job_id, other.job_id);
    commit_sequence = std::max(commit_sequence, other.commit_sequence);
}

result<store_restore> restore_store(const std::filesystem::path& store, const std::filesystem::path& from,
                                    const restore_options& options) {
    if (!fs::is_regular_file(from))
        return failure{errc::not_found, "there is no backup " + from.string(), {}};
    if (const auto folder = store::folder_of(store); !fs::is_directory(folder))
        return failure{errc::not_found, "there is no directory " + folder.string(), {}};
    if (fs::exists(store) && fs::equivalent(store, from)) return refused(from, "it is the store itself");
    auto lock = store::own(store_kind::jobs, store);
    if (!lock) return std::move(lock).error();

    store_restore done;
    restoration work(fs::is_symlink(store) ? fs::canonical(store) : store, from, options);
    const store::removed_at_end clean({work.copy().file()});
    if (auto wrong = work.take_copy(done)) return *std::move(wrong);
    work.examine_old(done);
    work.raise_numbers(*lock, done.used);
    if (auto busy = work.fold_old()) return *std::move(busy);
    work.replace(done);
    return done;
}

} // namespace waybill
