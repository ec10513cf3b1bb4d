#include <waybill/profile_interchange.hpp>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "profile/interchange_files.hpp"
#include "profile/interchange_lines.hpp"
#include "profile/profile_schema.hpp"
#include "sql/transaction.hpp"

namespace waybill {
namespace {

constexpr std::int64_t lines_to_a_progress = 1'000;

/// Absolute, without links, and without a slash at its end.
std::filesystem::path plain(const std::filesystem::path& path) {
    std::error_code error;
    auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
    if (error) disk::throw_system_error(error.value(), "look at", path);
    return whole.has_filename() ? whole : whole.parent_path();
}

failure taken(const std::filesystem::path& place) {
    return {errc::conflict, place.string() + " is there already, and no empty directory", {}};
}

std::optional<failure> check_place(const std::filesystem::path& place) {
    if (!std::filesystem::is_directory(place.parent_path()))
        return failure{errc::not_found, "there is no directory " + place.parent_path().string(), {}};
    if (!disk::is_there(place)) return std::nullopt;
    if (!std::filesystem::is_directory(place) || !disk::list_directory(place).empty()) return taken(place);
    return std::nullopt;
}

/// Where the form is written before it is whole; goes with all that is in it unless it was moved.
class partial_directory {
  public:
    explicit partial_directory(std::filesystem::path path) : path_(std::move(path)) {}
    partial_directory(const partial_directory&) = delete;
    partial_directory& operator=(const partial_directory&) = delete;
    ~partial_directory() {
        if (made_) disk::remove_if_possible(path_);
    }

    const std::filesystem::path& path() const { return path_; }
    /// False when another one is there.
    bool make() {
        made_ = disk::make_directory(path_);
        return made_;
    }
    /// False when something is at the place.
    bool move_to(const std::filesystem::path& place) {
        if (!disk::move_directory(path_, place)) return false;
        made_ = false;
        disk::sync_directory(place.parent_path());
        return true;
    }

  private:
    std::filesystem::path path_;
    bool made_ = false;
};

/// Those whose profiles are asked for.
result<std::vector<profile::named_tenant>> asked_tenants(sql::connection& on,
                                                         const std::optional<tenant>& owner) {
    auto all = profile::list_tenants(on);
    if (!owner) return all;
    std::erase_if(all, [&](const profile::named_tenant& one) { return one.name != *owner; });
    if (all.empty())
        return failure{errc::not_found,
                       "the profile store knows nothing of sandbox " + owner->sandbox + " of org " +
                           owner->org,
                       {}};
    return all;
}

/// Writes the form into a directory, from a connection in a snapshot.
class interchange_writer {
  public:
    interchange_writer(sql::connection& on, const std::filesystem::path& directory,
                       const interchange_options& options)
        : on_(on), directory_(directory), options_(options) {}

    interchange_counts write(const std::vector<profile::named_tenant>& tenants) {
        std::optional<std::int64_t> only;
        if (options_.owner) only = tenants.front().id;
        profile::fragment_lines fragments(on_, only);
        write_lines(fragments, "fragments", counts_.fragments);
        profile::event_lines events(on_, only);
        write_lines(events, "events", counts_.events);
        write_policies(tenants);
        disk::sync_directory(directory_);
        return counts_;
    }

  private:
    template <class Lines>
    void write_lines(Lines& lines, const std::string& name, std::int64_t& count) {
        disk::make_directory(directory_ / name);
        profile::interchange_files files(directory_ / name, name, options_, counts_);
        while (const auto line = lines.next()) {
            files.append(*line);
            if (++count % lines_to_a_progress == 0 && options_.on_progress) options_.on_progress(counts_);
        }
        files.finish();
    }

    void write_policies(const std::vector<profile::named_tenant>& tenants) {
        std::string all = "[";
        for (const auto& one : tenants)
            counts_.policies += profile::append_policies(all, on_, one);
        disk::write_new_file(directory_ / "policies.json", all + "]\n");
    }

    sql::connection& on_;
    const std::filesystem::path& directory_;
    const interchange_options& options_;
    interchange_counts counts_;
};

} // namespace

result<interchange_counts> write_interchange(const std::filesystem::path& profiles,
                                             const std::filesystem::path& to,
                                             const interchange_options& options) {
    if (options.compression == dataset_compression::zstd)
        return failure{errc::invalid, "the profiles' form is not compressed, or by gzip", {}};
    if (!std::filesystem::exists(profiles))
        return failure{errc::not_found, "there is no profile store " + profiles.string(), {}};
    const auto place = plain(to);
    if (auto refused = check_place(place)) return *std::move(refused);
    sql::connection on(profiles, sql::access::read);
    profile::expect_newest_schema(on);
    const sql::snapshot one_state(on);
    const auto tenants = asked_tenants(on, options.owner);
    if (!tenants) return tenants.error();
    partial_directory partial(place.string() + ".partial-" + std::to_string(::getpid()));
    if (!partial.make())
        return failure{errc::conflict,
                       partial.path().string() + " is there already: what an export left that was killed, "
                                                 "unless one is at work; remove it then",
                       {}};
    const auto counts = interchange_writer(on, partial.path(), options).write(*tenants);
    if (!partial.move_to(place)) return taken(place);
    return counts;
}

} // namespace waybill
