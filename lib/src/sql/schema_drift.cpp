#include "sql/schema_drift.hpp"

#include <algorithm>
#include <tuple>

#include "sql/script.hpp"

namespace waybill::sql {
namespace {

constexpr const char* list_definitions = R"(
select type, name, sql
from sqlite_schema
where sql is not null and name not like 'sqlite\_%' escape '\'
order by type, name)";

bool part_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// What the comments, blanks and needless quotes of a definition hide: one that was reached over `alter
/// table` is written in another way than one that was created so. Words in lower case, one blank between any
/// two parts; texts stay as they are.
std::string in_one_spelling(std::string_view sql) {
    std::string text;
    while (!sql.empty()) {
        const char c = sql.front();
        std::size_t length = 1;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            sql.remove_prefix(1);
            continue;
        }
        if (sql.starts_with("--") || sql.starts_with("/*")) {
            const bool line = c == '-';
            const auto end = sql.find(line ? "\n" : "*/", 2);
            sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + (line ? 1 : 2));
            continue;
        }
        if (part_of_word(c))
            length = static_cast<std::size_t>(std::find_if_not(sql.begin(), sql.end(), part_of_word) -
                                              sql.begin());
        else if (c == '\'' || c == '"')
            length = std::min(sql.find(c, 1), sql.size() - 1) + 1; // a doubled quote makes two of it
        auto part = sql.substr(0, length);
        sql.remove_prefix(length);
        if (const auto name = part.substr(1, part.size() > 1 ? part.size() - 2 : 0);
            c == '"' && !name.empty() && std::all_of(name.begin(), name.end(), part_of_word))
            part = name;
        if (!text.empty()) text += ' ';
        for (const char letter : part)
            text +=
                c != '\'' && letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return text;
}

} // namespace

schema_objects objects_of(connection& on) {
    schema_objects found;
    auto rows = on.prepare(list_definitions);
    while (rows.step())
        found.push_back({rows.text(0), rows.text(1), in_one_spelling(rows.view(2))});
    return found;
}

std::string_view to_text(schema_difference::kind what) {
    switch (what) {
    case schema_difference::kind::missing: return "missing";
    case schema_difference::kind::extra: return "extra";
    case schema_difference::kind::different: return "different";
    }
    return {};
}

std::string to_text(const schema_difference& difference) {
    const auto object = difference.type + " " + difference.name;
    switch (difference.what) {
    case schema_difference::kind::missing: return object + " is missing";
    case schema_difference::kind::extra: return object + " should not be there";
    case schema_difference::kind::different: break;
    }
    return object + " has another definition";
}

std::vector<schema_difference> differences(const schema_objects& expected, const schema_objects& found) {
    using kind = schema_difference::kind;
    std::vector<schema_difference> all;
    const auto before = [](const schema_object& a, const schema_object& b) {
        return std::tie(a.type, a.name) < std::tie(b.type, b.name);
    };
    auto wanted = expected.begin();
    auto there = found.begin();
    while (wanted != expected.end() || there != found.end()) {
        if (there == found.end() || (wanted != expected.end() && before(*wanted, *there))) {
            all.push_back({kind::missing, wanted->type, wanted->name});
            ++wanted;
        } else if (wanted == expected.end() || before(*there, *wanted)) {
            all.push_back({kind::extra, there->type, there->name});
            ++there;
        } else {
            if (wanted->text != there->text) all.push_back({kind::different, there->type, there->name});
            ++wanted;
            ++there;
        }
    }
    return all;
}

schema_versions::schema_versions(std::span<const migration> known) {
    connection memory(":memory:", access::write);
    versions_.emplace_back();
    for (const auto& next : known) {
        run_script(memory, next.up);
        versions_.push_back(objects_of(memory));
    }
}

std::optional<int> schema_versions::version_of(const schema_objects& found, int at_least) const {
    for (auto i = static_cast<std::size_t>(at_least); i < versions_.size(); ++i)
        if (versions_[i] == found) return static_cast<int>(i);
    return std::nullopt;
}

int schema_versions::nearest(const schema_objects& found) const {
    std::size_t best = 0;
    auto fewest = differences(versions_[0], found).size();
    for (std::size_t i = 1; i < versions_.size(); ++i)
        if (const auto count = differences(versions_[i], found).size(); count <= fewest) {
            best = i;
            fewest = count;
        }
    return static_cast<int>(best);
}

} // namespace waybill::sql
