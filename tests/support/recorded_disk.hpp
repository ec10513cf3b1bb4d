// A disk that loses what was not synced, for whole programs: what a program did to the files below a
// directory (fault/call_record.hpp) is done again here, up to a moment, and then the power goes. What was
// written since a file's last sync is torn (torn_file.hpp). What names a directory gained or lost since its
// own last sync may be undone, each change by itself, but: a rename is done whole or not at all, and is there
// for good when the directory that it leads to has been synced; and of several changes of one name, or of one
// file's names, later ones do not outlive earlier ones. That is less than any journaling file system
// promises.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fault/call_record.hpp"
#include "support/torn_file.hpp"

namespace waybill::test {

class recorded_disk {
  public:
    /// The record is of `root`; what is below `before` now was there before it, for good.
    recorded_disk(std::filesystem::path root, const std::filesystem::path& before);
    recorded_disk(const recorded_disk&) = delete;
    recorded_disk& operator=(const recorded_disk&) = delete;
    ~recorded_disk();

    /// One record.
    struct step {
        call_record::kind what;
        std::filesystem::path path;
        std::filesystem::path other;
        std::uint64_t at = 0;
        std::string bytes{};
    };
    static std::vector<step> read_record(const std::filesystem::path& file);

    /// Does it again. Throws when the record does not fit.
    void take(const step& one);
    /// How long the notes were by then, in bytes.
    std::uint64_t notes() const { return notes_; }

    /// The power goes: writes what is left to the directory `into`, which must be empty. Only once.
    void cut(std::mt19937& choose, const std::filesystem::path& into);

  private:
    struct node;
    using node_pointer = std::shared_ptr<node>;
    struct name_change {
        node_pointer folder;
        std::string name;
        node_pointer what; ///< none: the name goes
    };
    struct pending {
        std::vector<name_change> changes; ///< the last one's directory makes it durable
        node_pointer subject;
    };

    static node_pointer load(const std::filesystem::path& from);
    node_pointer folder_of(const std::filesystem::path& path) const;
    node_pointer find(const std::filesystem::path& path) const;
    node_pointer existing(const std::filesystem::path& path) const;
    void change_names(std::vector<name_change> changes, node_pointer subject);
    void sync(const node_pointer& what);
    template <class Wanted>
    void make_durable(Wanted wanted);
    void write(const node_pointer& folder, const std::filesystem::path& into, std::mt19937& choose,
               unsigned kept_of_four, std::map<node_pointer, std::filesystem::path>& written) const;

    std::filesystem::path root_;
    node_pointer tree_;
    std::vector<pending> pending_;
    std::uint64_t notes_ = 0;
};

} // namespace waybill::test
