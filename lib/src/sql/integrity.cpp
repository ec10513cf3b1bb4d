#include "sql/integrity.hpp"

#include <utility>

#include <waybill/result.hpp>

namespace waybill::sql {
namespace {

constexpr const char* integrity_check = "pragma integrity_check";
constexpr const char* foreign_key_check = "pragma foreign_key_check";

constexpr const char* list_tables = R"(
select name
from sqlite_schema
where type = 'table'
order by name)";

std::string identifier(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += c;
        text += c;
    }
    return text += '"';
}

} // namespace

std::vector<std::string> orphaned_rows(connection& on) {
    std::vector<std::string> problems;
    auto orphans = on.prepare(foreign_key_check);
    while (orphans.step())
        problems.push_back("a row of " + orphans.text(0) + " names a row of " + orphans.text(2) +
                           " that is not there");
    return problems;
}

std::vector<std::string> integrity_problems(connection& on) {
    std::vector<std::string> problems;
    try {
        {
            auto findings = on.prepare(integrity_check);
            while (findings.step())
                if (auto text = findings.text(0); text != "ok") problems.push_back(std::move(text));
        }
        for (auto& orphan : orphaned_rows(on))
            problems.push_back(std::move(orphan));
    } catch (const store_failure& damage) {
        if (damage.why() != store_failure::kind::corrupt) throw;
        problems.emplace_back(damage.what());
    }
    return problems;
}

std::vector<table_rows> count_rows(connection& on) {
    std::vector<table_rows> counts;
    auto tables = on.prepare(list_tables);
    while (tables.step())
        counts.push_back({tables.text(0), 0});
    for (auto& [table, rows] : counts)
        rows = on.integer_of("select count(*) from " + identifier(table));
    return counts;
}

} // namespace waybill::sql
