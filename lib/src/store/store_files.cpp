#include "store/store_files.hpp"

#include "disk/directory.hpp"
#include "store/file_set.hpp"

namespace waybill::store {

std::span<const sql::migration> known_migrations(store_kind kind) {
    switch (kind) {
    case store_kind::jobs: return sql::jobs_migrations();
    case store_kind::profiles: return sql::profiles_migrations();
    case store_kind::segments: break;
    }
    return sql::segments_migrations();
}

std::filesystem::path lock_of(const std::filesystem::path& store_or_datasets) {
    if (std::filesystem::is_directory(store_or_datasets)) return store_or_datasets / ".waybill.lock";
    return beside(store_or_datasets, ".lock");
}

result<sql::owner_lock> own(store_kind kind, const std::filesystem::path& file) {
    const char* const name = kind == store_kind::jobs       ? "job store"
                             : kind == store_kind::profiles ? "profile store"
                                                            : "segment store";
    return sql::owner_lock::take(lock_of(file), name);
}

std::optional<failure> missing(const std::filesystem::path& file) {
    if (std::filesystem::is_regular_file(file)) return std::nullopt;
    return failure{errc::not_found, "there is no store " + file.string(), {}};
}

std::filesystem::path beside(std::filesystem::path file, std::string_view suffix) { return file += suffix; }

std::string stamp_of(timestamp moment) {
    std::string stamp;
    for (const char c : to_rfc3339(moment)) {
        if (c == '.') break;
        if (c != '-' && c != ':') stamp += c;
    }
    return stamp += 'Z';
}

std::filesystem::path free_name(const std::filesystem::path& file, const std::string& suffix) {
    auto name = beside(file, suffix);
    for (int next = 2; disk::is_there(name) || !file_set(name).journals().empty(); ++next)
        name = beside(file, suffix + "-" + std::to_string(next));
    return name;
}

} // namespace waybill::store
