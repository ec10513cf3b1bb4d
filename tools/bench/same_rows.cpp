#include "same_rows.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "raw_database.hpp"

namespace waybill::bench {
namespace {

std::vector<std::string> texts_of(raw_database& from, const std::string& sql) {
    std::vector<std::string> texts;
    raw_statement rows(from, sql.c_str());
    while (rows.row())
        texts.emplace_back(rows.text(0));
    return texts;
}

/// By `table` its rows, by `table.column` the values there that are not null.
std::map<std::string, std::int64_t> counts_of(const std::filesystem::path& file) {
    raw_database store(file, raw_database::role::reader);
    std::map<std::string, std::int64_t> counts;
    for (const auto& table : texts_of(store, "select name from sqlite_schema where type = 'table'")) {
        std::string sql = "select count(*)";
        const auto columns = texts_of(store, "select name from pragma_table_info('" + table + "')");
        for (const auto& column : columns)
            sql += ", count(\"" + column + "\")";
        sql += " from \"" + table + "\"";
        raw_statement row(store, sql.c_str());
        row.row();
        counts[table] = row.integer(0);
        for (std::size_t i = 0; i < columns.size(); ++i)
            counts[table + "." + columns[i]] = row.integer(static_cast<int>(i) + 1);
    }
    return counts;
}

} // namespace

void expect_same_rows(const std::filesystem::path& ours, const std::filesystem::path& floor) {
    const auto expected = counts_of(ours);
    const auto found = counts_of(floor);
    if (expected.size() != found.size())
        throw std::runtime_error("the floor's schema differs from the store's");
    for (const auto& [what, count] : expected) {
        const auto at = found.find(what);
        if (at == found.end() || at->second != count)
            throw std::runtime_error("the floor did not do the same work: " + what + " has " +
                                     std::to_string(count) + " in the store, and " +
                                     (at == found.end() ? "none" : std::to_string(at->second)) +
                                     " in the floor's file");
    }
}

} // namespace waybill::bench
